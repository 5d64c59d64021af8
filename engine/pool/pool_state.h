// The inside of a pool: its nodes, its queues, and the moves between them.
#pragma once

#include <deque>
#include <list>
#include <memory>
#include <vector>

#include "engine/pool/connection_node.h"
#include "engine/pool/pool.h"

namespace bridge::pool {

using NodePtr = std::shared_ptr<ConnectionNode>;

/// A caller in a queue.
struct Waiter::State {
  LeaseCompletion on_done;  ///< empty once served, expired or cancelled
  std::unique_ptr<net::Timer> timer;
  Deadline deadline;  ///< the caller's own
  std::weak_ptr<Pool::State> pool;
  driver::Driver::Role role = driver::Driver::Role::kWriter;
};
using WaiterPtr = std::shared_ptr<Waiter::State>;  // in a queue exactly as long as it is owed an answer

/// Everything of one role.
struct RoleQueue {
  driver::Driver::Role role = driver::Driver::Role::kWriter;
  std::size_t max_size = 0;
  std::vector<NodePtr> idle;      ///< last in, first out: the rest may grow old and leave
  std::deque<WaiterPtr> waiters;  ///< first come, first served
  std::size_t size = 0;           ///< nodes of this role in any state
  std::size_t connecting = 0;
  std::size_t checking = 0;   ///< connections under validation or reset, which will serve a waiter soon
  bool is_unhealthy = false;  ///< the last connect failed: one at a time until one succeeds
};

/// See pool.h. Kept alive by the callbacks in flight; `is_alive` is false once the pool is gone.
struct Pool::State : Lender, std::enable_shared_from_this<Pool::State> {
  State(driver::Driver& made_by, const driver::DriverEnvironment& surroundings, const PoolOptions& wanted,
        ConnectObserver told);

  Lease lend(const NodePtr& node);
  Lease try_acquire(driver::Driver::Role role);
  Waiter acquire(driver::Driver::Role role, Deadline deadline, LeaseCompletion on_done);
  void take_back(driver::Connection* connection, bool discards) override;
  void close(Deadline deadline, std::function<void()> on_done);
  void close_everything();
  PoolStatistics statistics() const;

  RoleQueue& queue(driver::Driver::Role role) {
    return role == driver::Driver::Role::kWriter ? writers : readers;
  }
  void pump_later(driver::Driver::Role role);
  void pump(RoleQueue& queue);
  bool serve_from_idle(RoleQueue& queue);
  void fail_all(RoleQueue& queue, const Error& error);
  void leave_queue(const WaiterPtr& waiter);
  void limit_wait(const WaiterPtr& waiter, Deadline limit);
  bool is_waking(const RoleQueue& queue) const;
  void grow(RoleQueue& queue);
  void open_node(RoleQueue& queue);
  void on_connected(const NodePtr& node, Result<std::unique_ptr<driver::Connection>> result);
  void let_go(Result<std::unique_ptr<driver::Connection>> result);
  TimePoint choose_expiry(driver::Driver::Role role);
  void on_connect_failed(RoleQueue& queue, const Error& error);
  void validate(const NodePtr& node);
  void reset(const NodePtr& node);
  void on_checked(const NodePtr& node, bool is_well);
  void keep(const NodePtr& node);
  void retire(const NodePtr& node);
  void expire_idle();
  void arm_maintenance();
  void finish_closing_if_empty();
  void serve(RoleQueue& queue, Result<Lease> lease);
  void on_waiter_expired(const WaiterPtr& waiter);
  TimePoint now() const { return environment.clock.now(); }

  driver::Driver& driver;
  driver::DriverEnvironment environment;
  PoolOptions options;
  ConnectObserver observer;
  RoleQueue writers;
  RoleQueue readers;
  std::list<NodePtr> nodes;
  std::uint64_t generation = 0;
  std::unique_ptr<net::Timer> maintenance;
  std::unique_ptr<net::Timer> closing_limit;
  std::unique_ptr<net::Timer> retry_timer;
  std::vector<std::function<void()>> on_closed;
  bool is_closed = false;
  bool is_alive = true;
};

}  // namespace bridge::pool
