// A driver for tests that answers when it is told to: pool and executor are examined against it.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/driver/driver.h"

namespace bridge::driver::testing {

class ScriptedConnection;

/// What the tests of one driver share and steer. Outlives driver and connections.
struct Script {
  /// Decides how a connect ends: an Error refuses it. Unset: every connect succeeds.
  std::function<std::optional<Error>()> on_connect;
  /// Connects wait for `release_connects` instead of answering in the next turn.
  bool holds_connects = false;
  /// Requests wait for `answer_next` instead of answering in the next turn.
  bool holds_requests = false;
  bool is_quiet = true;
  bool is_dirty = false;

  std::vector<ScriptedConnection*> live;  ///< connections not yet destroyed
  std::vector<std::string> texts;         ///< every statement text that reached a connection, in order
  std::vector<CursorFetch> fetches;       ///< batches asked for, in order
  std::vector<std::uint64_t> closed_cursors;
  std::size_t connects = 0;
  std::size_t pings = 0;
  std::size_t resets = 0;
  std::size_t closes = 0;
  std::size_t cancels = 0;
  std::deque<std::function<void()>> held_connects;

  void release_connects() {
    for (auto& held : std::exchange(held_connects, {})) held();
  }
};

/// A connection that keeps its requests until they are answered. Tracks BEGIN, COMMIT and ROLLBACK by the
/// operation of the statement.
class ScriptedConnection final : public Connection, public Cursors {
 public:
  ScriptedConnection(Script& script, net::EventLoop& loop) : script_(script), loop_(loop) {
    script_.live.push_back(this);
  }
  ~ScriptedConnection() override { std::erase(script_.live, this); }

  void execute(telemetry::OperationSpan&, Request request) override {
    script_.texts.push_back(*request.statement->text);
    waiting_.push_back(std::move(request));
    if (!script_.holds_requests) answer_next(Outcome{});
  }
  void flush() override {}
  void copy_rows(telemetry::OperationSpan& span, Request request, RowSource& source) override {
    std::vector<types::Value> row;
    for (auto more = source.next(row); more && *more; more = source.next(row)) ++copied_rows_;
    execute(span, std::move(request));
  }
  void ping(telemetry::OperationSpan&, Deadline, Completion on_done) override {
    ++script_.pings;
    post(std::move(on_done), Outcome{});
  }
  void reset(telemetry::OperationSpan&, Deadline, Completion on_done) override {
    ++script_.resets;
    script_.is_dirty = false;
    post(std::move(on_done), Outcome{});
  }
  void cancel(telemetry::OperationSpan& span, Deadline) override {
    ++script_.cancels;
    span.succeed();
  }
  void close(telemetry::OperationSpan&) override {
    if (std::exchange(is_closed_, true)) return;
    ++script_.closes;
    while (!waiting_.empty())
      answer_next(make_error(ErrorCode::kConnectionLost, "closed").with_sent(Sent::kYes));
  }

  std::size_t in_flight() const override { return waiting_.size() + answered_; }
  bool is_usable() const override { return !is_closed_; }
  bool is_ready() const override { return is_usable() && in_flight() == 0 && !is_in_transaction_; }
  bool is_in_transaction() const override { return is_in_transaction_; }
  bool is_quiet() override { return script_.is_quiet; }
  bool is_dirty() const override { return script_.is_dirty; }
  bool has_prepared(const sql::CompiledStatement&) const override { return true; }
  Cursors* cursors() override { return this; }
  void fetch(telemetry::OperationSpan& span, Request request, CursorFetch fetch) override {
    script_.fetches.push_back(fetch);
    execute(span, std::move(request));
  }
  void close_cursor(telemetry::OperationSpan&, std::uint64_t cursor, Deadline, Completion on_done) override {
    script_.closed_cursors.push_back(cursor);
    post(std::move(on_done), Outcome{});
  }

  /// Ends the oldest waiting request; its completion runs in a later turn.
  void answer_next(Result<Outcome> result) {
    Request request = std::move(waiting_.front());
    waiting_.pop_front();
    if (result) track_transaction(request.statement->operation);
    ++answered_;
    auto outcome = std::make_shared<Result<Outcome>>(std::move(result));
    auto completion = std::make_shared<Completion>(std::move(request.on_done));
    loop_.post([this, outcome, completion, alive = std::weak_ptr<int>(token_)] {
      if (alive.lock()) --answered_;
      (*completion)(std::move(*outcome));
    });
  }
  /// Ends the connection as a broken network would.
  void lose(Sent sent) {
    is_closed_ = true;
    while (!waiting_.empty()) answer_next(make_error(ErrorCode::kConnectionLost, "lost").with_sent(sent));
  }
  std::size_t waiting() const { return waiting_.size(); }
  std::size_t copied_rows() const { return copied_rows_; }

 private:
  void post(Completion on_done, Outcome outcome) {
    loop_.post([on_done = std::move(on_done), outcome] { on_done(outcome); });
  }
  void track_transaction(telemetry::Operation operation) {
    if (operation == telemetry::Operation::kBegin) is_in_transaction_ = true;
    if (operation == telemetry::Operation::kCommit || operation == telemetry::Operation::kRollback)
      is_in_transaction_ = false;
  }

  Script& script_;
  net::EventLoop& loop_;
  std::deque<Request> waiting_;
  std::size_t answered_ = 0;
  std::size_t copied_rows_ = 0;
  bool is_closed_ = false;
  bool is_in_transaction_ = false;
  std::shared_ptr<int> token_ = std::make_shared<int>(0);
};

/// Makes ScriptedConnections. `dialect` must outlive it.
class ScriptedDriver final : public Driver {
 public:
  ScriptedDriver(Script& script, net::EventLoop& loop, const sql::Dialect& dialect, bool has_readers = false)
      : script_(script), loop_(loop), dialect_(dialect), has_readers_(has_readers) {}

  const sql::Dialect& dialect() const override { return dialect_; }
  bool has_reader_role() const override { return has_readers_; }
  std::size_t max_connections(Role role) const override {
    return has_readers_ && role == Role::kWriter ? 1 : 0;
  }

  void connect(telemetry::OperationSpan& span, Role, Deadline, ConnectCompletion on_done) override {
    ++script_.connects;
    auto answer = [this, &span, on_done = std::move(on_done)] {
      std::optional<Error> refusal = script_.on_connect ? script_.on_connect() : std::nullopt;
      if (refusal) {
        span.fail(*refusal);
        on_done(std::move(*refusal));
        return;
      }
      span.succeed();
      on_done(std::unique_ptr<Connection>(std::make_unique<ScriptedConnection>(script_, loop_)));
    };
    if (script_.holds_connects) {
      script_.held_connects.emplace_back(std::move(answer));
    } else {
      loop_.post(std::move(answer));
    }
  }

 private:
  Script& script_;
  net::EventLoop& loop_;
  const sql::Dialect& dialect_;
  bool has_readers_;
};

}  // namespace bridge::driver::testing
