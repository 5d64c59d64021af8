// The breaker's state chart, by example and by random schedules on a clock that only moves when told.
#include "engine/resilience/circuit_breaker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace bridge::resilience {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Error infrastructure() { return make_error(ErrorCode::kConnectionLost, "lost"); }

class CircuitBreakerTest : public testing::Test {
 protected:
  CircuitBreaker make(BreakerOptions options = {}) {
    return CircuitBreaker(options, clock_, random_, [this](BreakerState from, BreakerState to) {
      transitions_.emplace_back(from, to);
    });
  }
  static void succeed(CircuitBreaker& breaker, int count, Duration duration = Duration::zero()) {
    for (int index = 0; index < count; ++index) {
      auto permit = breaker.admit();
      ASSERT_TRUE(permit);
      permit->succeed(duration);
    }
  }
  static void fail(CircuitBreaker& breaker, int count, ErrorCode code = ErrorCode::kConnectionLost) {
    for (int index = 0; index < count; ++index) {
      auto permit = breaker.admit();
      ASSERT_TRUE(permit) << "refused call " << index;
      permit->finish(make_error(code, "trouble"), Duration::zero());
    }
  }
  void trip(CircuitBreaker& breaker) {
    fail(breaker, 20);
    ASSERT_EQ(breaker.state(), BreakerState::kOpen);
  }
  /// Moves the clock to the moment the breaker names.
  void wait_out(CircuitBreaker& breaker) {
    auto refused = breaker.admit();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::kCircuitOpen);
    EXPECT_GT(refused.error().retry_after(), Duration::zero());
    clock_.advance(refused.error().retry_after());
  }

  ManualClock clock_;
  SeededRandom random_{7};
  std::vector<std::pair<BreakerState, BreakerState>> transitions_;
};

TEST_F(CircuitBreakerTest, OpensAtTheFailureRateOverEnoughCalls) {
  CircuitBreaker breaker = make();
  succeed(breaker, 10);
  fail(breaker, 9);
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
  fail(breaker, 1);
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
  ASSERT_EQ(transitions_.size(), 1U);
  EXPECT_EQ(transitions_[0], (std::pair{BreakerState::kClosed, BreakerState::kOpen}));
}

TEST_F(CircuitBreakerTest, FewCallsProveNothing) {
  CircuitBreaker breaker = make();
  fail(breaker, 19);
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
}

TEST_F(CircuitBreakerTest, OldFailuresAreForgotten) {
  CircuitBreaker breaker = make();
  fail(breaker, 19);
  clock_.advance(seconds(31));
  fail(breaker, 19);
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
  clock_.advance(std::chrono::hours(100));
  fail(breaker, 19);
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
}

TEST_F(CircuitBreakerTest, OnlyInfrastructureCounts) {
  for (const ErrorCode code :
       {ErrorCode::kUniqueViolation, ErrorCode::kStatement, ErrorCode::kDeadlock, ErrorCode::kCancelled,
        ErrorCode::kPoolTimeout, ErrorCode::kAuthentication, ErrorCode::kDecode, ErrorCode::kPoolClosed}) {
    CircuitBreaker breaker = make();
    fail(breaker, 500, code);
    EXPECT_EQ(breaker.state(), BreakerState::kClosed) << to_name(code);
  }
  for (const ErrorCode code : {ErrorCode::kConnectionLost, ErrorCode::kServerFailure,
                               ErrorCode::kDeadlineExceeded, ErrorCode::kConnectFailed}) {
    CircuitBreaker breaker = make();
    fail(breaker, 20, code);
    EXPECT_EQ(breaker.state(), BreakerState::kOpen) << to_name(code);
  }
}

TEST_F(CircuitBreakerTest, SlowCallsOpenToo) {
  CircuitBreaker breaker = make();
  succeed(breaker, 4);
  succeed(breaker, 15, seconds(2));
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
  succeed(breaker, 1, seconds(3));
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
}

