// What every test of the SQLite driver needs: a loop, a database in a private folder, statements by hand,
// rows as text.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/databases/sqlite/connection.h"
#include "engine/driver/driver.h"

namespace bridge::sqlite::testing {

/// A folder of its own, removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string file(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// Collects rows as text, a line per row, cells joined by `|`; `error_after` makes it refuse that batch.
class TextSink final : public driver::RowSink, private driver::CellVisitor {
 public:
  Status on_columns(std::span<const driver::ResultColumn> columns) override;
  Status on_batch(const driver::RowBatch& batch) override;
  void on_restart() override;

  std::vector<std::string> names;
  std::vector<std::string> rows;
  std::size_t batches = 0;
  std::size_t restarts = 0;
  std::optional<std::size_t> refuses_batch;

 private:
  Status on_null() override { return append("NULL"); }
  Status on_bool(bool value) override { return append(value ? "true" : "false"); }
  Status on_integer(std::int64_t value) override { return append(std::to_string(value)); }
  Status on_real(double value) override { return append("real " + std::to_string(value)); }
  Status on_decimal(std::string_view digits) override { return append("decimal " + std::string(digits)); }
  Status on_text(std::string_view text) override { return append(std::string(text)); }
  Status on_bytes(ByteSpan bytes) override { return append("bytes " + std::string(to_text(bytes))); }
  Status on_date(std::int64_t days) override { return append("date " + std::to_string(days)); }
  Status on_time(std::int64_t microseconds) override {
    return append("time " + std::to_string(microseconds));
  }
  Status on_timestamp(std::int64_t microseconds) override {
    return append("timestamp " + std::to_string(microseconds));
  }
  Status on_timestamp_utc(std::int64_t microseconds) override {
    return append("utc " + std::to_string(microseconds));
  }
  Status on_interval(types::Interval value) override;
  Status on_uuid(const types::UuidBytes& value) override;
  Status on_json(std::string_view text) override { return append("json " + std::string(text)); }
  Status on_inet(std::string_view text) override { return append("inet " + std::string(text)); }
  Status on_array_begin(std::size_t count) override { return append("array of " + std::to_string(count)); }
  Status on_array_end() override { return append("end"); }
  Status append(const std::string& text);

  std::string row_;
};

/// How a statement ended.
struct Reply {
  std::optional<Error> error;
  std::int64_t affected = 0;
  std::vector<std::string> rows;

  std::string code() const { return error ? std::string(to_name(error->code())) : "ok"; }
  std::string joined() const;
};

/// A statement's traits, guessed from its first word as the compiler would set them.
std::shared_ptr<sql::CompiledStatement> make_compiled(std::string text,
                                                      std::vector<types::ColumnType> columns = {});

/// One connection with the loop that runs it. `say` waits for the answer.
class SqliteSession {
 public:
  /// Empty path: in memory.
  explicit SqliteSession(const std::string& path, driver::Driver::Role role = driver::Driver::Role::kWriter,
                         OpenOptions options = {});
  ~SqliteSession();

  Reply say(const std::string& text, std::vector<types::Value> parameters = {},
            std::vector<types::ColumnType> columns = {});
  Reply run(std::shared_ptr<const sql::CompiledStatement> statement,
            std::vector<types::Value> parameters = {}, TextSink* sink = nullptr,
            Deadline deadline = Deadline::never());
  Reply load(std::shared_ptr<const sql::CompiledStatement> statement, driver::RowSource& source);
  Reply reset();
  Reply ping();
  /// Hands a request over without waiting.
  void start(std::shared_ptr<const sql::CompiledStatement> statement, driver::Completion on_done,
             TextSink* sink = nullptr, Deadline deadline = Deadline::never());
  void close();
  /// Runs the loop until `is_over` or ten seconds have passed; false then.
  bool wait_until(const std::function<bool()>& is_over);

  SqliteConnection& connection() { return *connection_; }
  net::EventLoop& loop() { return *loop_; }
  telemetry::OperationSpan& span() { return span_; }

 private:
  class SilentSink final : public telemetry::Sink {
    void on_span(const telemetry::SpanRecord&) override {}
    void on_state(const telemetry::StateRecord&) override {}
  };
  Reply await(const std::function<void(driver::Completion)>& start_it);

  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<net::TransportFactory> transports_;
  SeededRandom random_{1};
  SilentSink sink_;
  telemetry::Tracer tracer_;
  telemetry::OperationSpan span_;
  std::unique_ptr<SqliteConnection> connection_;
};

}  // namespace bridge::sqlite::testing
