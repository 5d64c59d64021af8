// The connection of shared reads.
#include "engine/execution/shared_lane.h"

#include "engine/base/limits.h"

namespace bridge::execution {

driver::Connection* SharedLane::connection() const {
  driver::Connection* connection = lease_.connection();
  if (connection == nullptr || !connection->is_usable() || riders_ >= kMaxSharedReads) return nullptr;
  return connection;
}

void SharedLane::open(pool::Lease lease) { lease_ = std::move(lease); }

void SharedLane::leave() {
  --riders_;
  if (riders_ == 0) lease_.release();
}

}  // namespace bridge::execution
