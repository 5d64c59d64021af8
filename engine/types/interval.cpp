// Interval arithmetic with every overflow checked.
#include "engine/types/interval.h"

#include "engine/base/bytes.h"
#include "engine/types/datetime.h"

namespace bridge::types {

Result<std::int64_t> to_microseconds(const Interval& interval) {
  if (interval.months != 0) {
    return make_error(ErrorCode::kValidation,
                      "an interval with months cannot be stored as microseconds: months vary in length");
  }
  // Parts of opposite signs: the days alone may be beyond what the whole is within.
  std::int64_t days = interval.days;
  std::int64_t rest = interval.microseconds;
  if (days < 0 && rest > 0) {
    ++days;
    rest -= kMicrosecondsPerDay;
  } else if (days > 0 && rest < 0) {
    --days;
    rest += kMicrosecondsPerDay;
  }
  std::int64_t total = 0;
  if (__builtin_mul_overflow(days, kMicrosecondsPerDay, &total) ||
      __builtin_add_overflow(total, rest, &total)) {
    return make_error(ErrorCode::kValidation, "an interval is beyond 64 bits of microseconds");
  }
  return total;
}

Result<Interval> to_interval(std::int64_t microseconds) {
  Interval interval;
  if (!narrow(microseconds / kMicrosecondsPerDay, interval.days)) {
    return make_error(ErrorCode::kDecode, "a stored interval has more days than 32 bits hold");
  }
  interval.microseconds = microseconds % kMicrosecondsPerDay;
  return interval;
}

}  // namespace bridge::types
