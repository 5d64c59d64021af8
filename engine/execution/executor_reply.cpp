// How an operation ends: well, with an error, once more, or because its caller left.
#include "engine/execution/executor.h"
#include "engine/execution/transaction.h"

namespace bridge::execution {
namespace {

/// A read that lost its connection is worth one more try elsewhere; more would multiply traffic while a
/// server dies.
constexpr int kMaxAttempts = 2;
/// How long the reply of an abandoned operation may drain before its connection ends: as long as a cancel
/// request may take.
constexpr Duration kDrainLimit = std::chrono::seconds(2);
/// How long the batch of a stream that was left may take by itself: asking the server to stop costs it a
/// process and a connection.
constexpr Duration kBatchPatience = std::chrono::milliseconds(50);

Error cancelled_error() {
  return make_error(ErrorCode::kCancelled, "the operation was cancelled by its caller");
}

}  // namespace

void Executor::on_reply(const StatePtr& state, Result<Outcome> result) {
  note_outcome(*state, result);
  state->drain_limit.reset();
  state->cancel_span.reset();
  state->connection = nullptr;
  if (state->is_on_lane) {
    state->is_on_lane = false;
    lane_.leave();
  }
  if (!result && retry(state, result.error())) return;
  running_.erase(state);
  if (state->transaction) static_cast<OpenTransaction&>(*state->transaction).on_reply(state, result);
  end(state, std::move(result));
}

void Executor::note_outcome(Operation::State& state, const Result<Outcome>& result) {
  const Duration duration = environment_.clock.now() - state.sent_at;
  if (state.stream) {
    state.stream->take_back_span(std::move(*state.span));  // it covers the stream, not the batch
  } else if (result) {
    state.span->set_rowcount(result->affected_rows);
    state.span->succeed();
    state.entry->note_duration(duration);
  } else {
    state.span->fail(result.error());
  }
  if (result) {
    state.permit.succeed(duration);
  } else if (!state.is_abandoned) {
    state.permit.finish(result.error(), duration);
  }
  state.span.reset();
  state.permit = resilience::Permit();
}

// Only what cannot have had an effect is sent again: it never left, or it only reads and stands by itself.
bool Executor::retry(const StatePtr& state, const Error& error) {
  if (error.code() != ErrorCode::kConnectionLost || state->attempts >= kMaxAttempts || state->is_abandoned)
    return false;
  if (state->transaction || state->source || state->is_pinned || is_closed_) return false;
  if (state->stream && !state->fetch.is_opening) return false;  // its place is lost
  if (error.sent() != Sent::kNo && !state->entry->compiled->is_read_only) return false;
  if (state->deadline.has_passed(environment_.clock.now())) return false;
  auto permit = breaker_.admit();
  if (!permit) return false;
  state->permit = std::move(permit).value();
  state->lease.release();
  state->gate->on_restart();
  wait_for_connection(state);
  return true;
}

void Executor::end(const StatePtr& state, Result<Outcome> result) {
  running_.erase(state);
  pool::Lease lease = std::move(state->lease);
  if (std::exchange(state->phase, Phase::kEnded) == Phase::kEnded) {  // abandoned: told already
    if (state->stream) return state->stream->on_drained(result, std::move(lease));
    return give_back(std::move(lease));
  }
  if (!result && state->is_pinned)
    give_back(std::exchange(lease, pool::Lease()));  // a refused COMMIT may leave the transaction open
  if (!result && result.error().operation().empty() && state->entry) {
    result = std::move(result).error().with_operation(telemetry::to_name(state->entry->compiled->operation));
  }
  std::exchange(state->on_end, nullptr)(std::move(result), std::move(lease));
}

void Executor::reject(const StatePtr& state, Error error) {
  loop().post([state, failure = std::make_shared<Error>(std::move(error))] {
    if (std::exchange(state->phase, Phase::kEnded) == Phase::kEnded) return;
    state->on_end(std::move(*failure), pool::Lease());
  });
}

void Executor::cancel(const StatePtr& state) {
  const bool is_in_flight = state->phase == Phase::kInFlight;
  abandon(state);
  if (is_in_flight) cancel_in_flight(state);
}

void Executor::leave(const StatePtr& state) {
  const bool is_in_flight = state->phase == Phase::kInFlight;
  abandon(state);
  if (is_in_flight) cancel_later(state);
}

void Executor::abandon(const StatePtr& state) {
  if (state->phase == Phase::kEnded) return;
  const Phase phase = std::exchange(state->phase, Phase::kEnded);
  state->waiter.cancel();
  state->gate->shut();
  state->is_abandoned = true;
  if (phase != Phase::kInFlight) running_.erase(state);
  loop().post([on_end = std::exchange(state->on_end, nullptr)] { on_end(cancelled_error(), pool::Lease()); });
}

void Executor::cancel_later(const StatePtr& state) {
  state->drain_limit =
      loop().start_timer(environment_.clock.now() + kBatchPatience, [this, state, alive = is_alive_] {
        const std::unique_ptr<net::Timer> due =
            std::move(state->drain_limit);  // lives until this callback ends
        if (*alive && state->connection != nullptr) cancel_in_flight(state);
      });
}

// A cancel request never reaches a connection on which other callers' statements are in flight: their reply
// is drained instead.
void Executor::cancel_in_flight(const StatePtr& state) {
  const bool is_alone = state->connection->in_flight() <= 1;
  if (is_alone && dialect().capabilities().has(sql::Capability::kOutOfBandCancel)) {
    state->cancel_span.emplace(tracer_->start(telemetry::Operation::kCancel));
    state->connection->cancel(*state->cancel_span, Deadline::after(environment_.clock, kDrainLimit));
  }
  state->drain_limit =
      loop().start_timer(environment_.clock.now() + kDrainLimit, [this, state, alive = is_alive_] {
        if (!*alive || state->connection == nullptr) return;
        telemetry::OperationSpan span = tracer_->start(telemetry::Operation::kDisconnect);
        state->connection->close(span);
        span.succeed();
      });
}

void Operation::cancel() {
  const StatePtr state = state_.lock();
  if (state && state->executor != nullptr) state->executor->cancel(state);
}

}  // namespace bridge::execution
