// What the tests of the corridor stand on: an executor whose driver and clock do as they are told.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/driver/testing/scripted_driver.h"
#include "engine/execution/executor.h"
#include "engine/sql/testing/plain_dialect.h"

namespace bridge::execution::testing {

using driver::testing::Script;
using driver::testing::ScriptedConnection;
using driver::testing::ScriptedDriver;

/// Keeps what telemetry was told.
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

  /// The completion that writes here.
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

/// An executor of two connections on a scripted driver, on a clock that only moves when told.
class ExecutorTest : public ::testing::Test {
 protected:
  ExecutorTest()
      : loop_(std::move(net::EventLoop::make(clock_)).value()),
        transports_(net::make_transport_factory(*loop_)) {
    sql::Table table{.name = *Identifier::make("books"), .schema = std::nullopt, .columns = {}};
    table.columns.push_back(sql::Column{.name = *Identifier::make("id"),
                                        .type = {.storage = types::StorageType::kInt64},
                                        .is_primary_key = true});
    table_ = sql::make_table(std::move(table)).value();
    source_ = std::make_shared<const sql::Source>(sql::Source{table_});
    make_engine();
  }

  void make_engine(EngineOptions options = {}) {
    options.pool.max_size = 2;
    engine_.reset();
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
  /// Lets time pass step by step, so that what is due in between happens in its order.
  void pass(Duration span) {
    settle();
    for (Duration passed{0}; passed < span; passed += kStep) {
      clock_.advance(kStep);
      settle();
    }
  }
  ScriptedConnection& only_connection() { return *script_.live.at(0); }

  static constexpr int kSettlingTurns = 20;
  static constexpr Duration kStep = std::chrono::milliseconds(5);
  static constexpr Duration kLongPause =
      std::chrono::milliseconds(200);  ///< longer than two pauses of the retry policy together
  ManualClock clock_;
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

}  // namespace bridge::execution::testing
