// What MariaDB says differently from MySQL.
#include "engine/databases/mariadb/dialect.h"

#include "engine/sql/compilation.h"

namespace bridge::mariadb {

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
      Capability::kSetOperatorsAll, Capability::kNestedSetOperands);
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

Status MariadbDialect::write_explain(sql::SqlWriter& writer, bool analyze) const {
  writer.words(analyze ? Words("ANALYZE FORMAT=JSON ") : Words("EXPLAIN FORMAT=JSON "));
  return {};
}

Words MariadbDialect::binary_collation() const { return " COLLATE utf8mb4_nopad_bin"; }

}  // namespace bridge::mariadb
