// What MariaDB says differently from MySQL.
#include "engine/databases/mariadb/dialect.h"

#include "engine/databases/mariadb/dialect_functions.h"
#include "engine/databases/mysql/dialect_pieces.h"
#include "engine/sql/compilation.h"

namespace bridge::mariadb {
namespace {

bool is_document(sql::Operand operand) {
  const types::StorageType storage = operand.node->type().storage;
  return storage == types::StorageType::kJson || storage == types::StorageType::kArray;
}

bool has_distance(sql::Operand window) {
  const auto& node = *window.node->as<sql::Window>();
  return window.node->children().size() > 1 + node.partition_count + node.order_count;
}

bool has_replacement(sql::Operand call) {
  constexpr std::size_t kWithReplacement = 3;  // the value, its distance, what replaces a missing one
  const std::string& name = call.node->as<sql::FunctionCall>()->name;
  return (name == "lag" || name == "lead") && sql::argument_count(*call.node) == kWithReplacement;
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

// There are no lateral subqueries here. Which columns follow from the key that is grouped by, our own look at
// the query tells: sessions have no ONLY_FULL_GROUP_BY, which knows nothing of keys here.
const sql::Capabilities& MariadbDialect::capabilities() const {
  static const sql::Capabilities capabilities = sql::Capabilities::of(
      Capability::kRowLocks, Capability::kSkipLocked, Capability::kPipelining, Capability::kNullsOrdering,
      Capability::kReadonlyTransactions, Capability::kSavepoints, Capability::kInteractiveTransactions,
      Capability::kServerCursors, Capability::kOutOfBandCancel, Capability::kWindows, Capability::kRowValues,
      Capability::kSetOperatorsAll, Capability::kNestedSetOperands, Capability::kOnConflict,
      Capability::kIsolationLevels, Capability::kGroupByKey, Capability::kJsonPaths,
      Capability::kRegularExpressions, Capability::kUpdateFrom, Capability::kAddForeignKey);
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

// Documents are text here: as such two of the same members would be told apart by blanks and order.
Status MariadbDialect::write_binary(sql::Compilation& compilation, sql::BinaryOperator operation,
                                    sql::Operand left, sql::Operand right) const {
  const bool is_unequal = operation == sql::BinaryOperator::kNotEqual;
  if (!is_document(left) || !is_document(right) || (operation != sql::BinaryOperator::kEqual && !is_unequal))
    return MysqlDialect::write_binary(compilation, operation, left, right);
  return mysql::write_pair(compilation, is_unequal ? Words("NOT JSON_EQUALS(") : Words("JSON_EQUALS("), left,
                           ", ", right);
}

Status MariadbDialect::write_function(sql::Compilation& compilation, sql::Operand call) const {
  const mysql::FunctionWriter write = find_own_writer(call.node->as<sql::FunctionCall>()->name);
  return write == nullptr ? MysqlDialect::write_function(compilation, call) : write(*this, compilation, call);
}

// LAG and LEAD have no third argument here: where there is no such row, a constant's neighbour is NULL.
Status MariadbDialect::write_window(sql::Compilation& compilation, sql::Operand window) const {
  const sql::Operand call = sql::Compilation::child(window, 0);
  if (has_distance(window))
    return unsupported("frames that begin or end at a bound distance, only at one in the statement's text");
  if (!has_replacement(call)) return MysqlDialect::write_window(compilation, window);
  const bool is_later = call.node->as<sql::FunctionCall>()->name == "lead";
  BRIDGE_RETURN_IF_ERROR(
      mysql::write_wrapped(compilation, is_later ? Words("CASE WHEN LEAD(1, ") : Words("CASE WHEN LAG(1, "),
                           sql::Compilation::child(call, 1), ")"));
  BRIDGE_RETURN_IF_ERROR(compilation.write_over(window));
  BRIDGE_RETURN_IF_ERROR(
      mysql::write_wrapped(compilation, " IS NULL THEN ", sql::Compilation::child(call, 2), " ELSE "));
  BRIDGE_RETURN_IF_ERROR(mysql::write_pair(compilation, is_later ? Words("LEAD(") : Words("LAG("),
                                           sql::Compilation::child(call, 0), ", ",
                                           sql::Compilation::child(call, 1)));
  BRIDGE_RETURN_IF_ERROR(compilation.write_over(window));
  compilation.text().words(" END");
  return {};
}

// Only what is a document stays one.
Status MariadbDialect::write_cast(sql::Compilation& compilation, sql::Operand operand,
                                  const types::ColumnType& target) const {
  if (target.storage != types::StorageType::kJson || is_document(operand))
    return MysqlDialect::write_cast(compilation, operand, target);
  if (operand.node->type().storage != types::StorageType::kText)
    return MysqlDialect::write_cast(compilation, operand, target);
  BRIDGE_RETURN_IF_ERROR(mysql::write_wrapped(compilation, "CASE WHEN JSON_VALID(", operand, ") THEN "));
  BRIDGE_RETURN_IF_ERROR(mysql::write_wrapped(compilation, "JSON_EXTRACT(", operand, ", '$') ELSE "));
  BRIDGE_RETURN_IF_ERROR(write_refusal(compilation, {&operand, 1}));
  compilation.text().words(" END");
  return {};
}

// Text among members of a document counts as a string.
Status MariadbDialect::write_document(sql::Compilation& compilation, sql::Operand operand) const {
  if (operand.node->as<sql::Parameter>() != nullptr) return compilation.write(operand);
  return mysql::write_wrapped(compilation, "JSON_EXTRACT(", operand, ", '$')");
}

// A quoted key may not begin with a hyphen, and one with rarer control characters meets only keys that were
// escaped alike.
Status MariadbDialect::write_path_key(sql::Compilation& compilation, sql::Operand key) const {
  BRIDGE_RETURN_IF_ERROR(mysql::write_wrapped(compilation, "CASE WHEN ", key,
                                              " REGEXP '^-|[\\x01-\\x07\\x0b\\x0e-\\x1f]' THEN "));
  BRIDGE_RETURN_IF_ERROR(write_refusal(compilation, {&key, 1}));
  return mysql::write_wrapped(compilation, " ELSE JSON_QUOTE(", key, ") END");
}

// One more than the largest whole number ends the statement.
Status MariadbDialect::write_refusal(sql::Compilation& compilation,
                                     std::span<const sql::Operand> values) const {
  compilation.text().words("(9223372036854775807 + (1 + CHAR_LENGTH(CONCAT(''");
  for (const sql::Operand value : values) {
    compilation.text().words(", ");
    BRIDGE_RETURN_IF_ERROR(compilation.write(value));
  }
  compilation.text().words("))))");
  return {};
}

Status MariadbDialect::write_explain(sql::SqlWriter& writer, const sql::Explain& explain) const {
  writer.words(explain.analyze ? Words("ANALYZE FORMAT=JSON ") : Words("EXPLAIN FORMAT=JSON "));
  return {};
}

Words MariadbDialect::binary_collation() const { return " COLLATE utf8mb4_nopad_bin"; }

}  // namespace bridge::mariadb
