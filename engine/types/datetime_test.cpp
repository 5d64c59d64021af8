// The calendar against known days and against itself; ISO text in and out.
#include "engine/types/datetime.h"

#include <gtest/gtest.h>

#include <limits>

namespace bridge::types {
namespace {

constexpr std::int64_t kFirstDay = -719'162;
constexpr std::int64_t kLastDay = 2'932'896;

TEST(Calendar, KnownDays) {
  EXPECT_EQ(to_days({1970, 1, 1}), 0);
  EXPECT_EQ(to_days({2000, 2, 29}), 11'016);
  EXPECT_EQ(to_days({1, 1, 1}), kFirstDay);
  EXPECT_EQ(to_days({9999, 12, 31}), kLastDay);
  EXPECT_EQ(to_days({1969, 12, 31}), -1);
}

TEST(Calendar, EveryDayFollowsTheOneBefore) {
  CivilDate expected{1, 1, 1};
  for (std::int64_t day = kFirstDay; day <= kLastDay; ++day) {
    const CivilDate date = to_civil_date(day);
    ASSERT_EQ(date, expected) << day;
    ASSERT_EQ(to_days(date), day);
    ++expected.day;
    if (is_real_date(expected)) continue;
    expected = {expected.year, expected.month + 1, 1};
    if (expected.month > 12) expected = {expected.year + 1, 1, 1};
  }
}

TEST(IsoText, WritesFixedForms) {
  std::string text;
  ASSERT_TRUE(append_timestamp_utc(text, -1));
  EXPECT_EQ(text, "1969-12-31 23:59:59.999999+00:00");
  text.clear();
  ASSERT_TRUE(append_timestamp(text, 1'700'000'000'000'042));
  EXPECT_EQ(text, "2023-11-14 22:13:20.000042");
  text.clear();
  ASSERT_TRUE(append_date(text, kFirstDay));
  EXPECT_EQ(text, "0001-01-01");
}

TEST(IsoText, RoundTripsTheWholeRange) {
  for (std::int64_t day = kFirstDay; day <= kLastDay; day += 997) {
    const std::int64_t moment =
        day * kMicrosecondsPerDay +
        (day * 7'919 % kMicrosecondsPerDay + kMicrosecondsPerDay) % kMicrosecondsPerDay;
    std::string text;
    ASSERT_TRUE(append_timestamp(text, moment));
    const auto again = parse_timestamp(text);
    ASSERT_TRUE(again) << text;
    EXPECT_EQ(*again, moment);
  }
}

TEST(IsoText, ReadsWholeSeconds) {
  const auto moment = parse_timestamp_utc("1970-01-02 00:00:01+00:00");
  ASSERT_TRUE(moment);
  EXPECT_EQ(*moment, kMicrosecondsPerDay + kMicrosecondsPerSecond);
}

TEST(IsoText, RefusesWhatDoesNotExistOrIsInAnotherForm) {
  for (const char* bad : {"0000-01-01", "2023-02-29", "1900-02-29", "2023-13-01", "2023-00-10", "2023-1-01",
                          "10000-01-01", "2023-01-01 ", "2023/01/01", "-023-01-01", ""}) {
    EXPECT_FALSE(parse_date(bad)) << bad;
  }
  for (const char* bad : {"24:00:00", "23:60:00", "23:59:60", "23:59", "23:59:59.", "23:59:59.1",
                          "23:59:59.1234567", "1:00:00"}) {
    EXPECT_FALSE(parse_time(bad)) << bad;
  }
  for (const char* bad :
       {"2023-01-01T00:00:00", "2023-01-01", "2023-01-01 00:00:00+00:00", "2023-01-01 00:00:00Z"}) {
    EXPECT_FALSE(parse_timestamp(bad)) << bad;
  }
  for (const char* bad : {"2023-01-01 00:00:00", "2023-01-01 00:00:00+01:00", "+00:00"})
    EXPECT_FALSE(parse_timestamp_utc(bad)) << bad;
}

TEST(IsoText, RefusesNumbersOutsideTheCalendar) {
  std::string text;
  EXPECT_FALSE(append_date(text, kFirstDay - 1));
  EXPECT_FALSE(append_date(text, kLastDay + 1));
  EXPECT_FALSE(append_time(text, -1));
  EXPECT_FALSE(append_time(text, kMicrosecondsPerDay));
  EXPECT_FALSE(append_timestamp(text, std::numeric_limits<std::int64_t>::min()));
  EXPECT_FALSE(append_timestamp(text, std::numeric_limits<std::int64_t>::max()));
}

}  // namespace
}  // namespace bridge::types
