// SQLite's answers to the questions of SQL.
#pragma once

#include "engine/sql/dialect.h"

namespace bridge::sqlite {

/// What SQLite says; a flavour derives from it and overrides what it says differently. Values are stored as
/// README.md tells; decimals go through the functions and the collation that decimal_functions.h registers.
class SqliteDialect : public sql::Dialect {
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
  Status write_binary(sql::Compilation& compilation, sql::BinaryOperator operation, sql::Operand left,
                      sql::Operand right) const override;
  Status write_negated(sql::Compilation& compilation, sql::Operand operand) const override;
  Status write_function(sql::Compilation& compilation, sql::Operand call) const override;
  Status write_window(sql::Compilation& compilation, sql::Operand window) const override;
  Status write_cast(sql::Compilation& compilation, sql::Operand operand,
                    const types::ColumnType& target) const override;
  Status write_stored(sql::Compilation& compilation, sql::Operand value,
                      const sql::Column& column) const override;
  Status write_place_ordering(sql::Compilation& compilation, std::size_t place, const types::ColumnType& type,
                              const sql::Ordering& ordering) const override;
  Status write_values_source(sql::Compilation& compilation, const sql::SourcePtr& source,
                             const Identifier& name, std::size_t position) const override;
  Status write_default_value(sql::Compilation& compilation, const sql::Column& column) const override;

  Status write_page(sql::Compilation& compilation, sql::Operand limit, sql::Operand offset) const override;
  bool needs_where_before_conflict() const override { return true; }
  Status write_begin(sql::SqlWriter& writer, const sql::Begin& begin) const override;
  Status write_explain(sql::SqlWriter& writer, const sql::Explain& explain) const override;

  Status write_identity(sql::SqlWriter& writer, const sql::Table& table) const override;
  bool is_key_inline(const sql::Table& table) const override;
  Status write_create_text_index(sql::SqlWriter& writer, const sql::CreateTextIndex& creation) const override;
  Status write_drop_text_index(sql::SqlWriter& writer, const sql::DropTextIndex& removal) const override;
  Status write_drop_table(sql::SqlWriter& writer, const sql::DropTable& removal) const override;
  Status write_nothing(sql::SqlWriter& writer) const override;
};

/// The one instance; immutable, any thread.
const sql::Dialect& sqlite_dialect();

}  // namespace bridge::sqlite
