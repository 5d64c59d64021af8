// A sliding window of calls, in buckets of equal width on the monotonic clock.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "engine/base/clock.h"

namespace bridge::resilience {

/// How calls of the last window went.
struct CallCounts {
  std::uint32_t succeeded = 0;
  std::uint32_t failed = 0;
  std::uint32_t slow = 0;

  std::uint32_t completed() const { return succeeded + failed; }
};

/// Counts calls; those older than the window are forgotten bucket by bucket. Not thread safe.
class CallWindow {
 public:
  explicit CallWindow(Duration window) : bucket_width_(std::max(window / kBuckets, Duration(1))) {}

  void add(TimePoint now, bool has_failed, bool is_slow);
  CallCounts counts(TimePoint now);
  void clear() { buckets_ = {}; }

 private:
  static constexpr int kBuckets = 30;  // a window of 30 s forgets second by second

  void advance(TimePoint now);
  std::int64_t bucket_number(TimePoint now) const { return now.time_since_epoch() / bucket_width_; }

  Duration bucket_width_;
  std::array<CallCounts, kBuckets> buckets_{};
  std::int64_t newest_ = 0;  ///< number of the newest bucket
};

}  // namespace bridge::resilience
