// Counting calls in a sliding window.
#include "engine/resilience/call_window.h"

#include <algorithm>

namespace bridge::resilience {

// Buckets passed over while nothing happened (or the machine slept) are emptied, not kept.
void CallWindow::advance(TimePoint now) {
  const std::int64_t current = bucket_number(now);
  const std::int64_t first_stale = std::max(newest_ + 1, current - kBuckets + 1);
  for (std::int64_t number = first_stale; number <= current; ++number)
    buckets_[static_cast<std::size_t>(number % kBuckets)] = {};
  newest_ = std::max(newest_, current);
}

void CallWindow::add(TimePoint now, bool has_failed, bool is_slow) {
  advance(now);
  CallCounts& bucket = buckets_[static_cast<std::size_t>(newest_ % kBuckets)];
  bucket.failed += has_failed ? 1 : 0;
  bucket.succeeded += has_failed ? 0 : 1;
  bucket.slow += is_slow ? 1 : 0;
}

CallCounts CallWindow::counts(TimePoint now) {
  advance(now);
  CallCounts total;
  for (const CallCounts& bucket : buckets_) {
    total.succeeded += bucket.succeeded;
    total.failed += bucket.failed;
    total.slow += bucket.slow;
  }
  return total;
}

}  // namespace bridge::resilience
