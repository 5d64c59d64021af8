// Single promises of the pool, each in the smallest situation that shows it.
#include "engine/pool/pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <vector>

#include "engine/driver/testing/scripted_driver.h"
#include "engine/telemetry/testing/recording_sink.h"

namespace bridge::pool {
namespace {

using driver::Driver;
using driver::testing::Script;
using driver::testing::ScriptedConnection;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using telemetry::Operation;

/// Makes scripted connections. Has no dialect: the pool speaks no SQL.
class SilentDriver final : public Driver {
 public:
  SilentDriver(Script& script, net::EventLoop& loop) : script_(script), loop_(loop) {}
  const sql::Dialect& dialect() const override { std::abort(); }
  Duration wake_budget() const override { return sleep.wake_budget; }
  Duration longest_idle() const override { return sleep.longest_idle; }
  Duration longest_life() const override { return longest; }
  void connect(telemetry::OperationSpan&, Role, Deadline, driver::ConnectCompletion on_done) override {
    ++script_.connects;
    auto answer = [this, on_done = std::move(on_done)] {
      std::optional<Error> refusal = script_.on_connect ? script_.on_connect() : std::nullopt;
      if (refusal) return on_done(std::move(*refusal));
      on_done(std::unique_ptr<driver::Connection>(std::make_unique<ScriptedConnection>(script_, loop_)));
    };
    if (script_.holds_connects)
      script_.held_connects.emplace_back(std::move(answer));
    else
      loop_.post(std::move(answer));
  }

  /// Of servers that fall asleep.
  struct Sleep {
    Duration wake_budget = Duration::zero();
    Duration longest_idle = Duration::max();
  };
  Sleep sleep;
  Duration longest = Duration::max();

 private:
  Script& script_;
  net::EventLoop& loop_;
};

class PoolTest : public ::testing::Test {
 protected:
  PoolTest()
      : loop_(std::move(net::EventLoop::make(clock_)).value()),
        transports_(net::make_transport_factory(*loop_)) {
    make({});
  }

  void make(const PoolOptions& options) {
    pool_.reset();
    pool_ = std::make_unique<Pool>(driver_, environment_, options,
                                   [this](const Error* error) { connects_.push_back(error == nullptr); });
  }
  struct Answer {
    std::optional<Lease> lease;
    std::optional<ErrorCode> code;
    bool is_told() const { return lease.has_value() || code.has_value(); }
  };
  Waiter ask(Answer& answer, Deadline deadline = Deadline::never()) {
    return pool_->acquire(Driver::Role::kWriter, deadline, [&answer](Result<Lease> result) {
      if (result)
        answer.lease = std::move(*result);
      else
        answer.code = result.error().code();
    });
  }
  void turn(Duration by = Duration::zero()) {
    clock_.advance(by);
    while (loop_->run_ready() == Duration::zero()) {
    }
  }
  std::size_t count(Operation operation) const {
    return static_cast<std::size_t>(
        std::count_if(sink_.spans.begin(), sink_.spans.end(),
                      [operation](const auto& span) { return span.operation == operation; }));
  }

