// Intervals as one number of microseconds, for databases without a type of their own.
#pragma once

#include <cstdint>

#include "engine/base/result.h"
#include "engine/types/value.h"

namespace bridge::types {

/// Days of 24 hours and microseconds as one number. kValidation with months (they have no fixed length) or
/// beyond 64 bits.
Result<std::int64_t> to_microseconds(const Interval& interval);

/// Whole days and the microseconds left over, both of the number's sign; no months. kDecode beyond the days
/// an Interval holds.
Result<Interval> to_interval(std::int64_t microseconds);

}  // namespace bridge::types
