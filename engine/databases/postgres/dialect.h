// PostgreSQL's answers to the questions of SQL.
#pragma once

#include "engine/sql/dialect.h"

namespace bridge::postgres {

/// What PostgreSQL says; a flavour derives from it and overrides what it says differently.
class PostgresDialect : public sql::Dialect {
 public:
  std::string_view name() const override;
  const sql::Capabilities& capabilities() const override;
  sql::DialectLimits limits() const override;
  sql::RawTextRules raw_text_rules() const override;

  void write_placeholder(std::string& text, std::size_t index, const types::ColumnType& type) const override;
  Status write_type(sql::SqlWriter& writer, const types::ColumnType& type) const override;
  Status write_literal(std::string& text, const types::Value& value,
                       const types::ColumnType& type) const override;

  Status write_compared(sql::Compilation& compilation, sql::Operand operand,
                        const sql::Expression* other) const override;
  Status write_parameter(sql::Compilation& compilation, sql::Operand parameter) const override;
  Status write_binary(sql::Compilation& compilation, sql::BinaryOperator operation, sql::Operand left,
                      sql::Operand right) const override;
  bool needs_equal_types_in_recursion() const override { return true; }
  Status write_function(sql::Compilation& compilation, sql::Operand call) const override;
  Status write_window(sql::Compilation& compilation, sql::Operand window) const override;
  Status write_in_list(sql::Compilation& compilation, bool is_negated, sql::Operand left,
                       sql::Operand list) const override;
  Status write_cast(sql::Compilation& compilation, sql::Operand operand,
                    const types::ColumnType& target) const override;

  Status write_page(sql::Compilation& compilation, sql::Operand limit, sql::Operand offset) const override;
  Status write_values_source(sql::Compilation& compilation, const sql::SourcePtr& source,
                             const Identifier& name, std::size_t position) const override;
  Status write_begin(sql::SqlWriter& writer, const sql::Begin& begin) const override;
  Status write_explain(sql::SqlWriter& writer, const sql::Explain& explain) const override;
  Status write_create_text_index(sql::SqlWriter& writer, const sql::CreateTextIndex& creation) const override;
  Status write_drop_text_index(sql::SqlWriter& writer, const sql::DropTextIndex& removal) const override;
  Status write_nothing(sql::SqlWriter& writer) const override;
  Status write_bulk_target(sql::SqlWriter& writer, const sql::Insert& insert) const override;

 protected:
  /// The name of a type without its length or digits.
  virtual sql::SqlWriter::Words name_type(types::StorageType storage) const;

 private:
  void write_unbounded(sql::SqlWriter& text, const types::ColumnType& type) const;
};

/// The one instance; immutable, any thread.
const sql::Dialect& postgres_dialect();

}  // namespace bridge::postgres
