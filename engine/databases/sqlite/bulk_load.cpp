// The loop over a slice, and the transaction around all of them.
#include "engine/databases/sqlite/bulk_load.h"

#include <sqlite3.h>

#include "engine/databases/sqlite/error_map.h"
#include "engine/databases/sqlite/value_binder.h"

namespace bridge::sqlite {
namespace {

// about a millisecond of pulling: the loop gets its turn in between
constexpr std::size_t kRowsPerSlice = 1'000;

}  // namespace

Status RowSlice::pull(driver::RowSource& source) {
  for (count = 0; count < kRowsPerSlice; ++count) {
    if (rows.size() <= count) rows.emplace_back();
    BRIDGE_ASSIGN_OR_RETURN(const bool has_row, source.next(rows[count]));
    if (has_row) continue;
    is_last = true;
    return {};
  }
  return {};
}

BulkLoad::BulkLoad(DatabaseHandle& handle, PreparedPtr insert)
    : handle_(handle), insert_(std::move(insert)), is_nested_(handle.is_in_transaction()) {}

int BulkLoad::begin() {
  handle_.distrust(false);
  handle_.watch().arm(TimePoint::max(), false);
  const char* text = is_nested_ ? "SAVEPOINT bridge_bulk_load" : "BEGIN IMMEDIATE";
  if (sqlite3_exec(handle_.get(), text, nullptr, nullptr, nullptr) == SQLITE_OK) return SQLITE_OK;
  return sqlite3_extended_errcode(handle_.get());
}

Status BulkLoad::insert(const RowSlice& slice) {
  handle_.watch().arm(TimePoint::max(), false);
  sqlite3_stmt* statement = insert_->get();
  Status status;
  for (std::size_t index = 0; index < slice.count && status; ++index) {
    status = bind_values(statement, slice.rows[index], insert_->compiled().parameters);
    if (status && sqlite3_step(statement) != SQLITE_DONE) {
      is_fatal_ = sqlite::is_fatal(sqlite3_extended_errcode(handle_.get()));
      status = last_error(handle_.get());
    }
    sqlite3_reset(statement);  // its code repeats the step's
    if (status) ++inserted_;
  }
  sqlite3_clear_bindings(statement);
  return status;
}

Status BulkLoad::run(const char* text) {
  if (sqlite3_exec(handle_.get(), text, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  is_fatal_ = is_fatal_ || sqlite::is_fatal(sqlite3_extended_errcode(handle_.get()));
  return last_error(handle_.get());
}

Status BulkLoad::finish(bool is_good) {
  handle_.watch().arm(TimePoint::max(), false);
  if (!handle_.is_in_transaction()) return {};  // SQLite has taken everything back by itself
  if (is_nested_)
    return run(is_good ? "RELEASE bridge_bulk_load"
                       : "ROLLBACK TO bridge_bulk_load; RELEASE bridge_bulk_load");
  if (!is_good) return run("ROLLBACK");
  Status committed = run("COMMIT");
  if (committed) return committed;
  const Status undone = run("ROLLBACK");  // of no interest beside the reason the commit failed for
  static_cast<void>(undone);
  return committed;
}

}  // namespace bridge::sqlite
