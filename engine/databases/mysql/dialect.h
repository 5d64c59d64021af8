// MySQL's answers to the questions of SQL.
#pragma once

#include <span>

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

  Status write_parameter(sql::Compilation& compilation, sql::Operand parameter) const override;
  Status write_selected_value(sql::Compilation& compilation, sql::Operand parameter) const override;
  Status write_binary(sql::Compilation& compilation, sql::BinaryOperator operation, sql::Operand left,
                      sql::Operand right) const override;
  Status write_function(sql::Compilation& compilation, sql::Operand call) const override;
  Status write_window(sql::Compilation& compilation, sql::Operand window) const override;
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
  Status write_values_source(sql::Compilation& compilation, const sql::SourcePtr& source,
                             const Identifier& name, std::size_t position) const override;
  bool has_sources_before_set() const override { return true; }
  Status write_update_sources(sql::Compilation& compilation, const sql::Update& update,
                              const sql::PartPositions& positions) const override;
  Status write_conflict(sql::Compilation& compilation, const sql::ConflictClause& clause) const override;
  Status write_insert_query(sql::Compilation& compilation, const sql::Insert& insert,
                            std::size_t position) const override;
  Result<std::vector<std::size_t>> order_assignments(
      const sql::Table& table, const std::vector<sql::Assignment>& assignments) const override;
  bool write_snapshot(sql::SqlWriter& writer, const sql::Table& table) const override;
  Status write_default_row(sql::SqlWriter& writer) const override;
  Status write_begin(sql::SqlWriter& writer, const sql::Begin& begin) const override;
  Status write_begin_prelude(sql::SqlWriter& writer, const sql::Begin& begin) const override;
  Status write_explain(sql::SqlWriter& writer, const sql::Explain& explain) const override;

  Status write_column_definition(sql::Compilation& compilation, const sql::Table& table,
                                 const sql::Column& column) const override;
  Status write_identity(sql::SqlWriter& writer, const sql::Table& table) const override;
  Status write_create_index(sql::SqlWriter& writer, const sql::CreateIndex& creation,
                            const Identifier& name) const override;
  Status write_drop_table(sql::SqlWriter& writer, const sql::DropTable& removal) const override;

  /// An operand of type kJson as a document among other values, where its text would count as a string.
  virtual Status write_document(sql::Compilation& compilation, sql::Operand operand) const;
  /// A key as a step of a path, whatever characters it holds.
  virtual Status write_path_key(sql::Compilation& compilation, sql::Operand key) const;
  /// An expression that ends the statement wherever it is computed; NULL where one of `values` is.
  virtual Status write_refusal(sql::Compilation& compilation, std::span<const sql::Operand> values) const;

  /// What stands around text to have it as a document.
  struct AroundDocument {
    sql::SqlWriter::Words opening;
    sql::SqlWriter::Words closing;
  };
  virtual AroundDocument around_document() const { return {"CAST(", " AS JSON)"}; }

  /// What stands around and between rows of values as a source.
  struct AroundRows {
    sql::SqlWriter::Words opening;
    sql::SqlWriter::Words between;
    sql::SqlWriter::Words closing;
    bool first_row_has_names = false;  ///< those of the columns; elsewhere they stand behind the source's
  };
  virtual AroundRows around_rows() const {
    return {.opening = "(VALUES ROW(", .between = "), ROW(", .closing = "))"};
  }

 protected:
  /// A value whose type nothing around it tells, with that type.
  Status write_typed_value(sql::Compilation& compilation, sql::Operand value) const;
  /// What stands between the rows of an upsert and its assignments; it names those rows `excluded`.
  virtual Status write_conflict_words(sql::SqlWriter& writer, const sql::Insert& insert) const;
  /// The collation of text that compares byte by byte and keeps trailing blanks apart.
  virtual sql::SqlWriter::Words binary_collation() const;

 private:
  Status check_conflict_target(const sql::Insert& insert) const;
  Status write_plain_call(sql::Compilation& compilation, sql::Operand call) const;
};

/// The one instance; immutable, any thread.
const sql::Dialect& mysql_dialect();

}  // namespace bridge::mysql
