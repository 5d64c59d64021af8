// "By when", not "how long": one limit that holds for every step of an operation.
#pragma once

#include <algorithm>

#include "engine/base/clock.h"

namespace bridge {

/// A moment by which something must be done, or never.
class Deadline {
 public:
  constexpr Deadline() = default;
  constexpr explicit Deadline(TimePoint at) : at_(at) {}
  static constexpr Deadline never() { return Deadline(); }
  static Deadline after(const Clock& clock, Duration delay) { return Deadline(clock.now() + delay); }

  constexpr bool is_never() const { return at_ == TimePoint::max(); }
  constexpr TimePoint at() const { return at_; }
  constexpr bool has_passed(TimePoint now) const { return !is_never() && now >= at_; }
  /// Time left, never negative.
  constexpr Duration remaining(TimePoint now) const {
    return is_never() ? Duration::max() : std::max(Duration::zero(), at_ - now);
  }
  constexpr Deadline earlier(Deadline other) const { return at_ < other.at_ ? *this : other; }

 private:
  TimePoint at_ = TimePoint::max();
};

}  // namespace bridge