  ManualClock clock_;
  SeededRandom random_{1};
  telemetry::testing::RecordingSink sink_;
  telemetry::Tracer tracer_{clock_, sink_, "plain", "test"};
  Script script_;  // before the loop, whose posted tasks may hold the last reference to a connection
  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<net::TransportFactory> transports_;
  driver::DriverEnvironment environment_{*loop_, *transports_, clock_, random_, tracer_};
  SilentDriver driver_{script_, *loop_};
  std::vector<bool> connects_;
  std::unique_ptr<Pool> pool_;
};

TEST_F(PoolTest, ConnectionsAreReusedWithoutARoundTrip) {
  for (int index = 0; index < 5; ++index) {
    Answer answer;
    ask(answer);
    turn();
    ASSERT_TRUE(answer.lease);
  }
  EXPECT_EQ(script_.connects, 1U);
  EXPECT_EQ(script_.pings, 0U);
  EXPECT_EQ(connects_, std::vector{true});
}

TEST_F(PoolTest, OneCallerAfterAPauseCostsOnePingAndNoConnect) {
  {
    std::vector<Answer> answers(4);
    for (Answer& answer : answers) ask(answer);
    turn();
    for (const Answer& answer : answers) ASSERT_TRUE(answer.lease);
  }
  turn(seconds(3));
  Answer answer;
  ask(answer);
  turn();
  ASSERT_TRUE(answer.lease);
  EXPECT_EQ(script_.connects, 4U);
  EXPECT_EQ(script_.pings, 1U);
}

TEST_F(PoolTest, DownServerIsAskedOnceForAllWhoWait) {
  script_.on_connect = [] { return make_error(ErrorCode::kConnectFailed, "refused"); };
  std::vector<Answer> answers(100);
  for (Answer& answer : answers) ask(answer);
  turn();
  for (const Answer& answer : answers) EXPECT_EQ(answer.code, ErrorCode::kConnectFailed);
  EXPECT_LE(script_.connects, 4U);
  Answer later;
  ask(later);
  turn();
  EXPECT_EQ(later.code, ErrorCode::kConnectFailed);
  EXPECT_LE(script_.connects, 5U);
}

TEST_F(PoolTest, CallersWaitWhileTheOnlyServerWakes) {
  driver_.sleep.wake_budget = seconds(15);
  script_.holds_connects = true;
  const PoolOptions options;
  make(options);
  Answer patient;
  Answer hurried;
  ask(patient);
  ask(hurried, Deadline::after(clock_, options.acquire_timeout + seconds(2)));
  turn();
  turn(options.acquire_timeout + seconds(1));
  EXPECT_FALSE(patient.is_told());
  EXPECT_FALSE(hurried.is_told());
  turn(seconds(2));
  EXPECT_EQ(hurried.code, ErrorCode::kPoolTimeout);
  EXPECT_FALSE(patient.is_told());
  script_.release_connects();
  turn();
  EXPECT_TRUE(patient.lease);
}

TEST_F(PoolTest, CallersDoNotWaitForLentConnectionsBecauseServersSleep) {
  driver_.sleep.wake_budget = seconds(15);
  PoolOptions options;
  options.max_size = 1;
  make(options);
  Answer first;
  ask(first);
  turn();
  ASSERT_TRUE(first.lease);
  Answer second;
  ask(second);
  turn();
  turn(options.acquire_timeout);
  EXPECT_EQ(second.code, ErrorCode::kPoolTimeout);
}

TEST_F(PoolTest, NoConnectionIdlesForLongerThanItsServer) {
  driver_.sleep.longest_idle = seconds(20);
  make({});
  Answer answer;
  ask(answer);
  turn();
  ASSERT_TRUE(answer.lease);
  answer.lease.reset();
  turn(seconds(10));
  EXPECT_EQ(pool_->statistics().idle, 1U);
  turn(seconds(15));
  EXPECT_EQ(pool_->statistics().idle, 0U);
}

TEST_F(PoolTest, NoConnectionLivesForLongerThanItsServerWants) {
  driver_.longest = minutes(5);
  make({});
  Answer answer;
  ask(answer);
  turn();
  ASSERT_TRUE(answer.lease);
  clock_.advance(minutes(6));
  answer.lease.reset();
  turn();
  EXPECT_EQ(script_.closes, 1U);
}

TEST_F(PoolTest, WaitersEndAtTheirDeadlineOrThePoolsOwn) {
  PoolOptions options;
  options.max_size = 1;
  make(options);
  Answer holder;
  Answer hurried;
  Answer patient;
  ask(holder);
  ask(hurried, Deadline::after(clock_, milliseconds(100)));
  ask(patient);
  turn();
  ASSERT_TRUE(holder.lease);
  turn(milliseconds(99));
  EXPECT_FALSE(hurried.is_told());
  turn(milliseconds(1));
  EXPECT_EQ(hurried.code, ErrorCode::kPoolTimeout);
  turn(options.acquire_timeout);
  EXPECT_EQ(patient.code, ErrorCode::kPoolTimeout);
}

TEST_F(PoolTest, WhoLeftDoesNotFillTheQueue) {
  PoolOptions options;
  options.max_size = 1;
  options.max_waiters = 2;
  make(options);
  Answer holder;
  ask(holder);
  turn();
  Answer first;
  ask(first);
  for (int index = 0; index < 10; ++index) {
    Answer gone;
    ask(gone).cancel();
    turn();
    EXPECT_FALSE(gone.is_told());
  }
  Answer second;
  Answer refused;
  ask(second);
  ask(refused);
  turn();
  EXPECT_FALSE(second.is_told());
  EXPECT_EQ(refused.code, ErrorCode::kPoolTimeout);
  EXPECT_EQ(pool_->statistics().waiting, 2U);
  holder.lease.reset();
  turn();
  EXPECT_TRUE(first.lease);
}

TEST_F(PoolTest, DirtyConnectionsAreResetAndQuietnessIsDemanded) {
  Answer answer;
  ask(answer);
  turn();
  script_.is_dirty = true;
  answer.lease.reset();
  turn();
  EXPECT_EQ(script_.resets, 1U);
  EXPECT_EQ(pool_->statistics().idle, 1U);
  script_.is_quiet = false;
  EXPECT_FALSE(pool_->try_acquire(Driver::Role::kWriter));
  EXPECT_EQ(script_.closes, 1U);
  EXPECT_EQ(pool_->statistics().size, 0U);
}

TEST_F(PoolTest, RenewedAndAgedConnectionsRetire) {
  Answer answer;
  ask(answer);
  turn();
  pool_->renew();
  answer.lease.reset();
  turn();
  EXPECT_EQ(script_.closes, 1U);
  Answer aged;
  ask(aged);
  turn();
  clock_.advance(PoolOptions().max_lifetime);
  aged.lease.reset();
  turn();
  EXPECT_EQ(script_.closes, 2U);
}

TEST_F(PoolTest, IdleConnectionsLeaveAboveTheMinimum) {
  PoolOptions options;
  options.min_size = 1;
  make(options);
  std::vector<Answer> answers(3);
  for (Answer& answer : answers) ask(answer);
  turn();
  for (Answer& answer : answers) answer.lease.reset();
  turn();
  for (int minute = 0; minute < 12; ++minute) turn(minutes(1));
  EXPECT_EQ(pool_->statistics().idle, 1U);
}

TEST_F(PoolTest, FullPoolRetriesAfterAPauseWhileOthersServe) {
  Answer first;
  ask(first);
  turn();
  script_.on_connect = [] { return make_error(ErrorCode::kConnectFailed, "too many connections"); };
  Answer second;
  ask(second);
  turn();
  EXPECT_FALSE(second.is_told());
  const std::size_t tried = script_.connects;
  turn(milliseconds(50));
  EXPECT_EQ(script_.connects, tried);
  script_.on_connect = nullptr;
  turn(milliseconds(50));
  EXPECT_TRUE(second.lease);
}

TEST_F(PoolTest, EveryStepHasItsSpan) {
  Answer answer;
  ask(answer);
  turn();
  script_.is_dirty = true;
  answer.lease.reset();
  turn();
  turn(seconds(2));
  Answer again;
  ask(again);
  turn();
  again.lease->discard();
  turn();
  for (const Operation operation :
       {Operation::kConnect, Operation::kReset, Operation::kPing, Operation::kDisconnect}) {
    EXPECT_EQ(count(operation), 1U) << to_name(operation);
  }
  for (const auto& span : sink_.spans) EXPECT_FALSE(span.error.has_value()) << to_name(span.operation);
}

TEST_F(PoolTest, ALeaseMayOutliveThePool) {
  PoolOptions options;
  options.max_size = 2;
  make(options);
  Answer first;
  Answer second;
  ask(first);
  ask(second);
  turn();
  Lease released = std::move(*first.lease);
  Lease destroyed = std::move(*second.lease);
  ASSERT_TRUE(released);
  ASSERT_TRUE(destroyed);
  pool_.reset();
  released.release();
  EXPECT_FALSE(released);
  turn();
  EXPECT_TRUE(script_.live.empty()) << "the pool ends what it has lent";
}

TEST_F(PoolTest, DestructionAnswersNobody) {
  PoolOptions options;
  options.max_size = 1;
  make(options);
  script_.holds_connects = true;
  Answer answer;
  ask(answer);
  turn();
  pool_.reset();
  script_.release_connects();
  turn(seconds(10));
  EXPECT_FALSE(answer.is_told());
  EXPECT_EQ(count(Operation::kDisconnect), 0U) << "tracer and driver may be gone with the pool";
  EXPECT_TRUE(script_.live.empty()) << "a connect that ended late was kept";
}

}  // namespace
}  // namespace bridge::pool
