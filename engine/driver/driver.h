// The contract between the engine and any database: Driver makes Connections, Connections run requests in
// order.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/deadline.h"
#include "engine/base/random.h"
#include "engine/base/result.h"
#include "engine/driver/connection_url.h"
#include "engine/driver/row_sink.h"
#include "engine/net/event_loop.h"
#include "engine/net/transport.h"
#include "engine/sql/compiled_statement.h"
#include "engine/sql/dialect.h"
#include "engine/telemetry/tracer.h"
#include "engine/types/value.h"

namespace bridge::driver {

/// How a request ended well.
struct Outcome {
  std::int64_t affected_rows = 0;  ///< rows matched by a write, or rows returned
  bool has_more = false;           ///< of a cursor's batch: it is still open, more rows may follow
};

/// Called exactly once, in the loop's thread, never from inside the call that handed it over.
using Completion = std::function<void(Result<Outcome>)>;

/// A statement with its values in wire order, and who waits for it.
struct Request {
  std::shared_ptr<const sql::CompiledStatement> statement;
  std::vector<types::Value> parameters;
  RowSink* sink = nullptr;  ///< null: rows are dropped. Must live until `on_done` was called.
  Deadline deadline;
  Completion on_done;
  /// Whether this request may share one Sync with its neighbours (read prepared here already, see
  /// ARCHITECTURE.md).
  bool may_share_sync = false;
};

/// Which of a cursor's rows a request asks for.
struct CursorFetch {
  std::uint64_t cursor = 0;  ///< named by the caller, never twice on one connection
  std::size_t rows = 0;      ///< most rows to deliver; at least one
  /// The first of its cursor. It alone runs the statement with its parameters, and may start over.
  bool is_opening = false;
};

/// The part of a Connection that lets statements rest between batches of their rows. Inside a transaction
/// several cursors may be open and other requests run between their batches; outside of one a cursor has the
/// connection to itself until it is closed, unless the driver's cursors outlive leases.
class Cursors {
 public:
  virtual ~Cursors() = default;
  /// Delivers the next rows to the request's sink, as one result of its own. A cursor is closed by its last
  /// row, by any error, and by the end of the transaction it was opened in; asking on is an error then.
  virtual void fetch(telemetry::OperationSpan& span, Request request, CursorFetch fetch) = 0;
  /// Frees a cursor before its last row; harmless for one that is closed.
  virtual void close_cursor(telemetry::OperationSpan& span, std::uint64_t cursor, Deadline deadline,
                            Completion on_done) = 0;
};

/// Rows for a bulk load, pulled as the socket drains.
class RowSource {
 public:
  virtual ~RowSource() = default;
  /// Fills `row` with the next row's values in column order; false at the end. Reuses the vector's storage.
  virtual Result<bool> next(std::vector<types::Value>& row) = 0;
};

/// One conversation with a server. Owned by the pool; belongs to one loop and is used in its thread only.
/// Requests run strictly in the order given; several may be in flight. Dead once `is_usable()` is false:
/// every request it held has then been completed with an error.
class Connection {
 public:
  virtual ~Connection() = default;

  /// Queues a request; it leaves with the next `flush` or at the end of the loop's turn. The span must
  /// outlive the completion.
  virtual void execute(telemetry::OperationSpan& span, Request request) = 0;
  /// Sends what is queued now.
  virtual void flush() = 0;
  /// Runs rows into a table by the database's fastest bulk path (capability kBulkCopy). `request.statement`
  /// is the compiled bulk insert.
  virtual void copy_rows(telemetry::OperationSpan& span, Request request, RowSource& source) = 0;
  /// A trivial round trip.
  virtual void ping(telemetry::OperationSpan& span, Deadline deadline, Completion on_done) = 0;
  /// Brings session state back to what it was after connecting. Only called when idle.
  virtual void reset(telemetry::OperationSpan& span, Deadline deadline, Completion on_done) = 0;
  /// Asks the server to stop the request in flight, out of band. The request still completes by itself
  /// (usually with kCancelled).
  virtual void cancel(telemetry::OperationSpan& span, Deadline deadline) = 0;
  /// Closes at once; requests in flight complete with kConnectionLost. Idempotent.
  virtual void close(telemetry::OperationSpan& span) = 0;

  /// Requests handed over and not yet completed.
  virtual std::size_t in_flight() const = 0;
  /// False once closed, lost, or out of step with the server: never lend it then.
  virtual bool is_usable() const = 0;
  /// True when the reply stream is provably at "ready": nothing in flight, nothing unread, no transaction
  /// open.
  virtual bool is_ready() const = 0;
  /// True when a transaction is open on the server as far as the protocol tells.
  virtual bool is_in_transaction() const = 0;
  /// Costless check before lending after idleness: false when the peer has closed or sent something nobody
  /// asked for.
  virtual bool is_quiet() = 0;
  /// Whether session state may differ from that after connecting (raw SQL, SET).
  virtual bool is_dirty() const = 0;
  /// Whether this statement is prepared here already.
  virtual bool has_prepared(const sql::CompiledStatement& statement) const = 0;
  /// Null where this database's results can only be read to their end.
  virtual Cursors* cursors() { return nullptr; }
};

using ConnectCompletion = std::function<void(Result<std::unique_ptr<Connection>>)>;

/// What a driver needs of its surroundings; everything injectable. Outlives the driver.
struct DriverEnvironment {
  net::EventLoop& loop;
  net::TransportFactory& transports;
  const Clock& clock;
  Random& random;
  const telemetry::Tracer& tracer;
};

/// Makes connections to one database. One per engine; lives in the loop's thread.
class Driver {
 public:
  virtual ~Driver() = default;
  virtual const sql::Dialect& dialect() const = 0;
  /// Connects within the deadline, logs in, and answers once. `role` tells SQLite-like databases what the
  /// connection is for.
  enum class Role : std::uint8_t { kWriter, kReader };
  virtual void connect(telemetry::OperationSpan& span, Role role, Deadline deadline,
                       ConnectCompletion on_done) = 0;
  /// Whether reads and writes use different connections (one writer with readers beside it).
  virtual bool has_reader_role() const { return false; }
  /// Most connections that make sense; 0 = no bound of its own (an in-memory database has exactly one).
  virtual std::size_t max_connections(Role) const { return 0; }
  /// Whether a cursor may rest on its connection while others use that: where there is only one connection,
  /// whoever kept it between batches would lock everybody else out.
  virtual bool cursors_outlive_leases() const { return false; }
  /// Longest that connecting to a server that sleeps may take until it is awake, whatever the pool allows a
  /// connect; zero = servers do not sleep.
  virtual Duration wake_budget() const { return Duration::zero(); }
  /// Longest that an idle connection is worth keeping, whatever the pool allows.
  virtual Duration longest_idle() const { return Duration::max(); }
  /// Longest that a connection is worth keeping at all, whatever the pool allows.
  virtual Duration longest_life() const { return Duration::max(); }
};

}  // namespace bridge::driver
