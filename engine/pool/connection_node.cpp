// What may happen to a pooled connection.
#include "engine/pool/connection_node.h"

namespace bridge::pool {

void ConnectionNode::open(std::shared_ptr<driver::Connection> connection, TimePoint expires) {
  connection_ = std::move(connection);
  expires_ = expires;
}

void ConnectionNode::become_idle(TimePoint now) {
  state_ = NodeState::kIdle;
  idle_since_ = now;
}

Verdict ConnectionNode::judge_return(TimePoint now, std::uint64_t generation) const {
  if (!connection_->is_usable() || !connection_->is_ready()) return Verdict::kClose;
  if (is_outdated(now, generation)) return Verdict::kClose;
  return connection_->is_dirty() ? Verdict::kReset : Verdict::kKeep;
}

Verdict ConnectionNode::judge_lending(TimePoint now, std::uint64_t generation,
                                      Duration validate_after_idle) const {
  if (!connection_->is_usable() || is_outdated(now, generation) || !connection_->is_quiet())
    return Verdict::kClose;
  return now - idle_since_ > validate_after_idle ? Verdict::kValidate : Verdict::kKeep;
}

}  // namespace bridge::pool
