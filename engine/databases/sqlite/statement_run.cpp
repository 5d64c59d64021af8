// Stepping, and what each result code of a step means for the run.
#include "engine/databases/sqlite/statement_run.h"

#include <sqlite3.h>

#include "engine/databases/sqlite/error_map.h"

namespace bridge::sqlite {
namespace {

constexpr std::size_t kRowsPerClockRead = 64;  // a row costs about as much as three looks at the clock
constexpr int kPrimaryMask = 0xFF;

}  // namespace

StatementRun::StatementRun(DatabaseHandle& handle, PreparedPtr prepared)
    : handle_(handle),
      prepared_(std::move(prepared)),
      changes_before_(sqlite3_total_changes64(handle.get())) {}

StatementRun::~StatementRun() {
  rewind();
  sqlite3_clear_bindings(prepared_->get());  // they point into values that go away now
}

void StatementRun::rewind() {
  rows_ = 0;
  sqlite3_reset(prepared_->get());  // its code repeats the error of the last step, which was reported there
}

FillResult StatementRun::fill(RowBuffer& buffer, const TurnLimits& limits) {
  buffer.clear();
  handle_.distrust(prepared_->compiled().operation == telemetry::Operation::kRaw);
  handle_.watch().arm(limits.interrupt_at, limits.may_interrupt);
  const TimePoint started = handle_.watch().now();
  FillResult result = step_until_full(buffer, limits);
  spent_ += handle_.watch().now() - started;
  return result;
}

FillResult StatementRun::step_until_full(RowBuffer& buffer, const TurnLimits& limits) {
  using End = FillResult::End;
  sqlite3_stmt* statement = prepared_->get();
  while (true) {
    const int code = sqlite3_step(statement);
    if (code == SQLITE_DONE) return finish();
    if (code != SQLITE_ROW) return fail(code);
    if (rows_ == 0) {
      // only now: the first step may have prepared the statement anew
      Status described = prepared_->describe();
      if (!described) return {End::kFailed, std::move(described).error()};
    }
    if (!buffer.append_row(statement, static_cast<int>(prepared_->columns().size())))
      return fail(SQLITE_NOMEM);
    ++rows_;
    if (ends_turn(buffer, limits)) return {End::kMore, std::nullopt};
  }
}

bool StatementRun::ends_turn(const RowBuffer& buffer, const TurnLimits& limits) const {
  if (buffer.is_full() || buffer.row_count() >= limits.rows) return true;
  return buffer.row_count() % kRowsPerClockRead == 0 && handle_.watch().now() >= limits.pause_at;
}

FillResult StatementRun::finish() {
  using End = FillResult::End;
  if (rows_ == 0 && sqlite3_column_count(prepared_->get()) > 0) {
    Status described = prepared_->describe();
    if (!described) return {End::kFailed, std::move(described).error()};
  }
  // else sqlite3_changes64 speaks of an earlier statement
  const bool has_changed = sqlite3_total_changes64(handle_.get()) != changes_before_;
  affected_ = prepared_->is_read() ? rows_ : (has_changed ? sqlite3_changes64(handle_.get()) : 0);
  rewind();
  return {End::kDone, std::nullopt};
}

FillResult StatementRun::fail(int code) {
  using End = FillResult::End;
  const int extended = code == SQLITE_NOMEM ? code : sqlite3_extended_errcode(handle_.get());
  FillResult result{End::kFailed,
                    code == SQLITE_NOMEM ? to_error(code, sqlite3_errstr(code)) : last_error(handle_.get()),
                    is_fatal(extended)};
  if (is_busy(extended)) result.end = End::kBusy;
  if ((extended & kPrimaryMask) == SQLITE_INTERRUPT) result.end = End::kInterrupted;
  rewind();
  return result;
}

}  // namespace bridge::sqlite