TEST_F(CircuitBreakerTest, ConsecutiveConnectFailuresOpen) {
  CircuitBreaker breaker = make();
  const Error error = make_error(ErrorCode::kConnectFailed, "refused");
  const Error password = make_error(ErrorCode::kAuthentication, "wrong password");
  for (int index = 0; index < 4; ++index) breaker.note_connect(&error);
  breaker.note_connect(nullptr);
  for (int index = 0; index < 4; ++index) breaker.note_connect(&error);
  for (int index = 0; index < 100; ++index) breaker.note_connect(&password);
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
  breaker.note_connect(&error);
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
}

TEST_F(CircuitBreakerTest, ProbesCloseIt) {
  CircuitBreaker breaker = make();
  trip(breaker);
  wait_out(breaker);
  std::vector<Permit> probes;
  for (int index = 0; index < 3; ++index) {
    auto permit = breaker.admit();
    ASSERT_TRUE(permit);
    probes.push_back(std::move(*permit));
  }
  EXPECT_EQ(breaker.state(), BreakerState::kHalfOpen);
  auto refused = breaker.admit();
  ASSERT_FALSE(refused);
  EXPECT_GT(refused.error().retry_after(), Duration::zero());
  for (Permit& probe : probes) {
    EXPECT_EQ(breaker.state(), BreakerState::kHalfOpen);
    probe.succeed(Duration::zero());
  }
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
  fail(breaker, 19);
  EXPECT_EQ(breaker.state(), BreakerState::kClosed) << "the window was not cleared";
}

TEST_F(CircuitBreakerTest, DroppedProbeReturnsItsSlot) {
  CircuitBreaker breaker = make();
  trip(breaker);
  wait_out(breaker);
  for (int index = 0; index < 100; ++index) ASSERT_TRUE(breaker.admit()) << index;
  EXPECT_EQ(breaker.state(), BreakerState::kHalfOpen);
  fail(breaker, 50, ErrorCode::kCancelled);
  EXPECT_EQ(breaker.state(), BreakerState::kHalfOpen);
}

TEST_F(CircuitBreakerTest, ProbesWithoutVerdictDoNotHoldItHalfOpenForEver) {
  CircuitBreaker breaker = make();
  trip(breaker);
  wait_out(breaker);
  std::vector<Permit> stuck;
  for (int index = 0; index < 3; ++index) stuck.push_back(std::move(breaker.admit()).value());
  clock_.advance(seconds(9));
  EXPECT_FALSE(breaker.admit());
  EXPECT_EQ(breaker.state(), BreakerState::kHalfOpen);
  clock_.advance(seconds(1));
  EXPECT_FALSE(breaker.admit());
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
  wait_out(breaker);
  EXPECT_TRUE(breaker.admit());
  for (Permit& permit : stuck) permit.succeed(Duration::zero());
  EXPECT_EQ(breaker.state(), BreakerState::kHalfOpen) << "a verdict of an older state counted";
}

TEST_F(CircuitBreakerTest, OpeningsGrowWithJitterUpToTheCap) {
  CircuitBreaker breaker = make();
  trip(breaker);
  double expected = 5;
  for (int opening = 0; opening < 10; ++opening) {
    const double wait = std::chrono::duration<double>(breaker.admit().error().retry_after()).count();
    EXPECT_GE(wait, expected * 0.8 - 1e-6);
    EXPECT_LE(wait, expected * 1.2 + 1e-6);
    wait_out(breaker);
    fail(breaker, 1);
    ASSERT_EQ(breaker.state(), BreakerState::kOpen);
    expected = std::min(60.0, expected * 2);
  }
}

TEST_F(CircuitBreakerTest, FailedConnectWhileProbingOpensAgain) {
  CircuitBreaker breaker = make();
  trip(breaker);
  wait_out(breaker);
  const Permit probe = std::move(breaker.admit()).value();
  const Error error = infrastructure();
  breaker.note_connect(&error);
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
}

