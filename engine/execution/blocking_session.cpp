// The engine for programs without an event loop.
#include "engine/execution/blocking_session.h"

#include <optional>
#include <utility>

#include "engine/execution/row_collector.h"
#include "engine/sql/ddl.h"

namespace bridge::execution {
namespace {

/// For callers who want no telemetry.
class SilentSink final : public telemetry::Sink {
 public:
  void on_span(const telemetry::SpanRecord&) override {}
  void on_state(const telemetry::StateRecord&) override {}
};

/// Rows that lie in memory, handed to a bulk load one by one.
class MemoryRows final : public driver::RowSource {
 public:
  explicit MemoryRows(std::vector<Row> rows) : rows_(std::move(rows)) {}
  Result<bool> next(Row& row) override {
    if (position_ == rows_.size()) return false;
    row = std::move(rows_[position_++]);
    return true;
  }

 private:
  std::vector<Row> rows_;
  std::size_t position_ = 0;
};

/// A seed for the jitter of timeouts; nothing secret hangs on it.
std::uint64_t make_seed() {
  std::uint64_t seed = 0;
  if (!fill_secure_random(&seed, sizeof(seed))) seed = 1;
  return seed;
}

}  // namespace

/// Everything a session owns, in the order it must be made and, the other way round, destroyed.
struct BlockingSession::Parts {
  std::unique_ptr<net::EventLoop> loop;
  std::unique_ptr<net::TransportFactory> transports;
  SeededRandom random{make_seed()};
  SilentSink silence;
  Duration timeout{};
  std::unique_ptr<Engine> engine;
  TransactionPtr transaction;

  Deadline deadline() const { return Deadline::after(*loop, timeout); }

  /// Starts something and turns the loop until it has ended. The engine answers within its deadline.
  template <typename Outcome>
  Result<Outcome> await(const std::function<void(std::function<void(Result<Outcome>)>)>& start) {
    std::optional<Result<Outcome>> answer;
    start([&answer](Result<Outcome> result) { answer.emplace(std::move(result)); });
    while (!answer) loop->run_blocking(Deadline::never());
    return std::move(*answer);
  }

  Status finish_transaction(bool is_good) {
    const TransactionPtr ending = std::exchange(transaction, nullptr);
    BRIDGE_RETURN_IF_ERROR(await<Outcome>([&](Completion on_done) {
      is_good ? ending->commit(deadline(), 0, std::move(on_done))
              : ending->rollback(deadline(), 0, std::move(on_done));
    }));
    return {};
  }
};

BlockingSession::BlockingSession(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

BlockingSession::~BlockingSession() = default;

Result<std::unique_ptr<BlockingSession>> BlockingSession::open(std::string_view url,
                                                               const SessionOptions& options) {
  auto parts = std::make_unique<Parts>();
  BRIDGE_ASSIGN_OR_RETURN(parts->loop, net::EventLoop::make());
  parts->transports = net::make_transport_factory(*parts->loop);
  parts->timeout = options.timeout;
  telemetry::Sink& sink = options.sink != nullptr ? *options.sink : parts->silence;
  const EngineEnvironment environment{*parts->loop, *parts->transports, *parts->loop, parts->random, sink};
  BRIDGE_ASSIGN_OR_RETURN(parts->engine, Engine::open(url, options.engine, environment));
  Parts& opened = *parts;
  BRIDGE_RETURN_IF_ERROR(opened.await<Outcome>(
      [&](Completion on_done) { opened.engine->connect(opened.deadline(), std::move(on_done)); }));
  return std::unique_ptr<BlockingSession>(new BlockingSession(std::move(parts)));
}

Result<RowSet> BlockingSession::run(const sql::StatementPtr& statement) {
  const auto collector = std::make_shared<RowCollector>();
  BRIDGE_ASSIGN_OR_RETURN(const Outcome outcome, parts_->await<Outcome>([&](Completion on_done) {
    parts_->engine->execute(Call{.statement = statement,
                                 .sink = collector,
                                 .transaction = parts_->transaction,
                                 .deadline = parts_->deadline(),
                                 .on_done = std::move(on_done)});
  }));
  RowSet result = collector->take();
  result.affected_rows = outcome.affected_rows;
  return result;
}

Result<RowSet> BlockingSession::run(Result<sql::StatementPtr> statement) {
  BRIDGE_ASSIGN_OR_RETURN(const sql::StatementPtr built, std::move(statement));
  return run(built);
}

Result<std::int64_t> BlockingSession::insert_rows(const sql::TablePtr& table,
                                                  std::vector<std::size_t> columns, std::vector<Row> rows) {
  BRIDGE_ASSIGN_OR_RETURN(const Outcome outcome, parts_->await<Outcome>([&](Completion on_done) {
    parts_->engine->bulk_insert(BulkCall{.table = table,
                                         .columns = std::move(columns),
                                         .source = std::make_shared<MemoryRows>(std::move(rows)),
                                         .transaction = parts_->transaction,
                                         .deadline = parts_->deadline(),
                                         .on_done = std::move(on_done)});
  }));
  return outcome.affected_rows;
}

Status BlockingSession::run_all(std::vector<sql::StatementBody> statements) {
  for (sql::StatementBody& body : statements)
    BRIDGE_RETURN_IF_ERROR(run(sql::make_statement(std::move(body))));
  return {};
}

Status BlockingSession::create_tables(const std::vector<sql::TablePtr>& tables) {
  BRIDGE_ASSIGN_OR_RETURN(std::vector<sql::StatementBody> plan, sql::plan_create(tables));
  return run_all(std::move(plan));
}

Status BlockingSession::drop_tables(const std::vector<sql::TablePtr>& tables) {
  return run_all(sql::plan_drop(tables));
}

Status BlockingSession::in_transaction(const std::function<Status()>& work) {
  if (parts_->transaction) {
    return make_error(ErrorCode::kConfiguration, "this session has a transaction open already");
  }
  BRIDGE_ASSIGN_OR_RETURN(parts_->transaction,
                          parts_->await<TransactionPtr>([&](TransactionCompletion on_done) {
                            parts_->engine->begin(sql::Begin{}, parts_->deadline(), 0, std::move(on_done));
                          }));
  Status done = work();
  if (done) return parts_->finish_transaction(true);
  // The first error is what the caller needs; a rollback that fails ends with its connection, which rolls
  // back too.
  static_cast<void>(parts_->finish_transaction(false));
  return done;
}

Status BlockingSession::close() {
  parts_->transaction.reset();
  BRIDGE_RETURN_IF_ERROR(parts_->await<Outcome>(
      [&](Completion on_done) { parts_->engine->close(parts_->deadline(), std::move(on_done)); }));
  return {};
}

const std::string& BlockingSession::redacted_url() const { return parts_->engine->redacted_url(); }

}  // namespace bridge::execution
