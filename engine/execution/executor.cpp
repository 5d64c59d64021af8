// How an operation finds its connection.
#include "engine/execution/executor.h"

#include "engine/base/limits.h"
#include "engine/execution/transaction.h"
#include "engine/sql/compiled_statement.h"

namespace bridge::execution {
namespace {

Error closed_error() { return make_error(ErrorCode::kPoolClosed, "the database handle is closed"); }

// The values a call binds, in wire order: its own, or those of its statement.
Result<std::vector<types::Value>> take_values(Call& call, const sql::CompiledStatement& compiled) {
  if (call.values.empty()) return sql::bind_values(*call.statement, compiled);
  return sql::arrange_values(std::move(call.values), compiled);
}

}  // namespace

Executor::Executor(EngineParts parts)
    : redacted_url_(std::move(parts.redacted_url)),
      environment_(parts.environment),
      tracer_(std::move(parts.tracer)),
      driver_(std::move(parts.driver)),
      cache_(driver_->dialect(), kCompiledCacheSize),
      breaker_(parts.options.breaker, environment_.clock, environment_.random,
               [this](resilience::BreakerState from, resilience::BreakerState to) {
                 tracer_->note_state("breaker", resilience::to_name(from), resilience::to_name(to));
               }),
      retry_policy_(parts.options.retry, environment_.clock, environment_.random),
      pool_(*driver_,
            driver::DriverEnvironment{environment_.loop, environment_.transports, environment_.clock,
                                      environment_.random, *tracer_},
            parts.options.pool, [this](const Error* error) { breaker_.note_connect(error); }) {}

Executor::~Executor() {
  *is_alive_ = false;
  const std::vector<StatePtr> orphans(running_.begin(), running_.end());
  for (const StatePtr& state : orphans) {
    state->gate->shut();
    state->pause.reset();
    end(state, closed_error());
    state->executor = nullptr;
    state->lease.discard();
    state->permit = resilience::Permit();
  }
  for (OpenStream* stream : std::unordered_set<OpenStream*>(streams_)) stream->drop(closed_error());
  running_.clear();
  lane_.drop();
}

void Executor::connect(Deadline deadline, Completion on_done) {
  auto permit = breaker_.admit();
  if (!permit) {
    loop().post([on_done = std::move(on_done), error = std::make_shared<Error>(std::move(permit).error())] {
      on_done(std::move(*error));
    });
    return;
  }
  pool_.acquire(driver::Driver::Role::kWriter, deadline,
                [on_done = std::move(on_done)](Result<pool::Lease> lease) {
                  if (lease) {
                    on_done(Outcome{});
                  } else {
                    on_done(std::move(lease).error());
                  }
                });
}

void Executor::close(Deadline deadline, Completion on_done) {
  is_closed_ = true;
  for (const StatePtr& state : std::exchange(collected_, {})) reject(state, closed_error());
  const std::vector<StatePtr> pending(running_.begin(), running_.end());
  for (const StatePtr& state : pending) {
    if (!state->pause) continue;
    state->pause.reset();
    running_.erase(state);
    reject(state, closed_error());
  }
  for (OpenStream* stream : std::unordered_set<OpenStream*>(streams_)) stream->end_resting();
  pool_.close(deadline, [on_done = std::move(on_done)] { on_done(Outcome{}); });
}

Operation Executor::execute(Call call) {
  auto prepared = prepare(call);
  if (!prepared) return refuse(std::move(call), std::move(prepared).error());
  const StatePtr state = std::move(prepared).value();
  if (state->transaction) {
    static_cast<OpenTransaction&>(*state->transaction).enqueue(state);
  } else {
    start(state);
  }
  return Operation(state);
}

Operation Executor::refuse(Call call, Error error) {
  const StatePtr state = make_unprepared(std::move(call.on_done));
  reject(state, std::move(error));
  return Operation(state);
}

StatePtr Executor::make_unprepared(Completion on_done) {
  auto state = std::make_shared<Operation::State>();
  state->executor = this;
  state->gate = std::make_shared<SinkGate>(nullptr);
  state->on_end = [on_done = std::move(on_done)](Result<Outcome> result, pool::Lease) {
    on_done(std::move(result));
  };
  return state;
}

Result<StatePtr> Executor::prepare(Call& call) {
  BRIDGE_ASSIGN_OR_RETURN(CompiledEntryPtr entry, cache_.find_or_compile(call.statement));
  BRIDGE_ASSIGN_OR_RETURN(std::vector<types::Value> parameters, take_values(call, *entry->compiled));
  const StatePtr state = make_unprepared(std::move(call.on_done));
  state->role = entry->compiled->is_read_only && driver_->has_reader_role() ? driver::Driver::Role::kReader
                                                                            : driver::Driver::Role::kWriter;
  state->entry = std::move(entry);
  state->statement = call.statement;
  state->parameters = std::move(parameters);
  state->gate = std::make_shared<SinkGate>(std::move(call.sink));
  state->transaction = std::move(call.transaction);
  state->deadline = call.deadline;
  state->origin = call.origin;
  if (state->entry->compiled->operation == telemetry::Operation::kSelect)
    state->renamed = call.read_operation;
  return state;
}

void Executor::start(const StatePtr& state) {
  if (is_closed_) return reject(state, closed_error());
  auto permit = breaker_.admit();
  if (!permit) return reject(state, std::move(permit).error());
  state->permit = std::move(permit).value();
  running_.insert(state);
  if (is_shareable(*state)) return run_on_lane(state);
  run_alone(state);
}

bool Executor::is_shareable(const Operation::State& state) const {
  return state.entry->compiled->is_shareable && !state.stream &&
         (state.entry->compiled->is_key_lookup || state.entry->is_short()) &&
         dialect().capabilities().has(sql::Capability::kPipelining);
}

// The first shared read of a turn goes at once while a connection is idle; later ones are collected until the
// turn ends and then leave together.
void Executor::run_on_lane(const StatePtr& state) {
  if (collected_.empty() && !lane_.is_open()) {
    if (pool::Lease lease = pool_.try_acquire(state->role)) {
      lane_.open(std::move(lease));
      lane_.enter();
      state->is_on_lane = true;
      run_on(state, *lane_.connection());
      state->connection->flush();
      return;
    }
  }
  state->phase = Phase::kCollected;
  collected_.push_back(state);
  if (collected_.size() > 1) return;
  loop().post([this, alive = is_alive_] {
    if (*alive) flush();
  });
}

void Executor::flush() {
  driver::Connection* last = nullptr;
  for (const StatePtr& state : std::exchange(collected_, {})) {
    if (state->phase == Phase::kEnded) continue;
    if (!lane_.is_open()) {
      if (pool::Lease lease = pool_.try_acquire(state->role)) lane_.open(std::move(lease));
    }
    driver::Connection* connection = lane_.connection();
    if (connection == nullptr) {
      state->phase = Phase::kQueued;
      wait_for_connection(state);
      continue;
    }
    lane_.enter();
    state->is_on_lane = true;
    run_on(state, *connection);
    last = connection;
  }
  if (last != nullptr) last->flush();
}

void Executor::run_alone(const StatePtr& state) {
  if (pool::Lease lease = pool_.try_acquire(state->role)) {
    on_lease(state, std::move(lease));
    return;
  }
  wait_for_connection(state);
}

void Executor::wait_for_connection(const StatePtr& state) {
  state->phase = Phase::kQueued;
  state->waiter = pool_.acquire(state->role, state->deadline,
                                [this, state, alive = is_alive_](Result<pool::Lease> lease) {
                                  if (*alive) on_lease(state, std::move(lease));
                                });
}

void Executor::on_lease(const StatePtr& state, Result<pool::Lease> lease) {
  if (state->phase == Phase::kEnded) return;
  if (!lease) {
    state->permit =
        resilience::Permit();  // connecting was reported by the pool; waiting says nothing about the server
    state->attempts += 1;
    Error error = std::move(lease).error().with_sent(Sent::kNo);
    if (!retry(state, error)) end(state, std::move(error));
    return;
  }
  state->lease = std::move(lease).value();
  driver::Connection& connection = *state->lease.connection();
  run_on(state, connection);
  connection.flush();
}

void Executor::run_on(const StatePtr& state, driver::Connection& connection) {
  running_.insert(state);
  state->connection = &connection;
  state->phase = Phase::kInFlight;
  state->attempts += 1;
  if (state->stream) state->stream->lend_span(state->span);
  if (!state->span) {
    state->span.emplace(tracer_->start(state->operation()));
    state->span->set_statement(state->entry->compiled->text);
    state->span->set_origin(state->origin);
  }
  state->sent_at = environment_.clock.now();
  state->busy_before = busy_meter_.read(state->sent_at);
  submit(state);
}

void Executor::submit(const StatePtr& state) {
  driver::Request request{
      .statement = state->entry->compiled,
      .parameters = state->parameters,
      .sink = state->gate.get(),
      .deadline = state->deadline,
      .on_done =
          [this, state, alive = is_alive_](Result<Outcome> result) {
            if (*alive) on_reply(state, std::move(result));
          },
      .may_share_sync = state->is_on_lane && state->connection->has_prepared(*state->entry->compiled),
  };
  if (state->stream) {
    submit_cursor(state, std::move(request));
  } else if (state->source) {
    state->connection->copy_rows(*state->span, std::move(request), *state->source);
  } else {
    state->connection->execute(*state->span, std::move(request));
  }
}

Result<sql::CompiledPtr> Executor::compile(const sql::StatementPtr& statement) {
  BRIDGE_ASSIGN_OR_RETURN(CompiledEntryPtr entry, cache_.find_or_compile(statement));
  return entry->compiled;
}

}  // namespace bridge::execution
