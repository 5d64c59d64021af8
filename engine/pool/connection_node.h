// One place in the pool: a pure state machine that decides, without doing I/O, what may happen to its
// connection.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/base/clock.h"
#include "engine/driver/driver.h"
#include "engine/pool/pool_options.h"

namespace bridge::pool {

/// Where a connection stands in its life.
enum class NodeState : std::uint8_t {
  kConnecting,  ///< a connection is being made
  kIdle,
  kValidating,  ///< a round trip proves it alive before it is lent
  kResetting,   ///< session state is brought back after dirty work
  kLent,
};

/// What to do with a connection that comes back or is about to be lent.
enum class Verdict : std::uint8_t { kKeep, kValidate, kReset, kClose };

/// A connection with its age and state. Loop thread only.
class ConnectionNode {
 public:
  ConnectionNode(driver::Driver::Role role, std::uint64_t generation)
      : role_(role), generation_(generation) {}

  driver::Driver::Role role() const { return role_; }
  NodeState state() const { return state_; }
  driver::Connection* connection() const { return connection_.get(); }
  TimePoint idle_since() const { return idle_since_; }

  /// A connection was made; it expires at `expires`.
  void open(std::shared_ptr<driver::Connection> connection, TimePoint expires);
  void become_idle(TimePoint now);
  void become_lent() { state_ = NodeState::kLent; }
  void become_validating() { state_ = NodeState::kValidating; }
  void become_resetting() { state_ = NodeState::kResetting; }

  /// Whether a connection that comes back may be lent again. One whose reply stream is not provably at
  /// "ready" never is.
  Verdict judge_return(TimePoint now, std::uint64_t generation) const;
  /// Whether an idle connection may be lent now.
  Verdict judge_lending(TimePoint now, std::uint64_t generation, Duration validate_after_idle) const;
  /// Whether its time is over: too old, or made before the pool was renewed.
  bool is_outdated(TimePoint now, std::uint64_t generation) const {
    return generation != generation_ || now >= expires_;
  }
  /// Takes the connection out, to be closed.
  std::shared_ptr<driver::Connection> take() { return std::move(connection_); }

 private:
  driver::Driver::Role role_;
  std::uint64_t generation_;
  NodeState state_ = NodeState::kConnecting;
  std::shared_ptr<driver::Connection> connection_;
  TimePoint expires_ = TimePoint::max();
  TimePoint idle_since_{};
};

}  // namespace bridge::pool
