// Lends connections: first come first served, never a dead one, never past a deadline.
#pragma once

#include <functional>
#include <memory>

#include "engine/base/deadline.h"
#include "engine/base/result.h"
#include "engine/driver/driver.h"
#include "engine/pool/pool_options.h"

namespace bridge::pool {

/// Whom a borrowed connection goes back to: a pool, for as long as it lives.
class Lender {
 public:
  virtual ~Lender() = default;
  /// Takes a connection that was lent; `discards` ends it.
  virtual void take_back(driver::Connection* connection, bool discards) = 0;
};

/// A borrowed connection. Given back when destroyed: to the pool when it is provably ready, otherwise closed.
/// Move only; loop thread only. It may outlive the pool, which has then ended the connection: nothing
/// happens.
class Lease {
 public:
  Lease() = default;
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&& other) noexcept;
  ~Lease();

  driver::Connection* connection() const { return connection_; }
  explicit operator bool() const { return connection_ != nullptr; }
  /// Gives it back now; answers to the destructor's rules.
  void release();
  /// Ends the connection instead of giving it back.
  void discard();

 private:
  friend class Pool;
  void end(bool discards);

  std::weak_ptr<Lender> lender_;
  driver::Connection* connection_ = nullptr;
};

using LeaseCompletion = std::function<void(Result<Lease>)>;

/// A caller in the queue. Harmless after the lease was handed over.
class Waiter {
 public:
  struct State;
  Waiter() = default;
  explicit Waiter(std::weak_ptr<State> state) : state_(std::move(state)) {}
  /// Leaves the queue; the completion is then never called.
  void cancel();

 private:
  std::weak_ptr<State> state_;
};

/// Told about every attempt to connect: feeds the breaker. `error` is null when it succeeded.
using ConnectObserver = std::function<void(const Error* error)>;

/// All connections of one engine. Loop thread only.
class Pool {
 public:
  Pool(driver::Driver& driver, const driver::DriverEnvironment& environment, const PoolOptions& options,
       ConnectObserver observer);
  ~Pool();

  /// An idle, quiet, validated connection of the role if there is one that can be lent without waiting;
  /// otherwise an empty lease. Never jumps the queue.
  Lease try_acquire(driver::Driver::Role role);
  /// Answers once, in a later turn: a lease, kPoolTimeout, kPoolClosed, or why connecting failed.
  Waiter acquire(driver::Driver::Role role, Deadline deadline, LeaseCompletion on_done);
  /// Refuses new callers (waiters get kPoolClosed), waits for leases until the deadline, closes everything.
  /// Answers once.
  void close(Deadline deadline, std::function<void()> on_done);
  /// Retires every connection made before now as it comes back (failover, changed credentials).
  void renew();
  PoolStatistics statistics() const;

 private:
  friend class Lease;
  friend class Waiter;
  struct State;
  std::shared_ptr<State> state_;  // shared with callbacks in flight, which find it closed
};

}  // namespace bridge::pool
