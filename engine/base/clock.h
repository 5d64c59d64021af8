// Time as something handed in: monotonic, so that a jump of the wall clock moves no deadline.
#pragma once

#include <chrono>

namespace bridge {

using Duration = std::chrono::nanoseconds;
/// A point on the monotonic clock.
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

/// Source of the present moment. Tests hand in one that only moves when told.
class Clock {
 public:
  virtual ~Clock() = default;
  /// The present moment; never goes back. Callable from any thread.
  virtual TimePoint now() const = 0;
};

/// The machine's monotonic clock.
class SteadyClock final : public Clock {
 public:
  TimePoint now() const override { return std::chrono::steady_clock::now(); }
};

/// A clock for tests: stands still until `advance`.
class ManualClock final : public Clock {
 public:
  TimePoint now() const override { return now_; }
  void advance(Duration by) { now_ += by; }

 private:
  TimePoint now_{std::chrono::hours(1)};
};

}  // namespace bridge