TEST_F(CircuitBreakerTest, DisabledAdmitsEverything) {
  CircuitBreaker breaker = make({.is_enabled = false});
  fail(breaker, 1'000);
  const Error error = infrastructure();
  for (int index = 0; index < 100; ++index) breaker.note_connect(&error);
  EXPECT_EQ(breaker.state(), BreakerState::kDisabled);
  EXPECT_TRUE(breaker.admit());
  EXPECT_TRUE(transitions_.empty());
}

TEST_F(CircuitBreakerTest, OptionsAtTheirEdgesDoNoHarm) {
  CircuitBreaker breaker =
      make({.failure_rate = 0, .slow_call_rate = 0, .window = Duration::zero(), .minimum_calls = 0});
  succeed(breaker, 100);
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
  fail(breaker, 1);
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
}

TEST_F(CircuitBreakerTest, MovedPermitSettlesOnce) {
  CircuitBreaker breaker = make({.minimum_calls = 2});
  Permit first = std::move(breaker.admit()).value();
  Permit second = std::move(first);
  first.finish(infrastructure(),
               Duration::zero());  // NOLINT(bugprone-use-after-move): that it does nothing is the point
  second.finish(infrastructure(), Duration::zero());
  second.finish(infrastructure(), Duration::zero());
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
  fail(breaker, 1);
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
}

// Random schedules of calls, verdicts, drops and pauses; the invariants hold after every step.
TEST_F(CircuitBreakerTest, InvariantsHoldUnderRandomSchedules) {
  constexpr int kSeeds = 500;
  constexpr int kSteps = 400;
  for (int seed = 0; seed < kSeeds && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom schedule(static_cast<std::uint64_t>(seed));
    CircuitBreaker breaker = make();
    std::deque<std::pair<Permit, std::size_t>> out;  // with the count of transitions when admitted
    transitions_.clear();
    const bool only_users_err = seed % 5 == 0;
    for (int step = 0; step < kSteps; ++step) {
      const double choice = schedule.next_unit();
      const BreakerState before = breaker.state();
      if (choice < 0.5) {
        auto permit = breaker.admit();
        EXPECT_FALSE(permit && breaker.state() == BreakerState::kOpen) << "admitted while open";
        EXPECT_FALSE(!permit && before == BreakerState::kClosed) << "refused while closed";
        if (permit) out.emplace_back(std::move(*permit), transitions_.size());
      } else if (choice < 0.9 && !out.empty()) {
        Permit permit = std::move(out.front().first);
        out.pop_front();
        const double verdict = schedule.next_unit();
        if (verdict < 0.1)
          permit = Permit();
        else if (verdict < 0.5)
          permit.succeed(milliseconds(1));
        else
          permit.finish(make_error(only_users_err ? ErrorCode::kUniqueViolation : ErrorCode::kConnectionLost,
                                   "trouble"),
                        milliseconds(1));
      } else {
        clock_.advance(Duration(static_cast<Duration::rep>(schedule.next_unit() * 3e9)));
      }
      const auto probes = std::count_if(
          out.begin(), out.end(), [&](const auto& entry) { return entry.second == transitions_.size(); });
      EXPECT_FALSE(breaker.state() == BreakerState::kHalfOpen && probes > 3) << "too many probes";
    }
    EXPECT_FALSE(only_users_err && !transitions_.empty()) << "user errors left closed";
    for (std::size_t index = 1; index < transitions_.size(); ++index)
      EXPECT_EQ(transitions_[index - 1].second, transitions_[index].first);
    // a server that is well again is trusted again
    out.clear();
    for (int call = 0; call < 200; ++call) {
      clock_.advance(seconds(1));
      auto permit = breaker.admit();
      if (permit) permit->succeed(Duration::zero());
    }
    EXPECT_EQ(breaker.state(), BreakerState::kClosed);
  }
}

}  // namespace
}  // namespace bridge::resilience
