// What tests against real servers have in common: a loop, sessions, and waiting that fails instead of
// hanging.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/driver/driver.h"
#include "engine/net/testing/loop_fixture.h"
#include "engine/types/value.h"

namespace bridge::driver::testing {

/// Spells every visited value as text, so that a test can compare rows with one string.
class SpellingVisitor final : public CellVisitor {
 public:
  std::string text;
  Status on_null() override { return add("null"); }
  Status on_bool(bool value) override { return add(value ? "true" : "false"); }
  Status on_integer(std::int64_t value) override { return add(std::to_string(value)); }
  Status on_real(double value) override { return add("r" + std::to_string(value)); }
  Status on_decimal(std::string_view digits) override { return add("d" + std::string(digits)); }
  Status on_text(std::string_view value) override { return add("'" + std::string(value) + "'"); }
  Status on_bytes(ByteSpan bytes) override { return add("b" + std::string(to_text(bytes))); }
  Status on_date(std::int64_t days) override { return add("date" + std::to_string(days)); }
  Status on_time(std::int64_t value) override { return add("time" + std::to_string(value)); }
  Status on_timestamp(std::int64_t value) override { return add("ts" + std::to_string(value)); }
  Status on_timestamp_utc(std::int64_t value) override { return add("utc" + std::to_string(value)); }
  Status on_interval(types::Interval value) override {
    return add("i" + std::to_string(value.months) + "/" + std::to_string(value.days) + "/" +
               std::to_string(value.microseconds));
  }
  Status on_uuid(const types::UuidBytes& value) override {
    return add("uuid" + std::to_string(value[0]) + "." + std::to_string(value[15]));
  }
  Status on_json(std::string_view value) override { return add("json" + std::string(value)); }
  Status on_inet(std::string_view value) override { return add("inet" + std::string(value)); }
  Status on_array_begin(std::size_t count) override { return add("[" + std::to_string(count)); }
  Status on_array_end() override { return add("]"); }

 private:
  Status add(const std::string& word) {
    if (!text.empty()) text.push_back(' ');
    text += word;
    return {};
  }
};

/// Spells rows: cells by blanks, rows by `;`.
class SpellingSink final : public RowSink {
 public:
  std::string rows;
  std::size_t row_count = 0;
  std::size_t batches = 0;
  int restarts = 0;
  std::vector<ResultColumn> columns;
  std::optional<Error> refusal;  ///< answered to every batch

  Status on_columns(std::span<const ResultColumn> shape) override {
    columns.assign(shape.begin(), shape.end());
    return {};
  }
  Status on_batch(const RowBatch& batch) override {
    ++batches;
    if (refusal) return refusal->clone();
    for (std::size_t index = 0; index < batch.row_count(); ++index) {
      SpellingVisitor visitor;
      const auto row = batch.row(index);
      for (std::size_t column = 0; column < row.size(); ++column) {
        if (row[column].is_null())
          static_cast<void>(visitor.on_null());  // the visitor of a test never fails
        else
          BRIDGE_RETURN_IF_ERROR(batch.columns[column].decode(row[column], batch.columns[column], visitor));
      }
      rows += visitor.text + ";";
      ++row_count;
    }
    return {};
  }
  void on_restart() override {
    rows.clear();
    row_count = 0;
    ++restarts;
  }
};

using Answer = Result<Outcome>;

/// A request under way, and its answer.
struct Pending {
  SpellingSink sink;
  telemetry::OperationSpan span;
  std::optional<Answer> outcome;
  explicit Pending(telemetry::OperationSpan started) : span(std::move(started)) {}
};

class SessionFixture : public net::testing::LoopFixture {
 protected:
  static std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
  }

  virtual Result<std::unique_ptr<Driver>> make_driver(const ConnectionUrl& url) = 0;

  DriverEnvironment environment() { return {*loop_, *factory_, clock_, random_, tracer_}; }

  Result<std::unique_ptr<Connection>> open(const std::string& text,
                                           Duration limit = std::chrono::seconds(5)) {
    BRIDGE_ASSIGN_OR_RETURN(const auto url, ConnectionUrl::parse(text));
    BRIDGE_ASSIGN_OR_RETURN(const auto driver, make_driver(url));
    telemetry::OperationSpan span = tracer_.start(telemetry::Operation::kConnect);
    std::optional<Result<std::unique_ptr<Connection>>> answer;
    driver->connect(span, Driver::Role::kWriter, Deadline::after(clock_, limit),
                    [&](auto result) { answer = std::move(result); });
    EXPECT_TRUE(run_until([&] { return answer.has_value(); }));
    if (!answer) return make_error(ErrorCode::kInternal, "no answer");
    return std::move(*answer);
  }

  std::unique_ptr<Connection> open_or_fail(const std::string& text) {
    auto connection = open(text);
    EXPECT_TRUE(connection.has_value()) << (connection ? "" : connection.error().message());
    return connection ? std::move(*connection) : nullptr;
  }

  /// A statement as the compiler would make it; each text has its own number.
  std::shared_ptr<sql::CompiledStatement> statement(const std::string& text,
                                                    std::vector<types::StorageType> expected = {}) {
    auto made = std::make_shared<sql::CompiledStatement>();
    made->text = std::make_shared<const std::string>(text);
    made->returns_rows = true;
    made->is_read_only = true;
    made->has_unknown_columns = expected.empty();
    for (const auto type : expected) made->columns.push_back({"column", {.storage = type}});
    made->serial = ++serial_;
    return made;
  }
  std::shared_ptr<sql::CompiledStatement> command(const std::string& text) {
    auto made = statement(text);
    made->returns_rows = false;
    made->is_read_only = false;
    return made;
  }

  std::unique_ptr<Pending> send(Connection& connection,
                                std::shared_ptr<const sql::CompiledStatement> compiled,
                                std::vector<types::Value> parameters = {}, Deadline deadline = {},
                                bool may_share = false) {
    auto pending = std::make_unique<Pending>(tracer_.start(telemetry::Operation::kSelect));
    Request request;
    request.statement = std::move(compiled);
    request.parameters = std::move(parameters);
    request.sink = &pending->sink;
    request.deadline = deadline;
    request.may_share_sync = may_share;
    request.on_done = [raw = pending.get()](Answer outcome) { raw->outcome = std::move(outcome); };
    connection.execute(pending->span, std::move(request));
    return pending;
  }

  /// Waits for the answer; the code's name, or "ok".
  std::string await(Pending& pending) {
    if (!run_until([&] { return pending.outcome.has_value(); })) return "no answer in time";
    if (*pending.outcome) return "ok";
    return std::string(to_name(pending.outcome->error().code()));
  }

  /// Runs one statement; its rows as text, or the error's name and message.
  std::string rows_of(Connection& connection, std::shared_ptr<const sql::CompiledStatement> compiled,
                      std::vector<types::Value> parameters = {}) {
    const auto pending = send(connection, std::move(compiled), std::move(parameters));
    const std::string code = await(*pending);
    if (code == "ok") return pending->sink.rows;
    return code + ": " + (pending->outcome ? pending->outcome->error().message() : "");
  }

  SeededRandom random_{1};

 private:
  std::uint64_t serial_ = 0;
};

}  // namespace bridge::driver::testing
