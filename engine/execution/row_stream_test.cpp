// What a stream holds and lets go of, examined on a driver that answers when told.
#include "engine/execution/row_stream.h"

#include <gtest/gtest.h>

#include "engine/driver/testing/scripted_driver.h"
#include "engine/execution/executor.h"
#include "engine/sql/testing/plain_dialect.h"
#include "engine/telemetry/testing/recording_sink.h"

namespace bridge::execution {
namespace {

using driver::testing::Script;
using driver::testing::ScriptedDriver;

/// What became of one batch.
struct Batch {
  bool is_told = false;
  std::optional<ErrorCode> code;
  Outcome outcome;
};

class RowStreamTest : public ::testing::Test {
 protected:
  RowStreamTest()
      : loop_(std::move(net::EventLoop::make()).value()), transports_(net::make_transport_factory(*loop_)) {
    sql::Table table{.name = *Identifier::make("books"), .schema = std::nullopt, .columns = {}};
    table.columns.push_back(sql::Column{.name = *Identifier::make("id"),
                                        .type = {.storage = types::StorageType::kInt64},
                                        .is_primary_key = true});
    source_ = std::make_shared<const sql::Source>(sql::Source{sql::make_table(std::move(table)).value()});
    EngineOptions options;
    options.pool.max_size = 1;
    engine_ = std::make_unique<Executor>(
        EngineParts{.redacted_url = "plain://",
                    .tracer = std::make_unique<telemetry::Tracer>(*loop_, sink_, "plain", "plain://"),
                    .driver = std::make_unique<ScriptedDriver>(script_, *loop_, dialect_),
                    .options = options,
                    .environment = {*loop_, *transports_, *loop_, random_, sink_}});
    script_.holds_requests = true;
  }

  std::unique_ptr<RowStream> open(TransactionPtr transaction = nullptr) {
    sql::Select select;
    select.selections.push_back(sql::Selection{source_, nullptr});
    select.from.push_back(source_);
    return engine_->open_stream({.statement = sql::make_statement(std::move(select)),
                                 .batch_rows = 2,
                                 .transaction = std::move(transaction),
                                 .origin = 0});
  }
  Operation fetch(RowStream& stream, Batch& batch) {
    Operation operation = stream.fetch(
        {.sink = nullptr, .deadline = Deadline::never(), .on_done = [&batch](Result<Outcome> result) {
           EXPECT_FALSE(batch.is_told) << "a completion is called once";
           batch.is_told = true;
           if (result) {
             batch.outcome = *result;
           } else {
             batch.code = result.error().code();
           }
         }});
    settle();
    return operation;
  }
  void answer(Result<Outcome> result) {
    script_.live.at(0)->answer_next(std::move(result));
    settle();
  }
  void settle() {
    for (int turn = 0; turn < kSettlingTurns; ++turn) loop_->run_ready();
  }
  std::size_t lent() const { return engine_->pool_statistics().lent; }

  static constexpr int kSettlingTurns = 20;
  Script script_;
  telemetry::testing::RecordingSink sink_;
  SeededRandom random_{1};
  sql::testing::PlainDialect dialect_;
  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<net::TransportFactory> transports_;
  sql::SourcePtr source_;
  std::unique_ptr<Executor> engine_;
};

TEST_F(RowStreamTest, NeverBegunCostsNothing) {
  open().reset();
  settle();
  EXPECT_EQ(script_.connects, 0U);
}

TEST_F(RowStreamTest, KeepsItsConnectionUntilTheLastRow) {
  const auto stream = open();
  Batch first;
  fetch(*stream, first);
  answer(Outcome{2, true});
  EXPECT_TRUE(first.outcome.has_more);
  EXPECT_EQ(lent(), 1U);
  Batch second;
  fetch(*stream, second);
  answer(Outcome{1, false});
  EXPECT_EQ(second.outcome.affected_rows, 1);
  EXPECT_EQ(lent(), 0U);
  ASSERT_EQ(script_.fetches.size(), 2U);
  EXPECT_TRUE(script_.fetches[0].is_opening);
  EXPECT_FALSE(script_.fetches[1].is_opening);
  EXPECT_EQ(script_.fetches[0].cursor, script_.fetches[1].cursor);
  EXPECT_TRUE(script_.closed_cursors.empty()) << "the last row closes it";
  Batch late;
  fetch(*stream, late);
  EXPECT_EQ(late.code, ErrorCode::kQuery);
}

TEST_F(RowStreamTest, DroppedAtRestClosesItsCursorAndGivesTheConnectionBack) {
  auto stream = open();
  Batch batch;
  fetch(*stream, batch);
  answer(Outcome{2, true});
  stream.reset();
  settle();
  EXPECT_EQ(script_.closed_cursors.size(), 1U);
  EXPECT_EQ(lent(), 0U);
  EXPECT_EQ(script_.cancels, 0U);
}

TEST_F(RowStreamTest, DroppedDuringABatchWaitsForIt) {
  auto stream = open();
  Batch first;
  fetch(*stream, first);
  answer(Outcome{2, true});
  Batch second;
  fetch(*stream, second);
  stream.reset();
  settle();
  EXPECT_EQ(second.code, ErrorCode::kCancelled);
  EXPECT_EQ(lent(), 1U);
  answer(Outcome{2, true});
  EXPECT_EQ(script_.closed_cursors.size(), 1U);
  EXPECT_EQ(lent(), 0U);
}

TEST_F(RowStreamTest, ACancelledBatchEndsIt) {
  const auto stream = open();
  Batch batch;
  Operation operation = fetch(*stream, batch);
  operation.cancel();
  settle();
  EXPECT_EQ(batch.code, ErrorCode::kCancelled);
  answer(Outcome{2, true});
  EXPECT_EQ(script_.closed_cursors.size(), 1U);
  EXPECT_EQ(lent(), 0U);
  Batch late;
  fetch(*stream, late);
  EXPECT_EQ(late.code, ErrorCode::kQuery);
}

TEST_F(RowStreamTest, ALostPlaceIsNeverFoundAgain) {
  const auto stream = open();
  Batch first;
  fetch(*stream, first);
  answer(Outcome{2, true});
  Batch second;
  fetch(*stream, second);
  script_.live.at(0)->lose(Sent::kYes);
  settle();
  EXPECT_EQ(second.code, ErrorCode::kConnectionLost);
  EXPECT_EQ(script_.fetches.size(), 2U);
  EXPECT_EQ(lent(), 0U);
}

TEST_F(RowStreamTest, RefusesASecondBatchBesideOneUnderWay) {
  const auto stream = open();
  Batch first;
  Batch second;
  fetch(*stream, first);
  fetch(*stream, second);
  EXPECT_EQ(second.code, ErrorCode::kQuery);
  answer(Outcome{1, false});
  EXPECT_TRUE(first.is_told);
}

TEST_F(RowStreamTest, AClosingEngineEndsAStreamAtRest) {
  const auto stream = open();
  Batch batch;
  fetch(*stream, batch);
  answer(Outcome{2, true});
  bool is_closed = false;
  engine_->close(Deadline::never(), [&is_closed](Result<Outcome>) { is_closed = true; });
  settle();
  EXPECT_TRUE(is_closed);
  EXPECT_EQ(script_.closed_cursors.size(), 1U);
}

TEST_F(RowStreamTest, OutlivesAnEngineThatGoesAtOnce) {
  const auto stream = open();
  Batch batch;
  fetch(*stream, batch);
  answer(Outcome{2, true});
  engine_.reset();
  settle();
  stream->close();
}

}  // namespace
}  // namespace bridge::execution
