// Where a statement runs and how its rows come out: inline turns, worker turns, waits for locks.
#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "engine/databases/sqlite/connection.h"
#include "engine/databases/sqlite/error_map.h"
#include "engine/databases/sqlite/value_binder.h"

namespace bridge::sqlite {
namespace {

using telemetry::Operation;

constexpr Duration kInlineSlice = std::chrono::milliseconds(2);  // less than half of a tick's budget
// an autocommit write this short is not worth a hop to the worker and back
constexpr Duration kShortWrite = std::chrono::milliseconds(1);
constexpr Duration kFirstLockWait = std::chrono::milliseconds(1);
// longer gains nothing: one look at a lock costs microseconds
constexpr Duration kLongestLockWait = std::chrono::milliseconds(50);
constexpr unsigned kMostDoublings = 6;

bool controls_without_disk(Operation operation) {
  return operation == Operation::kBegin || operation == Operation::kRollback ||
         operation == Operation::kSavepoint || operation == Operation::kReleaseSavepoint ||
         operation == Operation::kRollbackToSavepoint;
}

}  // namespace

void SqliteConnection::start_statement() {
  Job& job = *current_;
  DatabaseHandle& handle = *session_->handle;
  handle.distrust(job.operation() == Operation::kRaw);
  auto prepared = job.is_fetch() ? PreparedCache::prepare(handle.get(), job.request.statement)
                                 : session_->cache.find_or_prepare(handle.get(), job.request.statement);
  if (!prepared) {
    // even preparing reads the schema, which another connection may have locked
    if (is_busy(sqlite3_extended_errcode(handle.get()))) return wait_for_lock(std::move(prepared).error());
    return conclude(std::move(prepared).error());
  }
  if (job.is_fetch() && !(*prepared)->is_read())
    return conclude(make_error(ErrorCode::kQuery, "a stream only reads: run what writes by itself"));
  job.run = std::make_unique<StatementRun>(handle, std::move(*prepared));
  Status bound =
      bind_values(job.run->prepared().get(), job.request.parameters, job.request.statement->parameters);
  if (!bound) return conclude(std::move(bound).error());
  run_again();
}

void SqliteConnection::run_again() {
  if (!current_->run) return start_statement();
  if (belongs_on_worker()) return turn_on_worker();
  turn_inline();
}

bool SqliteConnection::belongs_on_worker() const {
  const Job& job = *current_;
  if (job.is_fetch()) return true;
  const Prepared& prepared = job.run->prepared();
  const Operation operation = job.operation();
  if (controls_without_disk(operation)) return false;
  if (prepared.is_known() && prepared.usual_duration() > kInlineSlice) return true;
  if (options_.is_in_memory) return false;
  const bool commit_syncs = options_.commits_sync() || next_commit_syncs_;
  if (operation == Operation::kCommit) return commit_syncs;
  if (prepared.is_read()) return false;
  const bool is_known_short = prepared.is_known() && prepared.usual_duration() <= kShortWrite;
  if (operation == Operation::kDefine || operation == Operation::kRaw)
    return !(is_in_transaction_ && is_known_short);
  if (is_in_transaction_) return false;
  return commit_syncs || !(is_known_short || operation == Operation::kInsert);
}

bool SqliteConnection::may_interrupt() const {
  return current_->run->prepared().is_read() || !is_in_transaction_;
}

void SqliteConnection::turn_inline() {
  Job& job = *current_;
  const TimePoint now = environment_.clock.now();
  // a step is interrupted later than rows are paused between: a statement that gives rows moves as it stands
  const TimePoint slice_end = now + 2 * kInlineSlice;
  const TurnLimits limits{.pause_at = now + kInlineSlice,
                          .interrupt_at = std::min(slice_end, job.request.deadline.at()),
                          .may_interrupt = may_interrupt()};
  RowBuffer& buffer = buffers_[filling_];
  FillResult result = job.run->fill(buffer, limits);
  if (result.end == FillResult::End::kInterrupted &&
      !job.request.deadline.has_passed(environment_.clock.now())) {
    job.run->prepared().note_long();
    restart_sink();
    return turn_on_worker();
  }
  if (result.end == FillResult::End::kMore) {
    hand_over(buffer);
    if (!job.sink_error) return turn_on_worker();
  } else if (result.end == FillResult::End::kDone) {
    hand_over(buffer);
  }
  settle(std::move(result));
}

void SqliteConnection::turn_on_worker() {
  is_on_worker_ = true;
  Job& job = *current_;
  RowBuffer& buffer = buffers_[filling_];
  TurnLimits limits{.interrupt_at = job.request.deadline.at(), .may_interrupt = may_interrupt()};
  if (job.is_fetch()) limits.rows = job.fetch.rows - job.filled;
  worker_->submit([&job, &buffer, limits] { job.turn = job.run->fill(buffer, limits); },
                  [this] { on_worker_turn(); });
}

void SqliteConnection::on_worker_turn() {
  const std::weak_ptr<bool> alive = token_;
  Job& job = *current_;
  FillResult result = std::move(*job.turn);
  const RowBuffer& filled = buffers_[filling_];
  filling_ = 1 - filling_;
  job.filled += filled.row_count();
  const bool goes_on = result.end == FillResult::End::kMore && !job.sink_error && !has_all_rows();
  if (goes_on) turn_on_worker();  // fills one buffer while the other is read
  if (result.end == FillResult::End::kMore || result.end == FillResult::End::kDone) hand_over(filled);
  if (goes_on) return;
  is_on_worker_ = false;
  settle(std::move(result));
  if (!alive.expired()) drain();
}

void SqliteConnection::hand_over(const RowBuffer& buffer) {
  Job& job = *current_;
  driver::RowSink* sink = job.request.sink;
  const auto columns = job.run->prepared().columns();
  if (sink == nullptr || job.sink_error || columns.empty()) return;
  Status status;
  if (!std::exchange(job.has_told_columns, true)) status = sink->on_columns(columns);
  if (status && buffer.row_count() > 0) status = sink->on_batch(buffer.view(columns));
  if (!status) job.sink_error = std::move(status).error();
}

void SqliteConnection::restart_sink() {
  Job& job = *current_;
  if (job.has_told_columns) job.request.sink->on_restart();
  job.has_told_columns = false;
  job.filled = 0;
}

void SqliteConnection::settle(FillResult result) {
  using End = FillResult::End;
  Job& job = *current_;
  if (result.is_fatal) is_open_ = false;
  switch (result.end) {
    case End::kMore:  // only when the sink wants no more, or a batch is whole
    case End::kDone:
      if (job.sink_error) {
        job.run->rewind();
        return conclude(std::move(*job.sink_error));
      }
      if (job.is_fetch())
        return conclude(driver::Outcome{static_cast<std::int64_t>(job.filled), result.end == End::kMore});
      return conclude(driver::Outcome{job.run->affected_rows()});
    case End::kInterrupted:
      return conclude(explain_interrupt(std::move(*result.error)));
    case End::kBusy:
      if (job.is_fetch() && !job.fetch.is_opening) return conclude(std::move(*result.error));
      return wait_for_lock(std::move(*result.error));
    case End::kFailed:
      return conclude(std::move(*result.error));
  }
}

Error SqliteConnection::explain_interrupt(Error error) const {
  if (session_->handle->watch().reason() == StepWatch::Reason::kStopped) return error;
  return make_error(ErrorCode::kDeadlineExceeded, "the deadline passed while SQLite worked on the statement")
      .with_sent(Sent::kYes);
}

void SqliteConnection::wait_for_lock(Error reason) {
  Job& job = *current_;
  const Operation operation = job.operation();
  // inside a transaction the other side may be waiting for us: only its end may wait
  const bool may_wait = !is_in_transaction_ || operation == Operation::kCommit;
  const TimePoint now = environment_.clock.now();
  if (!job.gives_up_at)
    job.gives_up_at = job.request.deadline.earlier(Deadline(now + options_.busy_timeout)).at();
  if (!may_wait || now >= *job.gives_up_at) return conclude(std::move(reason));
  restart_sink();
  const Duration longest =
      std::min(kLongestLockWait, kFirstLockWait * (1U << std::min(job.waits++, kMostDoublings)));
  // half of it at random, so that two who wait for each other's lock fall out of step
  const auto spread = static_cast<std::uint64_t>((longest / 2).count());
  const Duration wait = longest / 2 + Duration(environment_.random.next() % (spread + 1));
  timer_ = environment_.loop.start_timer(
      std::min(now + wait, *job.gives_up_at), [this, alive = std::weak_ptr<bool>(token_)] {
        if (alive.expired()) return;
        const std::unique_ptr<net::Timer> due = std::move(timer_);  // lives until this callback ends
        run_again();
        if (!alive.expired()) drain();
      });
}

}  // namespace bridge::sqlite
