// "By when" on a clock that only moves when told.
#include "engine/base/deadline.h"

#include <gtest/gtest.h>

namespace bridge {
namespace {

using std::chrono::seconds;

TEST(Deadline, NeverNeverPasses) {
  const Deadline never = Deadline::never();
  EXPECT_TRUE(never.is_never());
  EXPECT_FALSE(never.has_passed(TimePoint::max()));
  EXPECT_EQ(never.remaining(TimePoint{}), Duration::max());
}

TEST(Deadline, PassesAtItsMoment) {
  ManualClock clock;
  const Deadline deadline = Deadline::after(clock, seconds(2));
  EXPECT_EQ(deadline.remaining(clock.now()), seconds(2));
  clock.advance(seconds(2) - Duration(1));
  EXPECT_FALSE(deadline.has_passed(clock.now()));
  clock.advance(Duration(1));
  EXPECT_TRUE(deadline.has_passed(clock.now()));
  clock.advance(seconds(5));
  EXPECT_EQ(deadline.remaining(clock.now()), Duration::zero());
}

TEST(Deadline, TheEarlierOfTwoHolds) {
  const ManualClock clock;
  const Deadline soon = Deadline::after(clock, seconds(1));
  const Deadline late = Deadline::after(clock, seconds(2));
  EXPECT_EQ(soon.earlier(late).at(), soon.at());
  EXPECT_EQ(late.earlier(soon).at(), soon.at());
  EXPECT_EQ(Deadline::never().earlier(soon).at(), soon.at());
}

TEST(SteadyClock, NeverGoesBack) {
  const SteadyClock clock;
  const TimePoint before = clock.now();
  EXPECT_GE(clock.now(), before);
}

}  // namespace
}  // namespace bridge
