// Whether and when to try again: only what cannot have had an effect, never past the deadline, never more
// than a tenth of the traffic.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/deadline.h"
#include "engine/base/random.h"
#include "engine/base/result.h"

namespace bridge::resilience {

/// How often, how fast and at what price operations are repeated.
struct RetryOptions {
  std::uint32_t max_attempts = 3;  ///< the first one included
  Duration base_delay =
      std::chrono::milliseconds(50);  ///< doubled with each attempt, then a random part of it
  Duration max_delay = std::chrono::seconds(2);
  double budget = 100;    ///< tokens a well endpoint has saved
  double retry_cost = 5;  ///< tokens of one retry
  double success_refund =
      0.1;  ///< tokens of one clean success: in the long run retries stay below 2 % of traffic
};

/// What would be done again.
enum class RetryScope : std::uint8_t {
  kRead,              ///< one statement by itself that only reads by construction
  kWrite,             ///< one statement by itself that may change something
  kInTransaction,     ///< one statement of an open transaction: what stood before it is lost with it
  kWholeTransaction,  ///< a function that runs a transaction from its begin
};

/// Whether repeating could help and do no harm, budget and time aside.
bool is_safe_to_retry(const Error& error, RetryScope scope);

/// One per endpoint, in front of which it saves tokens. Loop thread only; clock and random outlive it.
class RetryPolicy {
 public:
  RetryPolicy(const RetryOptions& options, const Clock& clock, Random& random);

  /// How long to wait before attempt `attempt + 1` after attempt `attempt` (from 1) failed with `error`;
  /// nothing = give the error to the caller. A delay answered has been paid for.
  std::optional<Duration> decide(const Error& error, RetryScope scope, std::uint32_t attempt,
                                 Deadline deadline);
  /// An operation ended well at its first attempt.
  void note_success();
  /// Retries that were safe and in time but not within the budget.
  std::uint64_t denied() const { return denied_; }

 private:
  Duration choose_delay(std::uint32_t attempt);

  RetryOptions options_;
  const Clock& clock_;
  Random& random_;
  double tokens_;
  std::uint64_t denied_ = 0;
};

}  // namespace bridge::resilience
