// The table of what may be repeated, full jitter, and a budget of tokens.
#include "engine/resilience/retry_policy.h"

#include <algorithm>

namespace bridge::resilience {
namespace {

/// Beyond this many attempts doubling has long met any sensible `max_delay`.
constexpr std::uint32_t kMaxDoublings = 16;

}  // namespace

bool is_safe_to_retry(const Error& error, RetryScope scope) {
  if (scope == RetryScope::kInTransaction) return false;
  switch (error.code()) {
    case ErrorCode::kConnectFailed:
    case ErrorCode::kSerializationFailure:
    case ErrorCode::kDeadlock:
    case ErrorCode::kStatementCacheStale:
      return true;  // nothing began, or the server has undone it all
    case ErrorCode::kConnectionLost:
      // a write that left may have been done; a transaction without its COMMIT was not
      return error.sent() == Sent::kNo || scope != RetryScope::kWrite;
    case ErrorCode::kConcurrency:
    case ErrorCode::kLockTimeout:
      return scope == RetryScope::kWholeTransaction;  // alone it would only queue for the same lock again
    default:
      return false;
  }
}

RetryPolicy::RetryPolicy(const RetryOptions& options, const Clock& clock, Random& random)
    : options_(options), clock_(clock), random_(random), tokens_(options.budget) {}

std::optional<Duration> RetryPolicy::decide(const Error& error, RetryScope scope, std::uint32_t attempt,
                                            Deadline deadline) {
  if (attempt >= options_.max_attempts || !is_safe_to_retry(error, scope)) return std::nullopt;
  const Duration delay = choose_delay(attempt);
  if (delay >= deadline.remaining(clock_.now())) return std::nullopt;
  if (tokens_ < options_.retry_cost) {
    ++denied_;
    return std::nullopt;
  }
  tokens_ -= options_.retry_cost;
  return delay;
}

void RetryPolicy::note_success() { tokens_ = std::min(options_.budget, tokens_ + options_.success_refund); }

Duration RetryPolicy::choose_delay(std::uint32_t attempt) {
  const std::uint32_t doublings = std::min(attempt > 0 ? attempt - 1 : 0, kMaxDoublings);
  const double grown =
      static_cast<double>(options_.base_delay.count()) * static_cast<double>(std::uint64_t{1} << doublings);
  const double longest = std::min(grown, static_cast<double>(options_.max_delay.count()));
  return Duration(static_cast<Duration::rep>(longest * random_.next_unit()));
}

}  // namespace bridge::resilience
