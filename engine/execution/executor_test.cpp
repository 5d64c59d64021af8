// The corridor, examined on a driver that answers when told.
#include "engine/execution/executor.h"

#include <gtest/gtest.h>

#include "engine/driver/testing/scripted_driver.h"
#include "engine/sql/testing/plain_dialect.h"

namespace bridge::execution {
namespace {

using driver::testing::Script;
using driver::testing::ScriptedConnection;
using driver::testing::ScriptedDriver;

class RecordingSink final : public telemetry::Sink {
 public:
  void on_span(const telemetry::SpanRecord& record) override {
    operations.push_back(record.operation);
    failures += record.error != nullptr;
  }
  void on_state(const telemetry::StateRecord& record) override { states.emplace_back(record.to); }

  std::vector<telemetry::Operation> operations;
  std::vector<std::string> states;
  int failures = 0;
};

/// What became of one call.
struct Ending {
  bool is_told = false;
  std::optional<ErrorCode> code;
  std::int64_t rows = 0;

  Completion recorder() {
    return [this](Result<Outcome> result) {
      EXPECT_FALSE(is_told) << "a completion is called once";
      is_told = true;
      if (result) {
        rows = result->affected_rows;
      } else {
        code = result.error().code();
      }
    };
  }
};

class ExecutorTest : public ::testing::Test {
 protected:
  ExecutorTest()
      : loop_(std::move(net::EventLoop::make()).value()), transports_(net::make_transport_factory(*loop_)) {
    sql::Table table{.name = *Identifier::make("books"), .schema = std::nullopt, .columns = {}};
    table.columns.push_back(sql::Column{.name = *Identifier::make("id"),
                                        .type = {.storage = types::StorageType::kInt64},
                                        .is_primary_key = true});
    table_ = sql::make_table(std::move(table)).value();
    source_ = std::make_shared<const sql::Source>(sql::Source{table_});
    make_engine();
  }

  void make_engine() {
    EngineOptions options;
    options.pool.max_size = 2;
    EngineParts parts{.redacted_url = "plain://",
                      .tracer = std::make_unique<telemetry::Tracer>(*loop_, sink_, "plain", "plain://"),
                      .driver = std::make_unique<ScriptedDriver>(script_, *loop_, dialect_),
                      .options = options,
                      .environment = {*loop_, *transports_, *loop_, random_, sink_}};
    engine_ = std::make_unique<Executor>(std::move(parts));
  }

  sql::StatementPtr read() {
    sql::Select select;
    select.selections.push_back(sql::Selection{source_, nullptr});
    select.from.push_back(source_);
    return sql::make_statement(std::move(select));
  }
  sql::StatementPtr write() {
    sql::Delete statement;
    statement.source = source_;
    statement.is_everywhere = true;
    return sql::make_statement(std::move(statement));
  }
  Operation run(sql::StatementPtr statement, Ending& ending, TransactionPtr transaction = nullptr) {
    return engine_->execute(Call{.statement = std::move(statement),
                                 .sink = nullptr,
                                 .transaction = std::move(transaction),
                                 .deadline = Deadline::never(),
                                 .origin = 0,
                                 .on_done = ending.recorder()});
  }
  TransactionPtr begin() {
    TransactionPtr begun;
    engine_->begin(sql::Begin{}, Deadline::never(), 0,
                   [&begun](Result<TransactionPtr> result) { begun = std::move(result).value(); });
    settle();
    return begun;
  }
  /// Runs the loop until nothing is left to do at once.
  void settle() {
    for (int turn = 0; turn < kSettlingTurns; ++turn) loop_->run_ready();
  }
  ScriptedConnection& only_connection() { return *script_.live.at(0); }

  static constexpr int kSettlingTurns = 20;
  Script script_;
  RecordingSink sink_;
  SeededRandom random_{1};
  sql::testing::PlainDialect dialect_;
  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<net::TransportFactory> transports_;
  sql::TablePtr table_;
  sql::SourcePtr source_;
  std::unique_ptr<Executor> engine_;
};

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

TEST_F(ExecutorTest, ReadsOnceMoreWhenTheConnectionWasLost) {
  Ending ending;
  script_.holds_requests = true;
  run(read(), ending);
  settle();
  only_connection().lose(Sent::kYes);
  settle();
  EXPECT_FALSE(ending.is_told);
  ASSERT_FALSE(script_.live.empty());
  script_.live.back()->answer_next(Outcome{3});
  settle();
  EXPECT_EQ(ending.rows, 3);
}

TEST_F(ExecutorTest, NeverRepeatsAWriteThatMayHaveRun) {
  Ending ending;
  script_.holds_requests = true;
  run(write(), ending);
  settle();
  only_connection().lose(Sent::kYes);
  settle();
  EXPECT_EQ(ending.code, ErrorCode::kConnectionLost);
  EXPECT_EQ(script_.texts.size(), 1u);
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
    settle();
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
