// The questions a database answers about its SQL, with standard SQL as the default answer.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/identifier.h"
#include "engine/base/result.h"
#include "engine/sql/capabilities.h"
#include "engine/sql/expression.h"
#include "engine/sql/sql_writer.h"
#include "engine/sql/statement.h"

namespace bridge::sql {

/// Bounds of one database.
struct DialectLimits {
  std::size_t max_parameters = 65'535;
  std::size_t max_identifier_bytes = kIdentifierMaxLength;
  std::size_t max_rows_per_values = 1'000;
};

/// Stateless; one instance per database, shared by all threads. Every `write_...` appends to the writer and fails with
/// kUnsupportedFeature, naming the construct and the database, where it has no such thing.
class Dialect {
 public:
  virtual ~Dialect() = default;

  /// Product name for messages and telemetry.
  virtual std::string_view name() const = 0;
  virtual const Capabilities& capabilities() const = 0;
  virtual DialectLimits limits() const { return {}; }

  /// Appends `name` quoted; it has been validated, so quoting needs no escape.
  virtual void write_quoted(std::string& text, const Identifier& name) const;
  /// Appends the placeholder number `index` (from 0).
  virtual void write_placeholder(std::string& text, std::size_t index, const types::ColumnType& type) const = 0;
  /// The column type in DDL and casts.
  virtual Status write_type(SqlWriter& writer, const types::ColumnType& type) const = 0;
  /// Type, identity and default of a column in CREATE TABLE.
  virtual Status write_column_definition(SqlWriter& writer, const Table& table, const Column& column) const;
  /// A typed literal inside DDL.
  virtual Status write_literal(std::string& text, const types::Value& value) const;
  /// Name of a function in this database; the call's shape is standard. Null answer: not available.
  virtual std::optional<std::string_view> function_name(std::string_view portable_name) const;

 protected:
  Error unsupported(std::string_view construct) const;
};

}  // namespace bridge::sql
