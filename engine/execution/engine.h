// The engine of one database: owns its driver, pool, breaker, tracer and caches, and runs statements.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/deadline.h"
#include "engine/base/result.h"
#include "engine/driver/driver.h"
#include "engine/driver/row_sink.h"
#include "engine/net/event_loop.h"
#include "engine/net/transport.h"
#include "engine/pool/pool_options.h"
#include "engine/resilience/circuit_breaker.h"
#include "engine/resilience/retry_policy.h"
#include "engine/sql/compiled_statement.h"
#include "engine/sql/dialect.h"
#include "engine/sql/statement.h"
#include "engine/telemetry/sink.h"

namespace bridge::execution {

class Transaction;
using TransactionPtr = std::shared_ptr<Transaction>;
using driver::Outcome;

/// Told once how an operation ended; in the loop's thread, never from inside the call that started it.
using Completion = std::function<void(Result<Outcome>)>;
using TransactionCompletion = std::function<void(Result<TransactionPtr>)>;

/// How an engine keeps connections, what it tries again, and when it stops trying.
struct EngineOptions {
  pool::PoolOptions pool;
  resilience::BreakerOptions breaker;
  resilience::RetryOptions retry;
};

/// What an engine needs of its surroundings; all outlive it.
struct EngineEnvironment {
  net::EventLoop& loop;
  net::TransportFactory& transports;
  const Clock& clock;
  Random& random;
  telemetry::Sink& sink;
};

/// One statement to run.
struct Call {
  sql::StatementPtr statement;
  /// Bound in place of the statement's own values, in the order of `sql::collect_parameters` (row by row for
  /// an insert whose rows come from outside); none = its own.
  std::vector<types::Value> values = {};
  /// Receives the rows; kept alive until the completion, and dropped without another call once the operation
  /// is cancelled.
  std::shared_ptr<driver::RowSink> sink;
  /// Runs on this transaction's connection, after what was queued there before; null = by itself.
  TransactionPtr transaction;
  Deadline deadline;
  /// Handed to telemetry as it is.
  std::uint64_t origin = 0;
  /// What telemetry calls a plain read done for a purpose of its own; none = a select.
  std::optional<telemetry::Operation> read_operation = std::nullopt;
  Completion on_done;
};

/// Rows for a table, by the fastest legal path of the database, in one transaction (or inside `transaction`).
struct BulkCall {
  sql::TablePtr table;
  std::vector<std::size_t> columns;
  std::shared_ptr<driver::RowSource> source;
  TransactionPtr transaction;
  Deadline deadline;
  std::uint64_t origin = 0;
  Completion on_done;
};

/// A statement whose rows are asked for a batch at a time.
struct StreamCall {
  sql::StatementPtr statement;
  std::size_t batch_rows = 0;  ///< most rows of one fetch; at least one
  /// Reads on this transaction's connection, between whose statements it rests; null = on one of its own.
  TransactionPtr transaction;
  /// Handed to telemetry as it is.
  std::uint64_t origin = 0;
};

/// One batch of a stream; members as in Call.
struct FetchCall {
  std::shared_ptr<driver::RowSink> sink;
  Deadline deadline;
  Completion on_done;
};

/// An operation in flight. Copyable token; harmless after its end.
class Operation {
 public:
  struct State;
  Operation() = default;
  explicit Operation(std::weak_ptr<State> state) : state_(std::move(state)) {}
  /// Lets go of the operation: the completion is called with kCancelled in a later turn, no row reaches the
  /// sink any more. What was sent is cancelled on the server and drained, or its connection ends.
  void cancel();

 private:
  std::weak_ptr<State> state_;
};

/// The rows of one statement, in memory a batch at a time. Costs nothing before the first fetch; from then on
/// it holds a connection, unless that is its transaction's, until the last row, an error, `close` or
/// destruction. One span covers all of it. Loop thread only.
class RowStream {
 public:
  virtual ~RowStream() = default;
  /// Asks for the next rows; one batch may be under way. The outcome says how many came and whether more may.
  /// Every fetch has a deadline of its own. Cancelling one, like any error, ends the stream.
  virtual Operation fetch(FetchCall call) = 0;
  /// Lets go of the connection: with the next message where the stream rests, else when the batch under way
  /// has been drained, of which nobody is told any more. Idempotent.
  virtual void close() = 0;
};

/// Runs statements against one database. Loop thread only. Destroying it closes everything at once.
class Engine {
 public:
  /// Parses the URL and chooses the driver by its scheme; no I/O. kConfiguration for what cannot be.
  static Result<std::unique_ptr<Engine>> open(std::string_view url, const EngineOptions& options,
                                              EngineEnvironment environment);
  virtual ~Engine() = default;

  /// Proves that the database can be reached and logged in to.
  virtual void connect(Deadline deadline, Completion on_done) = 0;
  /// Refuses new work (kPoolClosed), lets running work end within the deadline, then closes every connection.
  virtual void close(Deadline deadline, Completion on_done) = 0;

  virtual Operation execute(Call call) = 0;
  virtual Operation bulk_insert(BulkCall call) = 0;
  /// A stream that has not begun. It must not outlive the loop; when the engine is closed it ends.
  virtual std::unique_ptr<RowStream> open_stream(StreamCall call) = 0;
  /// Takes a connection and begins a transaction on it.
  virtual Operation begin(sql::Begin begin, Deadline deadline, std::uint64_t origin,
                          TransactionCompletion on_done) = 0;
  /// Deals the shared reads collected in this turn to connections. Happens by itself in the loop's next turn.
  virtual void flush() = 0;
  /// Whether statements of this turn wait for `flush`. While they do not, the host may hand out completions
  /// without ending its turn.
  virtual bool is_collecting() const = 0;

  virtual const sql::Dialect& dialect() const = 0;
  /// Compiles, or finds the compiled form of, a statement; no I/O.
  virtual Result<sql::CompiledPtr> compile(const sql::StatementPtr& statement) = 0;
  virtual pool::PoolStatistics pool_statistics() const = 0;
  /// Whether a stream outside a transaction keeps others from its connection until it ends.
  virtual bool do_streams_hold_connections() const = 0;
  virtual std::string_view breaker_state() const = 0;
  /// The URL without secrets.
  virtual const std::string& redacted_url() const = 0;
};

/// An open transaction: one connection until it ends. Loop thread only. Statements queue in order. Rolls back
/// when destroyed open.
class Transaction {
 public:
  virtual ~Transaction() = default;
  /// Commits. kCommitOutcomeUnknown when the answer was lost. After an error of a deferred constraint the
  /// transaction is rolled back.
  virtual Operation commit(Deadline deadline, std::uint64_t origin, Completion on_done) = 0;
  virtual Operation rollback(Deadline deadline, std::uint64_t origin, Completion on_done) = 0;
  virtual Operation savepoint(Identifier name, std::uint64_t origin, Completion on_done) = 0;
  /// Of the dialect's restart savepoint it commits, and answers as `commit` does.
  virtual Operation release(Identifier name, std::uint64_t origin, Completion on_done) = 0;
  virtual Operation rollback_to(Identifier name, std::uint64_t origin, Completion on_done) = 0;
  /// False after commit, rollback or loss of the connection: statements are refused then with kConfiguration,
  /// or with the loss itself.
  virtual bool is_open() const = 0;
};

}  // namespace bridge::execution
