// One execution of a prepared statement, a batch at a time, in whichever thread has its turn.
#pragma once

#include <limits>
#include <optional>

#include "engine/databases/sqlite/database_handle.h"
#include "engine/databases/sqlite/prepared_cache.h"
#include "engine/databases/sqlite/row_buffer.h"

namespace bridge::sqlite {

/// How a turn of stepping ended.
struct FillResult {
  enum class End : std::uint8_t {
    /// the buffer is full, the pause has come, or the rows asked for are in; the statement stays open where
    /// it is
    kMore,
    kDone,         ///< everything is in; the statement is reset
    kBusy,         ///< somebody else holds the lock; the statement is reset and may be run again
    kInterrupted,  ///< the limit has passed within a step, or somebody asked to stop; the statement is reset
    kFailed,       ///< the statement is reset
  };
  End end = End::kDone;
  std::optional<Error> error;  ///< set unless kMore or kDone
  bool is_fatal = false;       ///< the file cannot be trusted any more
};

/// Limits of one turn.
struct TurnLimits {
  TimePoint pause_at = TimePoint::max();      ///< looked at between rows: the statement stays open
  TimePoint interrupt_at = TimePoint::max();  ///< looked at within a step
  bool may_interrupt = false;
  std::size_t rows = std::numeric_limits<std::size_t>::max();  ///< most to fill in
};

/// Holds the statement while it runs; the destructor resets it. Used by one thread at a time.
class StatementRun {
 public:
  StatementRun(DatabaseHandle& handle, PreparedPtr prepared);
  ~StatementRun();
  StatementRun(const StatementRun&) = delete;
  StatementRun& operator=(const StatementRun&) = delete;

  /// Steps on; the rows met replace what the buffer held.
  FillResult fill(RowBuffer& buffer, const TurnLimits& limits);
  /// Back to the start, parameters kept.
  void rewind();

  Prepared& prepared() const { return *prepared_; }
  /// After kDone: rows changed by a write, rows given by anything else.
  std::int64_t affected_rows() const { return affected_; }
  /// Time inside SQLite since the last start.
  Duration spent() const { return spent_; }

 private:
  FillResult step_until_full(RowBuffer& buffer, const TurnLimits& limits);
  bool ends_turn(const RowBuffer& buffer, const TurnLimits& limits) const;
  FillResult finish();
  FillResult fail(int code);

  DatabaseHandle& handle_;
  PreparedPtr prepared_;
  std::int64_t rows_ = 0;
  std::int64_t changes_before_ = 0;
  std::int64_t affected_ = 0;
  Duration spent_{0};
};

}  // namespace bridge::sqlite
