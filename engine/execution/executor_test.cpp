// The corridor, examined on a driver that answers when told.
#include "engine/execution/executor.h"

#include <gtest/gtest.h>

#include "engine/execution/testing/executor_fixture.h"

namespace bridge::execution {
namespace {

using testing::Ending;
using testing::ExecutorTest;

TEST_F(ExecutorTest, AnswersInALaterTurn) {
  Ending ending;
  run(read(), ending);
  EXPECT_FALSE(ending.is_told);
  settle();
  EXPECT_TRUE(ending.is_told);
  EXPECT_EQ(ending.code, std::nullopt);
}

TEST_F(ExecutorTest, RefusesAWrongStatementWithoutAConnection) {
  Ending ending;
  sql::Delete statement;
  statement.source = source_;
  run(sql::make_statement(std::move(statement)), ending);
  settle();
  EXPECT_EQ(ending.code, ErrorCode::kQuery);
  EXPECT_EQ(script_.connects, 0u);
}

TEST_F(ExecutorTest, EveryStatementMakesASpan) {
  Ending ending;
  run(write(), ending);
  settle();
  EXPECT_EQ(std::count(sink_.operations.begin(), sink_.operations.end(), telemetry::Operation::kDelete), 1);
  EXPECT_EQ(sink_.failures, 0);
}

TEST_F(ExecutorTest, CancellingReleasesTheCallerAndDrainsTheReply) {
  Ending ending;
  script_.holds_requests = true;
  Operation operation = run(write(), ending);
  settle();
  operation.cancel();
  settle();
  EXPECT_EQ(ending.code, ErrorCode::kCancelled);
  EXPECT_EQ(engine_->pool_statistics().lent, 1u) << "the connection is kept until its reply has drained";
  only_connection().answer_next(Outcome{});
  settle();
  EXPECT_EQ(engine_->pool_statistics().lent, 0u);
  EXPECT_EQ(engine_->pool_statistics().idle, 1u);
}

TEST_F(ExecutorTest, CancellingWhileQueuedLeavesNothingBehind) {
  Ending ending;
  script_.holds_connects = true;
  Operation operation = run(read(), ending);
  settle();
  operation.cancel();
  script_.release_connects();
  settle();
  EXPECT_EQ(ending.code, ErrorCode::kCancelled);
  EXPECT_TRUE(script_.texts.empty());
  EXPECT_EQ(engine_->pool_statistics().waiting, 0u);
}

TEST_F(ExecutorTest, TransactionKeepsItsConnectionUntilItEnds) {
  TransactionPtr transaction = begin();
  ASSERT_TRUE(transaction);
  Ending first;
  run(write(), first, transaction);
  settle();
  EXPECT_TRUE(first.is_told);
  EXPECT_EQ(engine_->pool_statistics().lent, 1u);
  Ending committed;
  transaction->commit(Deadline::never(), 0, committed.recorder());
  settle();
  EXPECT_TRUE(committed.is_told);
  EXPECT_EQ(engine_->pool_statistics().lent, 0u);
  Ending late;
  run(write(), late, transaction);
  settle();
  EXPECT_EQ(late.code, ErrorCode::kConfiguration);
}

TEST_F(ExecutorTest, DroppedTransactionRollsBack) {
  TransactionPtr transaction = begin();
  transaction.reset();
  settle();
  EXPECT_EQ(script_.texts.back(), "ROLLBACK");
  EXPECT_EQ(engine_->pool_statistics().idle, 1u);
}

TEST_F(ExecutorTest, LostCommitIsUnknownAndNeverRepeated) {
  TransactionPtr transaction = begin();
  script_.holds_requests = true;
  Ending ending;
  transaction->commit(Deadline::never(), 0, ending.recorder());
  only_connection().lose(Sent::kYes);
  settle();
  EXPECT_EQ(ending.code, ErrorCode::kCommitOutcomeUnknown);
  EXPECT_EQ(std::count(script_.texts.begin(), script_.texts.end(), "COMMIT"), 1);
}

TEST_F(ExecutorTest, OpenCircuitRefusesWithoutTouchingTheNetwork) {
  script_.on_connect = [] { return std::optional(make_error(ErrorCode::kConnectFailed, "refused")); };
  for (int attempt = 0; attempt < 10; ++attempt) {
    Ending ending;
    run(read(), ending);
    pass(kLongPause);
    EXPECT_TRUE(ending.is_told);
  }
  EXPECT_EQ(engine_->breaker_state(), "open");
  const std::size_t connects = script_.connects;
  Ending refused;
  run(read(), refused);
  settle();
  EXPECT_EQ(refused.code, ErrorCode::kCircuitOpen);
  EXPECT_EQ(script_.connects, connects);
}

TEST_F(ExecutorTest, DestroyedEngineTellsEveryCaller) {
  Ending ending;
  script_.holds_requests = true;
  run(read(), ending);
  settle();
  engine_.reset();
  settle();
  EXPECT_EQ(ending.code, ErrorCode::kPoolClosed);
}

TEST_F(ExecutorTest, ShortReadsOfOneTurnShareAConnection) {
  Ending warm;
  run(read(), warm);  // measured once, the shape is known to be short
  settle();
  script_.holds_requests = true;
  std::vector<Ending> endings(5);
  for (Ending& ending : endings) run(read(), ending);
  settle();
  EXPECT_EQ(script_.live.size(), 1u);
  EXPECT_EQ(only_connection().waiting(), endings.size());
  while (only_connection().waiting() > 0) only_connection().answer_next(Outcome{});
  settle();
  for (const Ending& ending : endings) EXPECT_TRUE(ending.is_told);
  EXPECT_EQ(engine_->pool_statistics().lent, 0u);
}

}  // namespace
}  // namespace bridge::execution
