// Computing counts, waiting does not, and readings are spared.
#include "engine/base/busy_meter.h"

#include <gtest/gtest.h>

#include <thread>

namespace bridge {
namespace {

using std::chrono::milliseconds;

void compute_for(Duration span) {
  const Duration until = BusyMeter::read_exactly() + span;
  while (BusyMeter::read_exactly() < until) {
  }
}

TEST(BusyMeterTest, WaitingIsNotBusy) {
  const Duration before = BusyMeter::read_exactly();
  std::this_thread::sleep_for(milliseconds(30));
  EXPECT_LT(BusyMeter::read_exactly() - before, milliseconds(15));
}

TEST(BusyMeterTest, ComputingIsBusyForAtMostTheTimeThatPassed) {
  const SteadyClock clock;
  const TimePoint started = clock.now();
  const Duration before = BusyMeter::read_exactly();
  compute_for(milliseconds(5));
  const Duration busy = BusyMeter::read_exactly() - before;
  EXPECT_GE(busy, milliseconds(5));
  EXPECT_LE(busy, clock.now() - started + milliseconds(1));
}

TEST(BusyMeterTest, ReadsAnewOnlyWhenTheAnswerIsOld) {
  ManualClock clock;
  BusyMeter meter;
  const Duration first = meter.read(clock.now());
  compute_for(milliseconds(2));
  EXPECT_EQ(meter.read(clock.now()), first);
  clock.advance(BusyMeter::kFreshness);
  EXPECT_GE(meter.read(clock.now()), first + milliseconds(2));
}

}  // namespace
}  // namespace bridge
