// The pool's face: leases, waiters and statistics.
#include "engine/pool/pool.h"

#include "engine/pool/pool_state.h"

namespace bridge::pool {

Lease::Lease(Lease&& other) noexcept
    : lender_(std::move(other.lender_)), connection_(std::exchange(other.connection_, nullptr)) {}

Lease& Lease::operator=(Lease&& other) noexcept {
  if (this == &other) return *this;
  release();
  lender_ = std::move(other.lender_);
  connection_ = std::exchange(other.connection_, nullptr);
  return *this;
}

Lease::~Lease() { release(); }

void Lease::release() { end(false); }

void Lease::discard() { end(true); }

void Lease::end(bool discards) {
  driver::Connection* const connection = std::exchange(connection_, nullptr);
  if (connection == nullptr) return;
  if (const auto lender = std::exchange(lender_, {}).lock()) lender->take_back(connection, discards);
}

void Waiter::cancel() {
  const WaiterPtr waiter = state_.lock();
  if (!waiter) return;
  if (const auto pool = waiter->pool.lock()) pool->leave_queue(waiter);
  waiter->on_done = nullptr;
  waiter->timer.reset();
}

Pool::Pool(driver::Driver& driver, const driver::DriverEnvironment& environment, const PoolOptions& options,
           ConnectObserver observer)
    : state_(std::make_shared<State>(driver, environment, options, std::move(observer))) {}

Pool::~Pool() {
  state_->is_alive = false;
  state_->is_closed = true;
  // callbacks in flight may keep the state, but nobody is answered any more
  for (RoleQueue* queue : {&state_->writers, &state_->readers}) queue->waiters.clear();
  state_->on_closed.clear();
  state_->close_everything();
}

Lease Pool::try_acquire(driver::Driver::Role role) { return state_->try_acquire(role); }

Waiter Pool::acquire(driver::Driver::Role role, Deadline deadline, LeaseCompletion on_done) {
  return state_->acquire(role, deadline, std::move(on_done));
}

void Pool::close(Deadline deadline, std::function<void()> on_done) {
  state_->close(deadline, std::move(on_done));
}

void Pool::renew() { ++state_->generation; }

PoolStatistics Pool::statistics() const { return state_->statistics(); }

Lease Pool::State::lend(const NodePtr& node) {
  node->become_lent();
  Lease lease;
  lease.lender_ = weak_from_this();
  lease.connection_ = node->connection();
  return lease;
}

PoolStatistics Pool::State::statistics() const {
  PoolStatistics result;
  result.size = nodes.size();
  for (const NodePtr& node : nodes) {
    result.idle += node->state() == NodeState::kIdle;
    result.lent += node->state() == NodeState::kLent;
    result.connecting += node->state() == NodeState::kConnecting;
  }
  result.waiting = writers.waiters.size() + readers.waiters.size();
  return result;
}

}  // namespace bridge::pool
