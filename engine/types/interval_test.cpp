// Intervals and their number of microseconds.
#include "engine/types/interval.h"

#include <gtest/gtest.h>

#include <limits>

#include "engine/types/datetime.h"

namespace bridge::types {
namespace {

TEST(IntervalMicroseconds, DaysAreOfTwentyFourHours) {
  const auto total = to_microseconds({.days = 2, .microseconds = -1});
  ASSERT_TRUE(total);
  EXPECT_EQ(*total, 2 * kMicrosecondsPerDay - 1);
}

TEST(IntervalMicroseconds, RoundTripKeepsTheLength) {
  for (const std::int64_t length :
       {std::int64_t{0}, std::int64_t{-1}, kMicrosecondsPerDay, -3 * kMicrosecondsPerDay - 5,
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    const auto interval = to_interval(length);
    ASSERT_TRUE(interval);
    const auto again = to_microseconds(*interval);
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, length);
  }
}

TEST(IntervalMicroseconds, PartsOfOppositeSignsMakeOneWhole) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  const auto whole = to_interval(kLeast);
  ASSERT_TRUE(whole);
  const Interval lower{.days = whole->days - 1, .microseconds = whole->microseconds + kMicrosecondsPerDay};
  const auto least = to_microseconds(lower);
  ASSERT_TRUE(least);
  EXPECT_EQ(*least, kLeast);
  const auto small = to_microseconds({.days = 1, .microseconds = -1});
  ASSERT_TRUE(small);
  EXPECT_EQ(*small, kMicrosecondsPerDay - 1);
}

TEST(IntervalMicroseconds, MonthsAndOverflowAreRefused) {
  const auto months = to_microseconds({.months = 1});
  ASSERT_FALSE(months);
  EXPECT_EQ(months.error().code(), ErrorCode::kValidation);
  const auto large = to_microseconds({.days = std::numeric_limits<std::int32_t>::max(), .microseconds = 0});
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code(), ErrorCode::kValidation);
}

}  // namespace
}  // namespace bridge::types
