// The queue of a connection: order, transactions, closing.
#include "engine/databases/sqlite/connection.h"

#include <sqlite3.h>

#include <utility>

#include "engine/base/limits.h"
#include "engine/databases/sqlite/error_map.h"
#include "engine/net/fork_generation.h"

namespace bridge::sqlite {
namespace {

using telemetry::Operation;

bool ends_transaction(Operation operation) {
  return operation == Operation::kRollback || operation == Operation::kCommit;
}

bool is_shareable_read(const Job& job) {
  return job.kind == Job::Kind::kExecute && job.request.statement->is_shareable;
}

}  // namespace

SqliteConnection::SqliteConnection(std::unique_ptr<DatabaseHandle> handle, const OpenOptions& options,
                                   const driver::DriverEnvironment& environment)
    : environment_(environment),
      options_(options),
      generation_(net::fork_generation()),
      session_(std::make_unique<Session>()) {
  session_->handle = std::move(handle);
  worker_ = std::make_unique<net::BlockingWorker>(environment_.loop);
}

SqliteConnection::~SqliteConnection() { shut_down(); }

void SqliteConnection::execute(telemetry::OperationSpan&, driver::Request request) {
  auto job = std::make_unique<Job>();
  job->request = std::move(request);
  enqueue(std::move(job));
}

void SqliteConnection::copy_rows(telemetry::OperationSpan&, driver::Request request,
                                 driver::RowSource& source) {
  auto job = std::make_unique<Job>();
  job->kind = Job::Kind::kBulkLoad;
  job->request = std::move(request);
  job->source = &source;
  enqueue(std::move(job));
}

void SqliteConnection::ping(telemetry::OperationSpan&, Deadline deadline, driver::Completion on_done) {
  auto job = std::make_unique<Job>();
  job->kind = Job::Kind::kPing;
  job->request.deadline = deadline;
  job->request.on_done = std::move(on_done);
  enqueue(std::move(job));
}

void SqliteConnection::reset(telemetry::OperationSpan&, Deadline deadline, driver::Completion on_done) {
  auto job = std::make_unique<Job>();
  job->kind = Job::Kind::kReset;
  job->request.deadline = deadline;
  job->request.on_done = std::move(on_done);
  enqueue(std::move(job));
}

void SqliteConnection::flush() { schedule(); }

void SqliteConnection::enqueue(std::unique_ptr<Job> job) {
  if (!session_) return refuse_closed({std::move(job->request.on_done)}, Sent::kNo);
  queue_.push_back(std::move(job));
  schedule();
}

void SqliteConnection::schedule() {
  if (is_scheduled_ || queue_.empty()) return;
  is_scheduled_ = true;
  environment_.loop.post([this, alive = std::weak_ptr<bool>(token_)] {
    if (alive.expired()) return;
    is_scheduled_ = false;
    drain();
  });
}

void SqliteConnection::drain() {
  const std::weak_ptr<bool> alive = token_;
  const TimePoint yield_at = environment_.clock.now() + kTickBudget;
  while (!current_ && !is_checkpointing_ && !queue_.empty()) {
    if (environment_.clock.now() >= yield_at) {
      close_snapshot();
      return schedule();
    }
    update_snapshot();
    current_ = std::move(queue_.front());
    queue_.pop_front();
    start();
    if (alive.expired()) return;
  }
  if (current_ || is_checkpointing_) return;
  close_snapshot();
  run_checkpoint();
}

void SqliteConnection::update_snapshot() {
  if (is_snapshot_open_ && !is_shareable_read(*queue_.front())) return close_snapshot();
  const bool has_neighbour =
      queue_.size() > 1 && is_shareable_read(*queue_[0]) && is_shareable_read(*queue_[1]);
  if (is_snapshot_open_ || !has_neighbour || !is_open_ || is_in_transaction_ || options_.is_in_memory) return;
  is_snapshot_open_ = session_->handle->open_snapshot();
}

void SqliteConnection::close_snapshot() {
  if (std::exchange(is_snapshot_open_, false) && session_) session_->handle->close_snapshot();
}

bool SqliteConnection::refuse_early() {
  Job& job = *current_;
  if (!is_open_) {
    conclude(make_error(ErrorCode::kConnectionLost, "the SQLite connection is closed"));
  } else if (job.request.deadline.has_passed(environment_.clock.now())) {
    conclude(make_error(ErrorCode::kDeadlineExceeded, "the deadline passed before the statement was begun"));
  } else if (is_transaction_lost_ && job.kind != Job::Kind::kReset &&
             job.operation() == Operation::kRollback) {
    is_transaction_lost_ = false;
    conclude(driver::Outcome{});
  } else if (is_transaction_lost_ && job.kind != Job::Kind::kReset && job.kind != Job::Kind::kPing) {
    is_transaction_lost_ = is_transaction_lost_ && job.operation() != Operation::kCommit;
    conclude(
        make_error(ErrorCode::kStatement, "SQLite has rolled the transaction back after an earlier error"));
  } else {
    return false;
  }
  return true;
}

void SqliteConnection::start() {
  session_->handle->watch().clear_stop();
  if (refuse_early()) return;
  switch (current_->kind) {
    case Job::Kind::kExecute:
      return start_statement();
    case Job::Kind::kBulkLoad:
      return start_bulk_load();
    case Job::Kind::kReset:
      return start_reset();
    case Job::Kind::kFetch:
      return start_fetch();
    case Job::Kind::kCloseCursor:
      return start_closing_cursor();
    case Job::Kind::kPing:
      break;
  }
  if (session_->handle->has_moved()) {
    is_open_ = false;
    return conclude(make_error(ErrorCode::kConnectionLost, "the database file was replaced or deleted"));
  }
  conclude(driver::Outcome{});
}

void SqliteConnection::start_reset() {
  DatabaseHandle& handle = *session_->handle;
  handle.watch().arm(TimePoint::max(), false);
  is_transaction_lost_ = false;
  if (handle.is_in_transaction() &&
      sqlite3_exec(handle.get(), "ROLLBACK", nullptr, nullptr, nullptr) != SQLITE_OK) {
    is_open_ = false;
    return conclude(last_error(handle.get()));
  }
  is_in_transaction_ = false;
  if (is_dirty_) {
    Status restored = handle.restore_session();
    if (!restored) {
      is_open_ = false;
      return conclude(std::move(restored).error());
    }
    is_dirty_ = false;
  }
  conclude(driver::Outcome{});
}

void SqliteConnection::note_transaction(Operation operation, bool has_succeeded) {
  const bool was_in_transaction = is_in_transaction_;
  is_in_transaction_ = !is_snapshot_open_ && session_->handle->is_in_transaction();
  const bool is_gone = was_in_transaction && !is_in_transaction_;
  if (is_gone && !has_succeeded && !ends_transaction(operation)) is_transaction_lost_ = true;
  if (is_gone) end_cursors_of_transaction();
}

void SqliteConnection::conclude(Result<driver::Outcome> result) {
  const std::unique_ptr<Job> job = std::move(current_);
  is_on_worker_ = false;
  timer_.reset();
  if (result && result->has_more) rest_cursor(*job);
  if (job->run && !job->is_fetch()) {
    job->run->prepared().note_duration(job->run->spent());
    const bool has_committed =
        result.has_value() && !job->run->prepared().is_read() && !session_->handle->is_in_transaction();
    if (has_committed) next_commit_syncs_ = false;
  }
  job->run.reset();
  job->load.reset();
  if (job->request.statement) {
    note_transaction(job->operation(), result.has_value());
    is_dirty_ = is_dirty_ || job->request.statement->dirties_session;
  }
  const driver::Completion on_done = std::move(job->request.on_done);
  if (on_done) on_done(std::move(result));
}

void SqliteConnection::run_checkpoint() {
  DatabaseHandle& handle = *session_->handle;
  if (!is_open_ || is_in_transaction_ || !handle.wants_checkpoint()) return;
  is_checkpointing_ = true;
  const auto is_complete = std::make_shared<bool>(false);
  worker_->submit([&handle, is_complete] { *is_complete = handle.checkpoint(); },
                  [this, is_complete] {
                    is_checkpointing_ = false;
                    next_commit_syncs_ = next_commit_syncs_ || *is_complete;
                    drain();
                  });
}

void SqliteConnection::cancel(telemetry::OperationSpan&, Deadline) {
  if (!current_) return;
  if (timer_) {
    timer_.reset();
    environment_.loop.post([this, alive = std::weak_ptr<bool>(token_), job = current_.get()] {
      if (alive.expired() || current_.get() != job) return;
      conclude(make_error(ErrorCode::kCancelled, "the statement was cancelled while it waited for a lock"));
      if (!alive.expired()) drain();
    });
  } else if (is_on_worker_ && current_->run && current_->run->prepared().is_read()) {
    session_->handle->watch().stop();
  }
}

bool SqliteConnection::is_quiet() {
  if (!is_open_) return false;
  return is_on_worker_ || is_checkpointing_ || !session_->handle->has_moved();
}

void SqliteConnection::close(telemetry::OperationSpan&) { shut_down(); }

void SqliteConnection::shut_down() {
  is_open_ = false;
  token_.reset();
  timer_.reset();
  if (!session_) return;
  if (generation_ != net::fork_generation()) {
    // SQLite's memory here is a copy whose locks and file belong to the parent: nothing may be called on it,
    // not even to free it
    session_->orphan = std::move(current_);
    static_cast<void>(session_.release());
    return;
  }
  session_->handle->watch().abandon();
  worker_.reset();  // waits for the step in hand, which the watch ends
  std::vector<driver::Completion> waiting;
  if (current_) waiting.push_back(std::move(current_->request.on_done));
  for (const auto& job : queue_) waiting.push_back(std::move(job->request.on_done));
  current_.reset();
  queue_.clear();
  is_in_transaction_ = false;
  is_transaction_lost_ = false;
  session_.reset();
  if (!waiting.empty()) refuse_closed(std::move(waiting), Sent::kUnknown);
}

void SqliteConnection::refuse_closed(std::vector<driver::Completion> waiting, Sent sent) {
  environment_.loop.post([waiting = std::move(waiting), sent] {
    for (const driver::Completion& on_done : waiting) {
      if (on_done)
        on_done(make_error(ErrorCode::kConnectionLost, "the SQLite connection is closed").with_sent(sent));
    }
  });
}

}  // namespace bridge::sqlite
