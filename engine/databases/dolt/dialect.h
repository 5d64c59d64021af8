// What Dolt says differently from MySQL: rows that come back, and their versions.
#pragma once

#include "engine/databases/mysql/dialect.h"

namespace bridge::dolt {

/// Dolt's answers; everything not overridden is its parent's.
class DoltDialect : public mysql::MysqlDialect {
 public:
  std::string_view name() const override;
  const sql::Capabilities& capabilities() const override;

  /// Its parser reads backslashes whatever the session's mode says.
  Status write_literal(std::string& text, const types::Value& value,
                       const types::ColumnType& type) const override;
  sql::SqlWriter::Words pattern_escape() const override { return " ESCAPE '\\\\'"; }
  /// A decimal beside a bound one would be computed as a float.
  Status write_binary(sql::Compilation& compilation, sql::BinaryOperator operation, sql::Operand left,
                      sql::Operand right) const override;
  /// Its IN finds neither bytes that are no text nor times of day.
  Status write_in_list(sql::Compilation& compilation, bool is_negated, sql::Operand left,
                       sql::Operand list) const override;
  /// Plain inserts; what an upsert returns is the row that was there before.
  bool can_return(telemetry::Operation write) const override;
  bool rereads_inserts() const override { return false; }
  Status write_conflict(sql::Compilation& compilation, const sql::ConflictClause& clause) const override;

  /// Its weeks are not those of ISO, and there is no cume_dist.
  Status write_function(sql::Compilation& compilation, sql::Operand call) const override;
  /// Plans are trees, of writes too.
  Status write_explain(sql::SqlWriter& writer, const sql::Explain& explain) const override;
  /// A revision as text, a moment as a call: neither can be bound.
  Status write_as_of(sql::SqlWriter& writer, const sql::PointInTime& point) const override;
  Status write_version_source(sql::SqlWriter& writer, const sql::VersionSource& source) const override;
  Status write_version_change(sql::Compilation& compilation, const sql::VersionChange& change,
                              const sql::PartPositions& positions) const override;
};

/// The one instance; immutable, any thread.
const sql::Dialect& dolt_dialect();

}  // namespace bridge::dolt
