// Statements said by hand to a real SQLite connection.
#include "engine/databases/sqlite/testing/sqlite_session.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>

#include "engine/types/uuid.h"

namespace bridge::sqlite::testing {
namespace {

constexpr Duration kPatience = std::chrono::seconds(10);

telemetry::Operation to_operation(const std::string& text) {
  using telemetry::Operation;
  const std::string word = text.substr(0, text.find(' '));
  if (word == "SELECT" || word == "WITH") return Operation::kSelect;
  if (word == "INSERT") return Operation::kInsert;
  if (word == "UPDATE") return Operation::kUpdate;
  if (word == "DELETE") return Operation::kDelete;
  if (word == "CREATE" || word == "DROP" || word == "ALTER") return Operation::kDefine;
  if (word == "BEGIN") return Operation::kBegin;
  if (word == "COMMIT") return Operation::kCommit;
  if (word == "ROLLBACK")
    return text.find(" TO ") == std::string::npos ? Operation::kRollback : Operation::kRollbackToSavepoint;
  if (word == "SAVEPOINT") return Operation::kSavepoint;
  return Operation::kRaw;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  static std::atomic<int> counter{0};
  path_ = std::filesystem::temp_directory_path() /
          ("bridge_sqlite_" + std::to_string(getpid()) + "_" + std::to_string(counter++));
  std::filesystem::create_directories(path_);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // a folder that stays is no failure of the test
  std::filesystem::remove_all(path_, ignored);
}

Status TextSink::on_columns(std::span<const driver::ResultColumn> columns) {
  names.clear();
  for (const auto& column : columns) names.push_back(column.name);
  return {};
}

Status TextSink::on_batch(const driver::RowBatch& batch) {
  ++batches;
  if (refuses_batch == batches) return make_error(ErrorCode::kDecode, "the sink wants no more");
  for (std::size_t index = 0; index < batch.row_count(); ++index) {
    row_.clear();
    const auto row = batch.row(index);
    for (std::size_t column = 0; column < row.size(); ++column) {
      if (row[column].is_null()) {
        BRIDGE_RETURN_IF_ERROR(on_null());
      } else {
        BRIDGE_RETURN_IF_ERROR(batch.columns[column].decode(row[column], batch.columns[column], *this));
      }
    }
    rows.push_back(row_);
  }
  return {};
}

void TextSink::on_restart() {
  rows.clear();
  ++restarts;
}

Status TextSink::on_interval(types::Interval value) {
  return append("interval " + std::to_string(value.days) + "d " + std::to_string(value.microseconds));
}

Status TextSink::on_uuid(const types::UuidBytes& value) {
  return append("uuid " + types::to_uuid_text(value));
}

Status TextSink::append(const std::string& text) {
  if (!row_.empty()) row_ += '|';
  row_ += text;
  return {};
}

std::string Reply::joined() const {
  std::string text;
  for (const std::string& row : rows) text += (text.empty() ? "" : "\n") + row;
  return error ? code() : text;
}

std::shared_ptr<sql::CompiledStatement> make_compiled(std::string text,
                                                      std::vector<types::ColumnType> columns) {
  static std::atomic<std::uint64_t> serial{1};
  auto compiled = std::make_shared<sql::CompiledStatement>();
  compiled->operation = to_operation(text);
  compiled->has_unknown_columns = columns.empty();
  for (const types::ColumnType& type : columns) {
    compiled->columns.push_back({"column_" + std::to_string(compiled->columns.size()), type});
  }
  compiled->dirties_session = compiled->operation == telemetry::Operation::kRaw;
  compiled->text = std::make_shared<const std::string>(std::move(text));
  compiled->serial = serial++;
  return compiled;
}

SqliteSession::SqliteSession(const std::string& path, driver::Driver::Role role, OpenOptions options)
    : loop_(std::move(net::EventLoop::make()).value()),
      transports_(net::make_transport_factory(*loop_)),
      tracer_(*loop_, sink_, "sqlite", "test"),
      span_(tracer_.start(telemetry::Operation::kRaw)) {
  options.path = path;
  options.is_in_memory = path.empty();
  auto handle = DatabaseHandle::open(options, role, *loop_, Deadline::after(*loop_, kPatience));
  EXPECT_TRUE(handle) << (handle ? "" : handle.error().message());
  if (!handle) return;
  connection_ = std::make_unique<SqliteConnection>(
      std::move(*handle), options, driver::DriverEnvironment{*loop_, *transports_, *loop_, random_, tracer_});
}

SqliteSession::~SqliteSession() = default;

bool SqliteSession::wait_until(const std::function<bool()>& is_over) {
  const Deadline patience = Deadline::after(*loop_, kPatience);
  while (!is_over() && !patience.has_passed(loop_->now())) {
    loop_->run_blocking(Deadline::after(*loop_, std::chrono::milliseconds(20)));
  }
  return is_over();
}

Reply SqliteSession::await(const std::function<void(driver::Completion)>& start_it) {
  Reply reply;
  bool is_over = false;
  start_it([&](Result<driver::Outcome> result) {
    EXPECT_FALSE(is_over) << "completed twice";
    is_over = true;
    if (result) {
      reply.affected = result->affected_rows;
    } else {
      reply.error = std::move(result).error();
    }
  });
  EXPECT_FALSE(is_over) << "completed inside the call that handed it over";
  EXPECT_TRUE(wait_until([&] { return is_over; }));
  return reply;
}

Reply SqliteSession::say(const std::string& text, std::vector<types::Value> parameters,
                         std::vector<types::ColumnType> columns) {
  return run(make_compiled(text, std::move(columns)), std::move(parameters));
}

Reply SqliteSession::run(std::shared_ptr<const sql::CompiledStatement> statement,
                         std::vector<types::Value> parameters, TextSink* sink, Deadline deadline) {
  TextSink own;
  TextSink* into = sink == nullptr ? &own : sink;
  Reply reply = await([&](driver::Completion on_done) {
    connection_->execute(span_, {.statement = std::move(statement),
                                 .parameters = std::move(parameters),
                                 .sink = into,
                                 .deadline = deadline,
                                 .on_done = std::move(on_done)});
  });
  reply.rows = into->rows;
  return reply;
}

Reply SqliteSession::load(std::shared_ptr<const sql::CompiledStatement> statement,
                          driver::RowSource& source) {
  return await([&](driver::Completion on_done) {
    connection_->copy_rows(
        span_,
        {.statement = std::move(statement), .parameters = {}, .deadline = {}, .on_done = std::move(on_done)},
        source);
  });
}

Reply SqliteSession::reset() {
  return await(
      [&](driver::Completion on_done) { connection_->reset(span_, Deadline::never(), std::move(on_done)); });
}

Reply SqliteSession::ping() {
  return await(
      [&](driver::Completion on_done) { connection_->ping(span_, Deadline::never(), std::move(on_done)); });
}

void SqliteSession::start(std::shared_ptr<const sql::CompiledStatement> statement, driver::Completion on_done,
                          TextSink* sink, Deadline deadline) {
  connection_->execute(span_, {.statement = std::move(statement),
                               .parameters = {},
                               .sink = sink,
                               .deadline = deadline,
                               .on_done = std::move(on_done)});
}

void SqliteSession::close() { connection_->close(span_); }

}  // namespace bridge::sqlite::testing
