// When waiting for an endpoint ends, and when it begins anew.
#include "engine/databases/neon/wake_budget.h"

#include <gtest/gtest.h>

namespace bridge::neon {
namespace {

using std::chrono::seconds;

constexpr TimePoint kStart{};

TEST(WakeBudget, LastsFromTheFirstFailure) {
  WakeBudget budget(seconds(15));
  EXPECT_TRUE(budget.has_time(kStart));
  budget.note_failure(kStart);
  budget.note_failure(kStart + seconds(10));
  EXPECT_TRUE(budget.has_time(kStart + seconds(14)));
  EXPECT_FALSE(budget.has_time(kStart + seconds(15)));
}

TEST(WakeBudget, BeginsAnewAfterASession) {
  WakeBudget budget(seconds(15));
  budget.note_failure(kStart);
  budget.note_failure(kStart + seconds(14));
  budget.note_session();
  EXPECT_TRUE(budget.has_time(kStart + seconds(16)));
  budget.note_failure(kStart + seconds(16));
  EXPECT_TRUE(budget.has_time(kStart + seconds(30)));
}

TEST(WakeBudget, BeginsAnewWhenNobodyAskedForAsLong) {
  WakeBudget budget(seconds(15));
  budget.note_failure(kStart);
  budget.note_failure(kStart + seconds(14));
  EXPECT_FALSE(budget.has_time(kStart + seconds(20)));
  EXPECT_TRUE(budget.has_time(kStart + seconds(30)));
}

}  // namespace
}  // namespace bridge::neon
