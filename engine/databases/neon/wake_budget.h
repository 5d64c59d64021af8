// How long an endpoint that sleeps is waited for: once in a row, not once a connection.
#pragma once

#include "engine/base/clock.h"

namespace bridge::neon {

/// The time that one stretch of failed attempts has had. Waiting is worth the while until it has used up its
/// budget; from then on each attempt is made once, until a session is given or attempts have been absent for
/// as long. One thread.
class WakeBudget {
 public:
  explicit WakeBudget(Duration budget) : budget_(budget) {}

  Duration whole() const { return budget_; }
  /// Whether an endpoint that gives no session now is worth waiting for.
  bool has_time(TimePoint now) const;
  void note_failure(TimePoint now);
  void note_session() { is_failing_ = false; }

 private:
  bool is_over(TimePoint now) const { return !is_failing_ || now - latest_ > budget_; }

  Duration budget_;
  bool is_failing_ = false;
  TimePoint first_{};  ///< failure of the stretch
  TimePoint latest_{};
};

}  // namespace bridge::neon
