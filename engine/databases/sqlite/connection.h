// One SQLite connection: a queue of requests, run in the loop's thread while they are short and on a worker
// when they are not.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>

#include "engine/databases/sqlite/bulk_load.h"
#include "engine/databases/sqlite/database_handle.h"
#include "engine/databases/sqlite/prepared_cache.h"
#include "engine/databases/sqlite/statement_run.h"
#include "engine/driver/driver.h"
#include "engine/net/blocking_pool.h"

namespace bridge::sqlite {

/// What a request became. Lives until its completion was called.
struct Job {
  enum class Kind : std::uint8_t { kExecute, kBulkLoad, kPing, kReset, kFetch, kCloseCursor };
  Kind kind = Kind::kExecute;
  driver::Request request;
  driver::RowSource* source = nullptr;
  driver::CursorFetch fetch;  ///< of a cursor's batch, or its closing
  std::size_t filled = 0;     ///< rows of this batch met so far

  std::unique_ptr<StatementRun> run;
  std::optional<BulkLoad> load;
  Status load_status;              ///< written by the worker, read when it has answered
  std::optional<FillResult> turn;  ///< likewise
  std::optional<Error> sink_error;
  bool has_told_columns = false;
  std::optional<TimePoint> gives_up_at;  ///< end of patience, once a lock was met
  unsigned waits = 0;

  bool is_fetch() const { return kind == Kind::kFetch; }
  telemetry::Operation operation() const {
    return request.statement ? request.statement->operation : telemetry::Operation::kPing;
  }
};

/// A statement that rests between two batches of its rows.
struct OpenCursor {
  std::vector<types::Value> parameters;  ///< the statement is bound to them where they lie
  std::unique_ptr<StatementRun> run;
  bool is_of_transaction = false;  ///< ends with the transaction it was opened in
};

/// See driver::Connection. Requests run strictly one after the other. Where a statement runs:
///   - reads: inline for kInlineSlice and one batch of rows, then on the worker as they stand; interrupted
///   within a step, they start over there
///   - writes: inline in an open transaction, and autocommit ones known to be short whose commit does not
///   wait for the disk; else on the worker
///   - a shape that turned out long goes to the worker at once
/// Shareable reads that stand next to each other run in one read transaction and see one snapshot.
/// A cursor is an open statement of its own, which nobody else runs; its batches are stepped on the worker,
/// as a step that was interrupted inline would lose its place. A write inside a transaction is never
/// interrupted, as SQLite would roll the whole transaction back; one in autocommit loses only itself and may
/// start over.
class SqliteConnection final : public driver::Connection, public driver::Cursors {
 public:
  SqliteConnection(std::unique_ptr<DatabaseHandle> handle, const OpenOptions& options,
                   const driver::DriverEnvironment& environment);
  ~SqliteConnection() override;

  void execute(telemetry::OperationSpan& span, driver::Request request) override;
  void flush() override;
  void copy_rows(telemetry::OperationSpan& span, driver::Request request, driver::RowSource& source) override;
  void ping(telemetry::OperationSpan& span, Deadline deadline, driver::Completion on_done) override;
  void reset(telemetry::OperationSpan& span, Deadline deadline, driver::Completion on_done) override;
  void cancel(telemetry::OperationSpan& span, Deadline deadline) override;
  void close(telemetry::OperationSpan& span) override;

  std::size_t in_flight() const override { return queue_.size() + (current_ ? 1 : 0); }
  bool is_usable() const override { return is_open_; }
  bool is_ready() const override {
    return is_open_ && in_flight() == 0 && !is_in_transaction() && !has_lasting_cursor();
  }
  bool is_in_transaction() const override { return is_in_transaction_ || is_transaction_lost_; }
  bool is_quiet() override;
  bool is_dirty() const override { return is_dirty_; }
  bool has_prepared(const sql::CompiledStatement& statement) const override {
    return session_ && session_->cache.has(statement.serial);
  }
  driver::Cursors* cursors() override { return this; }
  void fetch(telemetry::OperationSpan& span, driver::Request request, driver::CursorFetch fetch) override;
  void close_cursor(telemetry::OperationSpan& span, std::uint64_t cursor, Deadline deadline,
                    driver::Completion on_done) override;

 private:
  // What touches the file. Kept together so that a forked child can let go of all of it at once.
  struct Session {
    std::unique_ptr<DatabaseHandle> handle;
    PreparedCache cache;
    std::unique_ptr<Job> orphan;  // a job whose run must not outlive the handle
    std::unordered_map<std::uint64_t, OpenCursor> cursors;
  };

  // queue (connection.cpp)
  void enqueue(std::unique_ptr<Job> job);
  void schedule();
  void drain();
  void start();
  bool refuse_early();
  void update_snapshot();
  void close_snapshot();
  void start_reset();
  void conclude(Result<driver::Outcome> result);
  void note_transaction(telemetry::Operation operation, bool has_succeeded);
  void shut_down();
  void refuse_closed(std::vector<driver::Completion> waiting, Sent sent);
  void run_checkpoint();

  // statements (statement_turns.cpp)
  void start_statement();
  bool belongs_on_worker() const;
  bool may_interrupt() const;
  void turn_inline();
  void turn_on_worker();
  void on_worker_turn();
  void settle(FillResult result);
  void hand_over(const RowBuffer& buffer);
  void restart_sink();
  void wait_for_lock(Error reason);
  void run_again();
  Error explain_interrupt(Error error) const;

  // cursors (cursor_turns.cpp)
  void start_fetch();
  void start_closing_cursor();
  bool has_all_rows() const;
  void rest_cursor(Job& job);
  void end_cursors_of_transaction();
  bool has_lasting_cursor() const;

  // bulk loads (bulk_turns.cpp)
  void start_bulk_load();
  void begin_bulk_load();
  void submit_slice();
  void on_slice_done();
  void end_bulk_load(Status status);

  driver::DriverEnvironment environment_;
  OpenOptions options_;
  std::uint64_t generation_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<net::BlockingWorker> worker_;
  // gone with this object: what was posted asks it
  std::shared_ptr<bool> token_ = std::make_shared<bool>(true);

  std::deque<std::unique_ptr<Job>> queue_;
  std::unique_ptr<Job> current_;
  std::unique_ptr<net::Timer> timer_;
  RowBuffer buffers_[2];
  std::size_t filling_ = 0;  // the buffer the worker writes; the other one is read
  RowSlice slices_[2];

  bool is_open_ = true;
  bool is_scheduled_ = false;
  bool is_on_worker_ = false;
  bool is_checkpointing_ = false;
  bool is_in_transaction_ = false;
  bool is_snapshot_open_ = false;  // a read transaction of ours around neighbouring shareable reads
  // SQLite rolled it back by itself; until the owner says ROLLBACK nothing may run
  bool is_transaction_lost_ = false;
  bool next_commit_syncs_ = false;  // the first commit after a checkpoint writes the log's header through
  bool is_dirty_ = false;
};

}  // namespace bridge::sqlite
