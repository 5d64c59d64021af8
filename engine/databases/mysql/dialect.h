// MySQL's answers to the questions of SQL.
#pragma once

#include "engine/sql/dialect.h"

namespace bridge::mysql {

/// What MySQL says; a flavour derives from it and overrides what it says differently. Sessions have
/// NO_BACKSLASH_ESCAPES set, so that only a quote needs care in a literal.
class MysqlDialect : public sql::Dialect {
 public:
  std::string_view name() const override;
  const sql::Capabilities& capabilities() const override;
  sql::DialectLimits limits() const override;

  void write_quoted(std::string& text, const Identifier& name) const override;
  void write_placeholder(std::string& text, std::size_t index, const types::ColumnType& type) const override;
  Status write_type(sql::SqlWriter& writer, const types::ColumnType& type) const override;
  Status write_literal(std::string& text, const types::Value& value,
                       const types::ColumnType& type) const override;

  Status write_binary(sql::Compilation& compilation, sql::BinaryOperator operation, sql::Operand left,
                      sql::Operand right) const override;
  Status write_function(sql::Compilation& compilation, sql::Operand call) const override;
  Status write_cast(sql::Compilation& compilation, sql::Operand operand,
                    const types::ColumnType& target) const override;
  Status write_ordering(sql::Compilation& compilation, sql::Operand key,
                        const sql::Ordering& ordering) const override;
  Status write_place_ordering(sql::Compilation& compilation, std::size_t place, const types::ColumnType& type,
                              const sql::Ordering& ordering) const override;

  Status write_page(sql::Compilation& compilation, sql::Operand limit, sql::Operand offset) const override;
  bool rereads_inserts() const override { return true; }
  Status write_numbered_rows(sql::SqlWriter& writer, const Identifier& column,
                             std::size_t rows) const override;
  Status write_default_row(sql::SqlWriter& writer) const override;
  Status write_begin(sql::SqlWriter& writer, const sql::Begin& begin) const override;
  Status write_explain(sql::SqlWriter& writer, bool analyze) const override;

  Status write_column_definition(sql::Compilation& compilation, const sql::Table& table,
                                 const sql::Column& column) const override;
  Status write_identity(sql::SqlWriter& writer, const sql::Table& table) const override;
  Status write_create_index(sql::SqlWriter& writer, const sql::CreateIndex& creation,
                            const Identifier& name) const override;

 protected:
  /// The collation of text that compares byte by byte and keeps trailing blanks apart.
  virtual sql::SqlWriter::Words binary_collation() const;
};

/// The one instance; immutable, any thread.
const sql::Dialect& mysql_dialect();

}  // namespace bridge::mysql
