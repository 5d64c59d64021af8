// One session with a PostgreSQL server: requests in order, several under way, answers met with their callers.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/databases/postgres/cancel_request.h"
#include "engine/databases/postgres/options.h"
#include "engine/databases/postgres/statement_cache.h"
#include "engine/databases/postgres/wire/pipeline.h"
#include "engine/driver/connection_runner.h"
#include "engine/driver/driver.h"

namespace bridge::postgres {

/// What a finished login hands over. `options` is shared by all connections of one driver.
struct Session {
  std::shared_ptr<driver::ConnectionRunner> runner;
  std::shared_ptr<const Options> options;
  ServerAddress server;
  wire::BackendKey key;
};

/// See driver::Connection. Beyond it: `copy_rows` takes `bulk_text` as target and column list (`"shop"."book"
/// ("id", "title")`). A cancel request leaves only while exactly one request is under way; afterwards nothing
/// is sent until the server has closed its connection.
class Connection final : public driver::Connection,
                         private driver::StreamOwner,
                         private wire::PipelineObserver {
 public:
  Connection(driver::DriverEnvironment environment, Session session);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void execute(telemetry::OperationSpan& span, driver::Request request) override;
  void flush() override;
  void copy_rows(telemetry::OperationSpan& span, driver::Request request, driver::RowSource& source) override;
  void ping(telemetry::OperationSpan& span, Deadline deadline, driver::Completion on_done) override;
  void reset(telemetry::OperationSpan& span, Deadline deadline, driver::Completion on_done) override;
  void cancel(telemetry::OperationSpan& span, Deadline deadline) override;
  void close(telemetry::OperationSpan& span) override;

  std::size_t in_flight() const override;
  bool is_usable() const override { return is_usable_; }
  bool is_ready() const override;
  bool is_in_transaction() const override { return status_ != wire::TransactionStatus::kIdle; }
  bool is_quiet() override { return is_usable_ && runner_->is_quiet(); }
  bool is_dirty() const override { return is_dirty_; }
  bool has_prepared(const sql::CompiledStatement& statement) const override {
    return cache_.contains(statement.serial);
  }

 private:
  enum class Kind : std::uint8_t { kStatement, kPing, kCopy };
  /// Why the server was asked to stop a request.
  enum class Stop : std::uint8_t { kNone, kCaller, kDeadline };

  /// A request from `execute` to its completion.
  struct Active {
    Kind kind = Kind::kStatement;
    driver::Request request;
    driver::RowSource* source = nullptr;  ///< of a bulk load
    std::vector<types::Value> row;        ///< of a bulk load: the row in hand
    PreparedPtr prepared;                 ///< null until described
    wire::Tag tag = 0;
    std::uint64_t group = 0;         ///< Sync it stands under
    std::uint64_t first_byte = 0;    ///< where its bytes begin in all that was sent
    bool is_only_preparing = false;  ///< under way to be described, to run afterwards
    bool was_sent = false;
    bool was_healed = false;
    bool was_skipped = false;
    bool needs_own_sync = false;
    bool is_released = false;  ///< its caller has been answered; the reply is drained
    bool has_columns_told = false;
    bool has_copy_ended = false;
    Stop stop = Stop::kNone;
    TimePoint patience_ends = TimePoint::max();  ///< when draining or cancelling has taken too long
    std::int64_t rows = 0;
    std::optional<Error> failure;
  };
  using ActivePtr = std::unique_ptr<Active>;
  struct Answer {
    driver::Completion on_done;
    Result<driver::Outcome> outcome;
  };

  // connection.cpp: the queue, time, and the end
  void enqueue(ActivePtr active);
  void schedule_flush();
  void pump();
  bool is_held() const;
  void answer(Active& active, Result<driver::Outcome> outcome);
  void deliver_answers();
  void schedule_answers();
  void arm_timer(Deadline deadline);
  void on_timer();
  void expire_queued(TimePoint now);
  void expire_sent(TimePoint now);
  void ask_to_stop(Active& active, Stop reason, Deadline deadline);
  void end(Error error);
  void let_go_of_stream();

  // connection_requests.cpp: requests become bytes
  void send_next();
  Status write_request(Active& active);
  Status write_statement(Active& active);
  Status write_prepare(Active& active);
  Status write_run(Active& active);
  Status write_at_once(Active& active);
  Status write_copy(Active& active);
  Status write_closes(Active& active);
  bool joins_next(const Active& active) const;
  bool can_share(const Active& active) const;
  bool runs_at_once(const Active& active) const;
  bool is_kept(const sql::CompiledStatement& statement) const;
  std::string next_name(const sql::CompiledStatement& statement);
  void retire(const PreparedPtr& prepared);

  // connection_copy.cpp: rows on their way in
  Status begin_copy(Active& active);
  void feed_copy();
  Result<bool> write_copy_chunk(Active& active);
  Status write_copy_row(const Active& active);
  void end_copy(Active& active, std::optional<Error> failure);

  // connection_replies.cpp: what the server answered
  Active* find(wire::Tag tag);
  void settle(ActivePtr active);
  bool heal(ActivePtr& active);
  void learn_from(const Active& active);
  Error stopped_error(const Active& active, Error error) const;
  void tell_columns(Active& active);
  Status on_parameters(wire::Tag tag, std::vector<std::uint32_t> types) override;
  Status on_columns(wire::Tag tag, std::span<const wire::ColumnDescription> columns) override;
  Status on_rows(wire::Tag tag, std::span<const driver::Cell> cells) override;
  Status on_complete(wire::Tag tag, std::int64_t rows) override;
  Status on_copy_ready(wire::Tag tag) override;
  Status on_failed(wire::Tag tag, driver::ServerError report) override;
  Status on_skipped(wire::Tag tag) override;
  Status on_commit_failed(driver::ServerError report) override;
  Status on_ready(wire::TransactionStatus status) override;
  void on_notice(driver::ServerError) override {}  // nobody asks for notices yet; keeping none is the bound

  Result<std::size_t> on_received(ByteSpan received) override;
  void on_turn_end() override;
  void on_drained() override;
  void on_lost(Error error) override;

  driver::DriverEnvironment environment_;
  std::shared_ptr<driver::ConnectionRunner> runner_;
  std::shared_ptr<const Options> options_;
  ServerAddress server_;
  wire::BackendKey key_;
  wire::Pipeline pipeline_{*this};
  StatementCache cache_;
  std::vector<std::string> names_to_close_;
  /// Names of statements begin with it. Another client's statement of a like name, met on a server session
  /// that a pooler shares out, would run in place of ours.
  std::string name_start_;
  std::uint64_t name_serial_ = 0;
  std::set<std::uint64_t> unnamed_;  ///< statements whose plans a pooler keeps beyond their use
  bool keeps_prepared_;              ///< as asked, until a pooler is noticed that loses prepared statements

  std::deque<ActivePtr> queue_;  ///< not sent, or to be sent again
  std::deque<ActivePtr> sent_;   ///< under way, in order; tags are consecutive
  wire::Tag last_tag_ = 0;
  std::uint64_t open_group_ = 1;  ///< the Sync that what is written next will stand under
  std::size_t shared_count_ = 0;  ///< requests written under it so far
  std::vector<Answer> answers_;
  bool has_answers_scheduled_ = false;
  bool has_flush_scheduled_ = false;

  wire::TransactionStatus status_ = wire::TransactionStatus::kIdle;
  bool is_usable_ = true;
  bool is_dirty_ = false;
  bool has_wrong_role_ = false;  ///< refused a write although a server that takes them was asked for
  std::shared_ptr<CancelRequest> cancel_;
  std::unique_ptr<net::Timer> timer_;
  Deadline armed_;
  /// Expires with this object, for tasks that were posted to the loop.
  std::shared_ptr<Connection*> self_ = std::make_shared<Connection*>(this);
};

}  // namespace bridge::postgres
