// How large a pool is and how long it waits, with defaults and their reasons.
#pragma once

#include <chrono>
#include <cstddef>

#include "engine/base/clock.h"

namespace bridge::pool {

/// How one pool behaves. Sizes count connections of one role.
struct PoolOptions {
  std::size_t min_size = 0;
  std::size_t max_size = 10;
  std::size_t max_waiters =
      1'000;  ///< beyond it kPoolTimeout at once: a longer queue could never be served in time
  Duration acquire_timeout = std::chrono::seconds(5);
  Duration connect_timeout = std::chrono::seconds(10);
  Duration max_lifetime =
      std::chrono::minutes(30);  ///< less up to a tenth, so that a herd does not expire together
  Duration idle_timeout = std::chrono::minutes(10);  ///< above min_size only
  Duration validate_after_idle =
      std::chrono::seconds(1);  ///< a round trip before lending; the costless check happens always
};

/// A pool at one moment.
struct PoolStatistics {
  std::size_t size = 0;  ///< connections open or opening
  std::size_t idle = 0;
  std::size_t lent = 0;
  std::size_t connecting = 0;
  std::size_t waiting = 0;  ///< callers in the queue
};

}  // namespace bridge::pool
