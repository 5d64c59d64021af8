// Lending and taking back: who gets which connection, and when.
#include <algorithm>

#include "engine/pool/pool_state.h"

namespace bridge::pool {
namespace {

Error closed_error() { return make_error(ErrorCode::kPoolClosed, "the pool is closed"); }

}  // namespace

Lease Pool::State::try_acquire(driver::Driver::Role role) {
  RoleQueue& wanted = queue(role);
  if (is_closed || !wanted.waiters.empty()) return {};
  while (!wanted.idle.empty()) {
    const NodePtr node = wanted.idle.back();
    const Verdict verdict = node->judge_lending(now(), generation, options.validate_after_idle);
    if (verdict == Verdict::kValidate) return {};
    wanted.idle.pop_back();
    if (verdict == Verdict::kKeep) return lend(node);
    retire(node);
  }
  return {};
}

Waiter Pool::State::acquire(driver::Driver::Role role, Deadline deadline, LeaseCompletion on_done) {
  auto waiter = std::make_shared<Waiter::State>(
      Waiter::State{std::move(on_done), nullptr, deadline, weak_from_this(), role});
  RoleQueue& wanted = queue(role);
  const bool is_full = wanted.waiters.size() >= options.max_waiters;
  if (is_closed || is_full) {
    environment.loop.post([waiter, closed = is_closed] {
      if (!waiter->on_done) return;
      std::exchange(waiter->on_done, nullptr)(
          closed ? closed_error()
                 : make_error(ErrorCode::kPoolTimeout, "the queue for a connection is full"));
    });
    return Waiter(waiter);
  }
  limit_wait(waiter, deadline.earlier(Deadline::after(environment.clock, options.acquire_timeout)));
  wanted.waiters.push_back(waiter);
  pump_later(role);
  return Waiter(waiter);
}

void Pool::State::limit_wait(const WaiterPtr& waiter, Deadline limit) {
  waiter->timer =
      environment.loop.start_timer(limit.at(), [state = weak_from_this(), weak = std::weak_ptr(waiter)] {
        const auto pool_state = state.lock();
        const auto expired = weak.lock();
        if (pool_state && expired) pool_state->on_waiter_expired(expired);
      });
}

// Nobody has a connection because a server that sleeps is being woken: that has a budget of its own.
bool Pool::State::is_waking(const RoleQueue& wanted) const {
  return driver.wake_budget() > Duration::zero() && wanted.connecting > 0 && wanted.connecting == wanted.size;
}

void Pool::State::leave_queue(const WaiterPtr& waiter) { std::erase(queue(waiter->role).waiters, waiter); }

void Pool::State::on_waiter_expired(const WaiterPtr& waiter) {
  if (is_waking(queue(waiter->role)) && !waiter->deadline.has_passed(now()))
    return limit_wait(waiter,
                      waiter->deadline.earlier(Deadline::after(environment.clock, options.connect_timeout)));
  leave_queue(waiter);
  if (!waiter->on_done) return;
  const PoolStatistics seen = statistics();
  std::exchange(waiter->on_done, nullptr)(
      make_error(ErrorCode::kPoolTimeout, "no connection became free in time: " + std::to_string(seen.lent) +
                                              " lent, " + std::to_string(seen.connecting) + " connecting, " +
                                              std::to_string(seen.waiting) + " others waiting"));
}

void Pool::State::pump_later(driver::Driver::Role role) {
  environment.loop.post([self = shared_from_this(), role] {
    if (self->is_alive) self->pump(self->queue(role));
  });
}

void Pool::State::pump(RoleQueue& wanted) {
  while (!wanted.waiters.empty() && serve_from_idle(wanted)) {
  }
  if (!is_closed) grow(wanted);
}

// True when something changed and the queue deserves another look.
bool Pool::State::serve_from_idle(RoleQueue& wanted) {
  if (wanted.idle.empty()) return false;
  const NodePtr node = wanted.idle.back();
  const Verdict verdict = node->judge_lending(now(), generation, options.validate_after_idle);
  // one check per waiter: otherwise a single caller after a pause would have every idle connection proved
  if (verdict == Verdict::kValidate && wanted.checking >= wanted.waiters.size()) return false;
  wanted.idle.pop_back();
  switch (verdict) {
    case Verdict::kKeep:
    case Verdict::kReset:
      serve(wanted, lend(node));
      return true;
    case Verdict::kValidate:
      validate(node);
      return true;
    case Verdict::kClose:
      retire(node);
      return true;
  }
  return false;
}

void Pool::State::serve(RoleQueue& wanted, Result<Lease> lease) {
  const WaiterPtr waiter = wanted.waiters.front();
  wanted.waiters.pop_front();
  waiter->timer.reset();
  std::exchange(waiter->on_done, nullptr)(std::move(lease));
}

void Pool::State::fail_all(RoleQueue& wanted, const Error& error) {
  // only who waits now: who comes while these are told begins anew
  for (std::size_t left = wanted.waiters.size(); left > 0 && !wanted.waiters.empty(); --left)
    serve(wanted, error.clone());
}

void Pool::State::take_back(driver::Connection* connection, bool discards) {
  const auto found = std::find_if(nodes.begin(), nodes.end(), [connection](const NodePtr& node) {
    return node->connection() == connection;
  });
  if (found == nodes.end()) return;
  // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): `retire` takes it out of the list
  const NodePtr node = *found;
  const Verdict verdict = discards || is_closed ? Verdict::kClose : node->judge_return(now(), generation);
  if (verdict == Verdict::kClose) {
    retire(node);
    if (is_alive && !is_closed) pump_later(node->role());
  } else if (verdict == Verdict::kReset) {
    reset(node);
  } else {
    keep(node);
  }
}

void Pool::State::keep(const NodePtr& node) {
  node->become_idle(now());
  RoleQueue& home = queue(node->role());
  home.idle.push_back(node);
  arm_maintenance();
  if (!home.waiters.empty()) pump_later(node->role());
}

void Pool::State::retire(const NodePtr& node) {
  RoleQueue& home = queue(node->role());
  std::erase(home.idle, node);
  const std::size_t before = nodes.size();
  nodes.remove(node);
  if (nodes.size() == before) return;
  --home.size;
  if (std::shared_ptr<driver::Connection> connection = node->take()) {
    telemetry::OperationSpan span = environment.tracer.start(telemetry::Operation::kDisconnect);
    connection->close(span);
    span.succeed();
    environment.loop.post([connection] {});  // it may stand on the stack right now: let it go in a later turn
  }
  finish_closing_if_empty();
}

void Pool::State::close(Deadline deadline, std::function<void()> on_done) {
  is_closed = true;
  maintenance.reset();
  retry_timer.reset();
  on_closed.push_back(std::move(on_done));
  for (RoleQueue* each : {&writers, &readers}) {
    fail_all(*each, closed_error());
    while (!each->idle.empty()) retire(NodePtr(each->idle.back()));
  }
  if (!deadline.is_never()) {
    closing_limit = environment.loop.start_timer(deadline.at(), [state = weak_from_this()] {
      if (const auto self = state.lock()) self->close_everything();
    });
  }
  finish_closing_if_empty();
}

void Pool::State::close_everything() {
  while (!nodes.empty()) retire(NodePtr(nodes.front()));
  finish_closing_if_empty();
}

void Pool::State::finish_closing_if_empty() {
  if (!is_closed || !nodes.empty()) return;
  closing_limit.reset();
  for (auto& told : std::exchange(on_closed, {})) environment.loop.post(std::move(told));
}

}  // namespace bridge::pool
