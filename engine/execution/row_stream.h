// A stream of one statement's rows: batches asked for one after the other, and what is held between them.
#pragma once

#include <memory>
#include <optional>

#include "engine/execution/engine.h"
#include "engine/execution/operation_state.h"

namespace bridge::execution {

class Executor;

/// What a RowStream stands for; shared with the requests it has under way. Loop thread only.
class OpenStream final : public std::enable_shared_from_this<OpenStream> {
 public:
  OpenStream(Executor& executor, std::shared_ptr<bool> is_engine_alive, StreamCall call);
  ~OpenStream();
  OpenStream(const OpenStream&) = delete;
  OpenStream& operator=(const OpenStream&) = delete;

  Operation fetch(FetchCall call);
  void close();

  // For the executor.

  /// The engine is closing: gives the connection back unless a batch is under way, after which it will.
  void end_resting();
  /// The engine goes away at once, and with it every connection.
  void drop(const Error& error);
  /// The stream's span, if it has begun, for as long as a request is under way.
  void lend_span(std::optional<telemetry::OperationSpan>& place);
  void take_back_span(telemetry::OperationSpan span) { span_.emplace(std::move(span)); }
  /// The reply of a batch nobody waits for any more.
  void on_drained(const Result<Outcome>& result, pool::Lease lease);

 private:
  Result<StatePtr> make_fetch(FetchCall& call);
  void on_fetched(Result<Outcome> result, pool::Lease lease, const Completion& on_done);
  /// Has the server drop what is left of the result, then gives the connection back.
  void send_closing(pool::Lease lease);
  void finish(const Error* error);

  Executor& executor_;
  std::shared_ptr<bool> is_engine_alive_;
  StreamCall call_;
  CompiledEntryPtr entry_;
  std::uint64_t cursor_ = 0;
  pool::Lease lease_;
  std::optional<telemetry::OperationSpan> span_;
  std::weak_ptr<Operation::State> current_;  ///< the batch under way
  std::int64_t rows_ = 0;
  bool has_cursor_ = false;  ///< the server holds the rest of the result
  bool has_ended_ = false;
  bool was_left_ = false;  ///< the caller had enough, which is no failure
};

}  // namespace bridge::execution
