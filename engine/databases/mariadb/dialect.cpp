// What MariaDB says differently from MySQL.
#include "engine/databases/mariadb/dialect.h"

#include "engine/sql/compilation.h"
#include "engine/sql/operand_types.h"
#include "engine/types/datetime.h"

namespace bridge::mariadb {
namespace {

bool is_temporal(sql::Operand operand) {
  const types::StorageType storage = operand.node->type().storage;
  return storage >= types::StorageType::kDate && storage <= types::StorageType::kTimestampUtc;
}

}  // namespace

using sql::Capability;
using telemetry::Operation;
using Words = sql::SqlWriter::Words;

const sql::Dialect& mariadb_dialect() {
  static const MariadbDialect dialect;
  return dialect;
}

std::string_view MariadbDialect::name() const { return "MariaDB"; }

// Grouping by a key does not make the row's other columns known here, and there are no lateral subqueries.
const sql::Capabilities& MariadbDialect::capabilities() const {
  static const sql::Capabilities capabilities = sql::Capabilities::of(
      Capability::kRowLocks, Capability::kSkipLocked, Capability::kPipelining, Capability::kNullsOrdering,
      Capability::kReadonlyTransactions, Capability::kSavepoints, Capability::kInteractiveTransactions,
      Capability::kServerCursors, Capability::kOutOfBandCancel, Capability::kWindows, Capability::kRowValues,
      Capability::kSetOperatorsAll, Capability::kNestedSetOperands, Capability::kOnConflict,
      Capability::kIsolationLevels, Capability::kUpdateFrom, Capability::kAddForeignKey, Capability::kAsOf);
  return capabilities;
}

bool MariadbDialect::can_return(Operation write) const {
  return write == Operation::kInsert || write == Operation::kDelete;
}

Status MariadbDialect::write_lock(sql::Compilation& compilation, const sql::Lock& lock) const {
  if (!lock.of.empty()) return unsupported("row locks of some tables alone; lock the rows of all");
  if (lock.strength != sql::LockStrength::kShare) return MysqlDialect::write_lock(compilation, lock);
  compilation.text().words(" LOCK IN SHARE MODE");
  if (lock.nowait) compilation.text().words(" NOWAIT");
  if (lock.skip_locked) compilation.text().words(" SKIP LOCKED");
  return {};
}

// The rows that are there already would be given back as well.
Status MariadbDialect::write_conflict(sql::Compilation& compilation,
                                      const sql::ConflictClause& clause) const {
  const bool is_ignoring = clause.insert.on_conflict->action == sql::OnConflict::Action::kIgnore;
  if (is_ignoring && !clause.insert.returning.empty())
    return unsupported("returning of the rows that were not there before; select them again by their key");
  return MysqlDialect::write_conflict(compilation, clause);
}

Status MariadbDialect::write_conflict_words(sql::SqlWriter& writer, const sql::Insert&) const {
  writer.words(" ON DUPLICATE KEY UPDATE ");
  return {};
}

Status MariadbDialect::write_excluded(sql::SqlWriter& writer, const sql::Column& column) const {
  writer.words("VALUES(").identifier(column.name).words(")");
  return {};
}

// The refused row needs no name here.
Status MariadbDialect::write_insert_query(sql::Compilation& compilation, const sql::Insert& insert,
                                          std::size_t position) const {
  return Dialect::write_insert_query(compilation, insert, position);
}

Status MariadbDialect::write_as_of(sql::SqlWriter& writer, const sql::PointInTime& point) const {
  if (point.kind != sql::PointInTime::Kind::kMoment)
    return unsupported("revisions and follower reads; say as_of a moment");
  std::string moment;
  BRIDGE_RETURN_IF_ERROR(types::append_timestamp(moment, point.moment));
  writer.words(" FOR SYSTEM_TIME AS OF TIMESTAMP");
  return writer.literal(types::Value::of_text(moment), {.storage = types::StorageType::kText});
}

Status MariadbDialect::write_binary(sql::Compilation& compilation, sql::BinaryOperator operation,
                                    sql::Operand left, sql::Operand right) const {
  const bool is_moved = is_temporal(left) != is_temporal(right);
  if (sql::is_arithmetic(operation) && is_moved)
    return unsupported("arithmetic that refuses to leave the calendar; move dates where they are read");
  return MysqlDialect::write_binary(compilation, operation, left, right);
}

// Documents are text here, so that there is no type to cast to.
Status MariadbDialect::write_parameter(sql::Compilation& compilation, sql::Operand parameter) const {
  return compilation.write_assigned(parameter);
}

Status MariadbDialect::write_selected_value(sql::Compilation& compilation, sql::Operand parameter) const {
  return compilation.write(parameter);
}

Status MariadbDialect::write_function(sql::Compilation& compilation, sql::Operand call) const {
  const std::string& name = call.node->as<sql::FunctionCall>()->name;
  if (name.starts_with("json_") || name.starts_with("array_") || name.starts_with("regexp_") ||
      name.starts_with("add_"))
    return unsupported(name + "; compute it where the rows are read, or say it in raw SQL");
  return MysqlDialect::write_function(compilation, call);
}

Status MariadbDialect::write_cast(sql::Compilation& compilation, sql::Operand operand,
                                  const types::ColumnType& target) const {
  const bool is_from_text = operand.node->type().storage == types::StorageType::kText;
  const bool is_changed = target.storage != operand.node->type().storage;
  if (is_changed && (is_from_text || target.storage == types::StorageType::kJson))
    return unsupported("cast of text to a number or a document that refuses what is none");
  return MysqlDialect::write_cast(compilation, operand, target);
}

Status MariadbDialect::write_values_source(sql::Compilation&, const sql::SourcePtr&, const Identifier&,
                                           std::size_t) const {
  return unsupported("rows of values with names; insert them into a temporary table");
}

Status MariadbDialect::write_explain(sql::SqlWriter& writer, const sql::Explain& explain) const {
  writer.words(explain.analyze ? Words("ANALYZE FORMAT=JSON ") : Words("EXPLAIN FORMAT=JSON "));
  return {};
}

Words MariadbDialect::binary_collation() const { return " COLLATE utf8mb4_nopad_bin"; }

}  // namespace bridge::mariadb
