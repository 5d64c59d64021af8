// What MariaDB says differently from MySQL.
#pragma once

#include "engine/databases/mysql/dialect.h"

namespace bridge::mariadb {

/// MariaDB's answers; everything not overridden is its parent's.
class MariadbDialect : public mysql::MysqlDialect {
 public:
  std::string_view name() const override;
  const sql::Capabilities& capabilities() const override;

  /// Inserts and deletes, not updates.
  bool can_return(telemetry::Operation write) const override;
  bool rereads_inserts() const override { return false; }
  /// Locks for reading have words of their own; locks of some tables alone there are none.
  Status write_lock(sql::Compilation& compilation, const sql::Lock& lock) const override;
  Status write_conflict(sql::Compilation& compilation, const sql::ConflictClause& clause) const override;
  Status write_excluded(sql::SqlWriter& writer, const sql::Column& column) const override;
  Status write_insert_query(sql::Compilation& compilation, const sql::Insert& insert,
                            std::size_t position) const override;
  Status write_binary(sql::Compilation& compilation, sql::BinaryOperator operation, sql::Operand left,
                      sql::Operand right) const override;
  Status write_function(sql::Compilation& compilation, sql::Operand call) const override;
  /// Frames at a bound distance are refused.
  Status write_window(sql::Compilation& compilation, sql::Operand window) const override;
  Status write_cast(sql::Compilation& compilation, sql::Operand operand,
                    const types::ColumnType& target) const override;
  Status write_explain(sql::SqlWriter& writer, const sql::Explain& explain) const override;

  Status write_document(sql::Compilation& compilation, sql::Operand operand) const override;
  /// Keys that paths here cannot name end the statement: it would go on as if there were no such member.
  Status write_path_key(sql::Compilation& compilation, sql::Operand key) const override;
  Status write_refusal(sql::Compilation& compilation, std::span<const sql::Operand> values) const override;
  AroundDocument around_document() const override { return {"JSON_EXTRACT(", ", '$')"}; }
  /// Columns of rows of values have no names before 11.7.
  AroundRows around_rows() const override {
    return {
        .opening = "(SELECT ", .between = " UNION ALL SELECT ", .closing = ")", .first_row_has_names = true};
  }

 protected:
  Status write_conflict_words(sql::SqlWriter& writer, const sql::Insert& insert) const override;
  sql::SqlWriter::Words binary_collation() const override;
};

/// The one instance; immutable, any thread.
const sql::Dialect& mariadb_dialect();

}  // namespace bridge::mariadb
