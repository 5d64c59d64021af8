// One operation from call to completion: what it wants, what it holds, how far it is.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/execution/compiled_cache.h"
#include "engine/execution/engine.h"
#include "engine/execution/sink_gate.h"
#include "engine/pool/pool.h"
#include "engine/resilience/circuit_breaker.h"
#include "engine/telemetry/tracer.h"

namespace bridge::execution {

class Executor;
class OpenStream;

/// How far an operation is.
enum class Phase : std::uint8_t {
  kCollected,  ///< stands in the tick's batch
  kQueued,     ///< waits for a connection
  kInFlight,   ///< handed to a connection, which will complete it
  kEnded,      ///< its caller has been told
};

/// Shared by the executor (while it runs) and the caller's token. Loop thread only.
struct Operation::State {
  /// Who is told, and handed the lease where the connection is to be kept (BEGIN).
  using Ending = std::function<void(Result<Outcome> result, pool::Lease lease)>;

  Executor* executor = nullptr;  ///< null once the engine is gone
  CompiledEntryPtr entry;
  sql::StatementPtr statement;
  std::vector<types::Value> parameters;
  std::shared_ptr<driver::RowSource> source;  ///< bulk load
  std::shared_ptr<SinkGate> gate;
  TransactionPtr transaction;
  std::shared_ptr<OpenStream> stream;  ///< whose batch this is, or whose closing
  driver::CursorFetch fetch;           ///< of a stream
  bool is_closing_stream = false;
  driver::Driver::Role role = driver::Driver::Role::kWriter;
  Deadline deadline;
  std::uint64_t origin = 0;
  /// What telemetry calls it, where that is not what its statement is called.
  std::optional<telemetry::Operation> renamed;
  Ending on_end;

  Phase phase = Phase::kQueued;
  bool is_abandoned = false;   ///< the caller has left; what is in flight is only drained
  bool is_pinned = false;      ///< means something on its own connection only (BEGIN, COMMIT, ROLLBACK)
  bool is_on_lane = false;     ///< shares its connection with other callers' reads
  std::uint32_t attempts = 0;  ///< begun so far; one that got no connection counts too
  std::unique_ptr<net::Timer> pause;  ///< runs while it waits to be tried again
  pool::Waiter waiter;
  pool::Lease lease;
  driver::Connection* connection = nullptr;
  resilience::Permit permit;
  std::optional<telemetry::OperationSpan> span;
  std::optional<telemetry::OperationSpan> cancel_span;
  std::unique_ptr<net::Timer> drain_limit;
  TimePoint sent_at;
  Duration busy_before{0};  ///< processor time of the thread when it was sent

  telemetry::Operation operation() const { return renamed.value_or(entry->compiled->operation); }
};
using StatePtr = std::shared_ptr<Operation::State>;

}  // namespace bridge::execution
