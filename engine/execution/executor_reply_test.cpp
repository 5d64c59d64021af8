// How operations end, and which of them are tried again: on a scripted driver and a clock that is told.
#include "engine/execution/executor.h"
#include "engine/execution/testing/executor_fixture.h"
#include "engine/sql/raw_sql.h"

namespace bridge::execution {
namespace {

using std::chrono::microseconds;
using testing::Ending;

class ExecutorReplyTest : public testing::ExecutorTest {
 protected:
  /// Runs a statement whose requests wait to be answered.
  Operation run_held(sql::StatementPtr statement, Ending& ending, Deadline deadline = Deadline::never()) {
    script_.holds_requests = true;
    Operation operation = engine_->execute(Call{.statement = std::move(statement),
                                                .sink = nullptr,
                                                .transaction = nullptr,
                                                .deadline = deadline,
                                                .origin = 0,
                                                .on_done = ending.recorder()});
    settle();
    return operation;
  }
  void lose_newest(Sent sent) { script_.live.back()->lose(sent); }
  void fail_newest(ErrorCode code) {
    script_.live.back()->answer_next(make_error(code, "refused").with_sent(Sent::kYes));
  }
  sql::StatementPtr raw() {
    sql::Raw statement;
    statement.pieces = {"CALL settle_accounts()"};
    return sql::make_statement(std::move(statement));
  }
  std::size_t count_sent() const { return script_.texts.size(); }
  void refuse_connects() {
    script_.on_connect = [] { return std::optional(make_error(ErrorCode::kConnectFailed, "refused")); };
  }
};

TEST_F(ExecutorReplyTest, RepeatsALostReadAfterAPause) {
  Ending ending;
  run_held(read(), ending);
  lose_newest(Sent::kYes);
  settle();
  EXPECT_EQ(count_sent(), 1u) << "the pause has not passed";
  pass(kLongPause);
  EXPECT_FALSE(ending.is_told);
  ASSERT_EQ(count_sent(), 2u);
  script_.live.back()->answer_next(Outcome{3});
  settle();
  EXPECT_EQ(ending.rows, 3);
}

TEST_F(ExecutorReplyTest, GivesUpAReadAfterThreeAttempts) {
  Ending ending;
  run_held(read(), ending);
  for (int attempt = 0; attempt < 3; ++attempt) {
    EXPECT_FALSE(ending.is_told);
    lose_newest(Sent::kYes);
    pass(kLongPause);
  }
  EXPECT_EQ(ending.code, ErrorCode::kConnectionLost);
  EXPECT_EQ(count_sent(), 3u);
  EXPECT_EQ(std::count(sink_.operations.begin(), sink_.operations.end(), telemetry::Operation::kSelect), 3)
      << "a span for each attempt";
  EXPECT_EQ(sink_.failures, 3);
}

TEST_F(ExecutorReplyTest, NeverRepeatsAWriteThatMayHaveRun) {
  for (const Sent sent : {Sent::kYes, Sent::kUnknown}) {
    Ending ending;
    const std::size_t before = count_sent();
    run_held(write(), ending);
    lose_newest(sent);
    pass(kLongPause);
    EXPECT_EQ(ending.code, ErrorCode::kConnectionLost);
    EXPECT_EQ(count_sent(), before + 1);
  }
}

TEST_F(ExecutorReplyTest, RepeatsAWriteThatNeverLeft) {
  Ending ending;
  run_held(write(), ending);
  lose_newest(Sent::kNo);
  pass(kLongPause);
  ASSERT_EQ(count_sent(), 2u);
  script_.live.back()->answer_next(Outcome{1});
  settle();
  EXPECT_EQ(ending.rows, 1);
}

TEST_F(ExecutorReplyTest, RepeatsAWriteTheServerHasUndone) {
  Ending ending;
  run_held(write(), ending);
  fail_newest(ErrorCode::kDeadlock);
  pass(kLongPause);
  ASSERT_EQ(count_sent(), 2u);
  script_.live.back()->answer_next(Outcome{1});
  settle();
  EXPECT_EQ(ending.rows, 1);
  EXPECT_EQ(engine_->pool_statistics().lent, 0u);
}

TEST_F(ExecutorReplyTest, NeverRepeatsTextOfTheApplicationThatLeft) {
  Ending ending;
  run_held(raw(), ending);
  fail_newest(ErrorCode::kDeadlock);
  pass(kLongPause);
  EXPECT_EQ(ending.code, ErrorCode::kDeadlock);
  EXPECT_EQ(count_sent(), 1u);
}

TEST_F(ExecutorReplyTest, NeverRepeatsAStatementOfATransaction) {
  const TransactionPtr transaction = begin();
  script_.holds_requests = true;
  Ending ending;
  run(read(), ending, transaction);
  settle();
  lose_newest(Sent::kNo);
  pass(kLongPause);
  EXPECT_EQ(ending.code, ErrorCode::kConnectionLost);
  EXPECT_EQ(count_sent(), 2u) << "BEGIN and the statement";
}

TEST_F(ExecutorReplyTest, RepeatsABeginThatWasLost) {
  script_.holds_requests = true;
  TransactionPtr begun;
  engine_->begin(sql::Begin{}, Deadline::never(), 0,
                 [&begun](Result<TransactionPtr> result) { begun = std::move(result).value(); });
  settle();
  lose_newest(Sent::kYes);
  pass(kLongPause);
  ASSERT_EQ(count_sent(), 2u);
  script_.live.back()->answer_next(Outcome{});
  settle();
  EXPECT_TRUE(begun);
}

TEST_F(ExecutorReplyTest, TriesAFailedConnectAgainAndSaysThatNothingLeft) {
  int refusals = 1;
  script_.on_connect = [&refusals]() -> std::optional<Error> {
    if (refusals-- > 0) return make_error(ErrorCode::kConnectFailed, "starting up");
    return std::nullopt;
  };
  Ending ending;
  run(write(), ending);
  pass(kLongPause);
  EXPECT_TRUE(ending.is_told);
  EXPECT_EQ(ending.code, std::nullopt);
  EXPECT_EQ(script_.connects, 2u);
}

TEST_F(ExecutorReplyTest, NeverPausesPastTheDeadline) {
  Ending ending;
  run_held(read(), ending, Deadline::after(clock_, microseconds(1)));
  lose_newest(Sent::kYes);
  settle();
  EXPECT_EQ(ending.code, ErrorCode::kConnectionLost);
}

// Every caller alone may try three times; all together must not storm a server that is down.
TEST_F(ExecutorReplyTest, ADeadServerIsNotHammered) {
  EngineOptions options;
  options.breaker.is_enabled = false;
  make_engine(options);
  refuse_connects();
  constexpr std::size_t kCalls = 200;
  std::vector<Ending> endings(kCalls);
  for (Ending& ending : endings) {
    run(read(), ending);
    pass(kLongPause);
    EXPECT_EQ(ending.code, ErrorCode::kConnectFailed);
  }
  constexpr std::size_t kAffordableRetries = 20;  // a budget of 100 tokens at 5 each
  EXPECT_EQ(script_.connects, kCalls + kAffordableRetries);
}

TEST_F(ExecutorReplyTest, TheBreakerIsToldOfEachAttempt) {
  EngineOptions options;
  options.breaker.minimum_calls = 3;
  make_engine(options);
  Ending ending;
  run_held(read(), ending);
  for (int attempt = 0; attempt < 3; ++attempt) {
    EXPECT_EQ(engine_->breaker_state(), "closed");
    lose_newest(Sent::kYes);
    pass(kLongPause);
  }
  EXPECT_EQ(engine_->breaker_state(), "open");
}

TEST_F(ExecutorReplyTest, AnOpenCircuitEndsTheAttemptsWithTheirOwnError) {
  EngineOptions options;
  options.breaker.minimum_calls = 1;
  make_engine(options);
  Ending ending;
  run_held(read(), ending);
  lose_newest(Sent::kYes);
  pass(kLongPause);
  EXPECT_EQ(ending.code, ErrorCode::kConnectionLost);
  EXPECT_EQ(count_sent(), 1u);
}

TEST_F(ExecutorReplyTest, CancellingDuringAPauseLeavesNothingBehind) {
  Ending ending;
  Operation operation = run_held(read(), ending);
  lose_newest(Sent::kYes);
  settle();
  operation.cancel();
  pass(kLongPause);
  EXPECT_EQ(ending.code, ErrorCode::kCancelled);
  EXPECT_EQ(count_sent(), 1u);
  EXPECT_EQ(engine_->pool_statistics().waiting, 0u);
}

TEST_F(ExecutorReplyTest, ClosingDuringAPauseTellsTheCaller) {
  Ending ending;
  run_held(read(), ending);
  lose_newest(Sent::kYes);
  settle();
  Ending closed;
  engine_->close(Deadline::never(), closed.recorder());
  settle();
  EXPECT_EQ(ending.code, ErrorCode::kPoolClosed);
  EXPECT_TRUE(closed.is_told);
}

TEST_F(ExecutorReplyTest, DestroyingTheEngineDuringAPauseTellsTheCaller) {
  Ending ending;
  run_held(read(), ending);
  lose_newest(Sent::kYes);
  settle();
  engine_.reset();
  pass(kLongPause);
  EXPECT_EQ(ending.code, ErrorCode::kPoolClosed);
}

}  // namespace
}  // namespace bridge::execution
