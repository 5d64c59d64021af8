// What is repeated, when, and how often at most.
#include "engine/resilience/retry_policy.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <tuple>

namespace bridge::resilience {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array kAllCodes{
#define BRIDGE_CODE(enumerator, name, kind, retryable) ErrorCode::enumerator,
    BRIDGE_ERROR_CODES(BRIDGE_CODE)
#undef BRIDGE_CODE
};

Error fault(ErrorCode code, Sent sent = Sent::kNo) { return make_error(code, "trouble").with_sent(sent); }

class RetryPolicyTest : public testing::Test {
 protected:
  RetryPolicy make(RetryOptions options = {}) { return {options, clock_, random_}; }

  ManualClock clock_;
  SeededRandom random_{3};
};

// Every code in every scope, sent or not: whatever is not named here is never repeated.
TEST(RetryTable, NamesAllThatMayBeRepeated) {
  const std::set<std::tuple<ErrorCode, RetryScope>> whatever_was_sent{
      {ErrorCode::kConnectFailed, RetryScope::kRead},
      {ErrorCode::kConnectFailed, RetryScope::kWrite},
      {ErrorCode::kConnectFailed, RetryScope::kWholeTransaction},
      {ErrorCode::kSerializationFailure, RetryScope::kRead},
      {ErrorCode::kSerializationFailure, RetryScope::kWrite},
      {ErrorCode::kSerializationFailure, RetryScope::kWholeTransaction},
      {ErrorCode::kDeadlock, RetryScope::kRead},
      {ErrorCode::kDeadlock, RetryScope::kWrite},
      {ErrorCode::kDeadlock, RetryScope::kWholeTransaction},
      {ErrorCode::kStatementCacheStale, RetryScope::kRead},
      {ErrorCode::kStatementCacheStale, RetryScope::kWrite},
      {ErrorCode::kStatementCacheStale, RetryScope::kWholeTransaction},
      {ErrorCode::kConnectionLost, RetryScope::kRead},
      {ErrorCode::kConnectionLost, RetryScope::kWholeTransaction},
      {ErrorCode::kConcurrency, RetryScope::kWholeTransaction},
      {ErrorCode::kLockTimeout, RetryScope::kWholeTransaction},
  };
  for (const ErrorCode code : kAllCodes) {
    for (const RetryScope scope :
         {RetryScope::kRead, RetryScope::kWrite, RetryScope::kInTransaction, RetryScope::kWholeTransaction}) {
      for (const Sent sent : {Sent::kNo, Sent::kYes, Sent::kUnknown}) {
        const bool is_unsent_write =
            code == ErrorCode::kConnectionLost && scope == RetryScope::kWrite && sent == Sent::kNo;
        EXPECT_EQ(is_safe_to_retry(fault(code, sent), scope),
                  whatever_was_sent.contains({code, scope}) || is_unsent_write)
            << to_name(code) << " in scope " << static_cast<int>(scope);
      }
    }
  }
}

TEST(RetryTable, NothingIsRepeatedThatItsCodeDoesNotAllow) {
  for (const ErrorCode code : kAllCodes) {
    const bool is_ever = is_safe_to_retry(fault(code), RetryScope::kRead) ||
                         is_safe_to_retry(fault(code), RetryScope::kWholeTransaction);
    EXPECT_TRUE(!is_ever || is_retryable(code)) << to_name(code);
  }
}

TEST_F(RetryPolicyTest, AttemptsAreBounded) {
  RetryPolicy policy = make();
  EXPECT_TRUE(policy.decide(fault(ErrorCode::kDeadlock), RetryScope::kWrite, 1, Deadline::never()));
  EXPECT_TRUE(policy.decide(fault(ErrorCode::kDeadlock), RetryScope::kWrite, 2, Deadline::never()));
  EXPECT_FALSE(policy.decide(fault(ErrorCode::kDeadlock), RetryScope::kWrite, 3, Deadline::never()));
}

TEST_F(RetryPolicyTest, DelaysGrowWithFullJitterUpToTheCap) {
  RetryPolicy policy = make({.max_attempts = 100, .retry_cost = 0});
  for (const auto& [attempt, limit] : {std::pair{1U, milliseconds(50)},
                                       {2U, milliseconds(100)},
                                       {3U, milliseconds(200)},
                                       {50U, milliseconds(2'000)}}) {
    Duration longest{0};
    Duration shortest = Duration::max();
    for (int draw = 0; draw < 2'000; ++draw) {
      const auto delay =
          policy.decide(fault(ErrorCode::kDeadlock), RetryScope::kWrite, attempt, Deadline::never());
      ASSERT_TRUE(delay);
      longest = std::max(longest, *delay);
      shortest = std::min(shortest, *delay);
    }
    EXPECT_LT(longest, limit);
    EXPECT_GT(longest, limit * 9 / 10);
    EXPECT_LT(shortest, limit / 10);
  }
}

TEST_F(RetryPolicyTest, NeverWaitsPastTheDeadline) {
  RetryPolicy policy = make({.max_attempts = 100, .retry_cost = 0});
  for (int draw = 0; draw < 500; ++draw) {
    const auto delay = policy.decide(fault(ErrorCode::kDeadlock), RetryScope::kWrite, 10,
                                     Deadline::after(clock_, milliseconds(100)));
    EXPECT_TRUE(!delay || *delay < milliseconds(100));
  }
  EXPECT_FALSE(policy.decide(fault(ErrorCode::kDeadlock), RetryScope::kWrite, 1, Deadline(clock_.now())));
}

TEST_F(RetryPolicyTest, BudgetBoundsRetriesOfAnOutage) {
  RetryPolicy policy = make();
  int retries = 0;
  constexpr int kCalls = 10'000;
  for (int call = 0; call < kCalls; ++call) {
    retries +=
        policy.decide(fault(ErrorCode::kConnectFailed), RetryScope::kRead, 1, Deadline::never()).has_value();
  }
  EXPECT_EQ(retries, 20);
  EXPECT_EQ(policy.denied(), kCalls - 20U);
  for (int call = 0; call < 51; ++call) policy.note_success();
  EXPECT_TRUE(policy.decide(fault(ErrorCode::kConnectFailed), RetryScope::kRead, 1, Deadline::never()));
  EXPECT_FALSE(policy.decide(fault(ErrorCode::kConnectFailed), RetryScope::kRead, 1, Deadline::never()));
}

TEST_F(RetryPolicyTest, SavingsAreBounded) {
  RetryPolicy policy = make();
  for (int call = 0; call < 100'000; ++call) policy.note_success();
  int retries = 0;
  while (policy.decide(fault(ErrorCode::kConnectFailed), RetryScope::kRead, 1, Deadline::never())) ++retries;
  EXPECT_EQ(retries, 20);
}

TEST_F(RetryPolicyTest, RefusedRetriesCostNothing) {
  RetryPolicy policy = make();
  for (int call = 0; call < 1'000; ++call) {
    EXPECT_FALSE(policy.decide(fault(ErrorCode::kUniqueViolation), RetryScope::kWrite, 1, Deadline::never()));
    EXPECT_FALSE(policy.decide(fault(ErrorCode::kDeadlock), RetryScope::kWrite, 1, Deadline(clock_.now())));
  }
  EXPECT_EQ(policy.denied(), 0U);
  EXPECT_TRUE(policy.decide(fault(ErrorCode::kDeadlock), RetryScope::kWrite, 1, Deadline::never()));
}

}  // namespace
}  // namespace bridge::resilience
