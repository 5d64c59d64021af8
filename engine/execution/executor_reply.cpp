// How an operation ends: well, with an error, once more, or because its caller left.
#include "engine/execution/executor.h"
#include "engine/execution/transaction.h"

namespace bridge::execution {
namespace {

/// How long the reply of an abandoned operation may drain before its connection ends: as long as a cancel
/// request may take.
constexpr Duration kDrainLimit = std::chrono::seconds(2);
/// How long the batch of a stream that was left may take by itself: asking the server to stop costs it a
/// process and a connection.
constexpr Duration kBatchPatience = std::chrono::milliseconds(50);

Error cancelled_error() {
  return make_error(ErrorCode::kCancelled, "the operation was cancelled by its caller");
}

// What the retry policy needs to know of an operation; nothing = it is never repeated, whatever happened.
std::optional<resilience::RetryScope> choose_scope(const Operation::State& state, const Error& error) {
  using resilience::RetryScope;
  const telemetry::Operation operation = state.entry->compiled->operation;
  if (state.transaction) return RetryScope::kInTransaction;
  if (state.is_pinned && operation != telemetry::Operation::kBegin) return std::nullopt;
  // rows of a bulk load are given once: without a connection none has been asked for
  if (state.source && error.code() != ErrorCode::kConnectFailed) return std::nullopt;
  // a transaction that was only begun has done nothing
  if (state.is_pinned || state.entry->compiled->is_read_only) return RetryScope::kRead;
  // a procedure, called by the application's own text too, may commit in the middle: a refusal does not prove
  // that all was undone
  const bool is_call = operation == telemetry::Operation::kRaw || operation == telemetry::Operation::kVersion;
  if (is_call && error.sent() != Sent::kNo) return std::nullopt;
  return RetryScope::kWrite;
}

}  // namespace

void Executor::on_reply(const StatePtr& state, Result<Outcome> result) {
  note_outcome(*state, result);
  state->drain_limit.reset();
  // The server answered, so it was reached or there was nothing left to stop.
  if (state->cancel_span && (result || result.error().code() != ErrorCode::kConnectionLost))
    state->cancel_span->succeed();
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

void Executor::note_duration(Operation::State& state, Duration duration) {
  const bool is_doubtful = CompiledEntry::is_doubtful(duration);
  state.entry->note_duration(duration,
                             is_doubtful ? BusyMeter::read_exactly() - state.busy_before : Duration::zero());
}

void Executor::note_outcome(Operation::State& state, const Result<Outcome>& result) {
  const Duration duration = environment_.clock.now() - state.sent_at;
  if (state.stream) {
    state.stream->take_back_span(std::move(*state.span));  // it covers the stream, not the batch
  } else if (result) {
    state.span->set_rowcount(result->affected_rows);
    state.span->succeed();
    if (state.attempts == 1) retry_policy_.note_success();
    note_duration(state, duration);
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

bool Executor::retry(const StatePtr& state, const Error& error) {
  if (state->is_abandoned || is_closed_) return false;
  if (state->stream && !state->fetch.is_opening) return false;  // its place is lost
  const auto scope = choose_scope(*state, error);
  if (!scope) return false;
  const auto delay = retry_policy_.decide(error, *scope, state->attempts, state->deadline);
  if (!delay) return false;
  state->lease.release();
  state->gate->on_restart();
  state->phase = Phase::kQueued;
  state->pause = loop().start_timer(environment_.clock.now() + *delay,
                                    [this, state, reason = std::make_shared<Error>(error.clone())] {
                                      state->pause.reset();
                                      try_again(state, std::move(*reason));
                                    });
  return true;
}

// The breaker is asked when the pause is over, not before: a permit held meanwhile would keep a probe from
// it.
void Executor::try_again(const StatePtr& state, Error reason) {
  auto permit = breaker_.admit();
  if (!permit) return end(state, std::move(reason));
  state->permit = std::move(permit).value();
  wait_for_connection(state);
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
    result = std::move(result).error().with_operation(telemetry::to_name(state->operation()));
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
  state->pause.reset();
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
