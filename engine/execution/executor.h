// The corridor every statement walks: compile or reuse, breaker, connection, span, driver, sink.
#pragma once

#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/base/busy_meter.h"
#include "engine/execution/compiled_cache.h"
#include "engine/execution/engine.h"
#include "engine/execution/operation_state.h"
#include "engine/execution/row_stream.h"
#include "engine/execution/shared_lane.h"
#include "engine/pool/pool.h"

namespace bridge::execution {

/// What an engine is made of once its URL is understood.
struct EngineParts {
  std::string redacted_url;
  std::unique_ptr<telemetry::Tracer> tracer;
  std::unique_ptr<driver::Driver> driver;
  EngineOptions options;
  EngineEnvironment environment;
};

/// The Engine behind the interface. Loop thread only.
class Executor final : public Engine {
 public:
  explicit Executor(EngineParts parts);
  ~Executor() override;

  void connect(Deadline deadline, Completion on_done) override;
  void close(Deadline deadline, Completion on_done) override;
  Operation execute(Call call) override;
  Operation bulk_insert(BulkCall call) override;
  std::unique_ptr<RowStream> open_stream(StreamCall call) override;
  Operation begin(sql::Begin begin, Deadline deadline, std::uint64_t origin,
                  TransactionCompletion on_done) override;
  void flush() override;
  bool is_collecting() const override { return !collected_.empty(); }

  const sql::Dialect& dialect() const override { return driver_->dialect(); }
  Result<sql::CompiledPtr> compile(const sql::StatementPtr& statement) override;
  pool::PoolStatistics pool_statistics() const override { return pool_.statistics(); }
  bool do_streams_hold_connections() const override { return !do_cursors_outlive_leases(); }
  std::string_view breaker_state() const override { return resilience::to_name(breaker_.state()); }
  const std::string& redacted_url() const override { return redacted_url_; }

  // For the rooms of this layer.

  /// Runs an operation on a connection it already holds (a transaction's).
  void run_on(const StatePtr& state, driver::Connection& connection);
  /// Tells the caller, in a later turn, that nothing came of it.
  void reject(const StatePtr& state, Error error);
  /// Answers a call that never started.
  Operation refuse(Call call, Error error);
  /// Runs a statement that belongs to the connection it is given with (COMMIT, ROLLBACK) and gives the
  /// connection back afterwards.
  Operation run_pinned(Call call, pool::Lease lease);
  /// Gives a connection back that may have a transaction open, which is rolled back first.
  void give_back(pool::Lease lease);
  void cancel(const StatePtr& state);
  /// Lets go of an operation as `cancel` does, but gives the server a moment to answer before it is asked to
  /// stop: its caller has had enough rows, and the batch under way is likely there already.
  void leave(const StatePtr& state);
  /// An operation of which nothing is known but who is told of its end.
  StatePtr make_unprepared(Completion on_done);
  /// Compiles and binds, without starting anything.
  Result<StatePtr> prepare(Call& call);
  /// Runs a stream's request: on its transaction, on the lease, or where there is neither, on what the pool
  /// lends.
  void run_stream(const StatePtr& state, pool::Lease lease);
  bool do_cursors_outlive_leases() const { return driver_->cursors_outlive_leases(); }
  driver::Driver::Role reading_role() const {
    return driver_->has_reader_role() ? driver::Driver::Role::kReader : driver::Driver::Role::kWriter;
  }
  std::unordered_set<OpenStream*>& streams() { return streams_; }
  std::uint64_t next_cursor() { return ++last_cursor_; }
  bool is_closed() const { return is_closed_; }
  const Clock& clock() const { return environment_.clock; }
  net::EventLoop& loop() const { return environment_.loop; }
  const telemetry::Tracer& tracer() const { return *tracer_; }

 private:
  void start(const StatePtr& state);
  bool is_shareable(const Operation::State& state) const;
  void run_on_lane(const StatePtr& state);
  void run_alone(const StatePtr& state);
  void wait_for_connection(const StatePtr& state);
  void on_lease(const StatePtr& state, Result<pool::Lease> lease);
  void submit(const StatePtr& state);
  void submit_cursor(const StatePtr& state, driver::Request request);
  void on_reply(const StatePtr& state, Result<Outcome> result);
  bool retry(const StatePtr& state, const Error& error);
  void try_again(const StatePtr& state, Error reason);
  void note_duration(Operation::State& state, Duration duration);
  void note_outcome(Operation::State& state, const Result<Outcome>& result);
  void end(const StatePtr& state, Result<Outcome> result);
  void abandon(const StatePtr& state);
  void cancel_in_flight(const StatePtr& state);
  void cancel_later(const StatePtr& state);

  std::string redacted_url_;
  EngineEnvironment environment_;
  std::unique_ptr<telemetry::Tracer> tracer_;
  std::unique_ptr<driver::Driver> driver_;
  CompiledCache cache_;
  resilience::CircuitBreaker breaker_;
  resilience::RetryPolicy retry_policy_;
  pool::Pool pool_;
  SharedLane lane_;
  BusyMeter busy_meter_;
  std::vector<StatePtr> collected_;          ///< shareable reads of this turn
  std::unordered_set<StatePtr> running_;     ///< everything whose reply is still owed
  std::unordered_set<OpenStream*> streams_;  ///< those that have begun and not ended
  std::uint64_t last_cursor_ = 0;
  std::shared_ptr<bool> is_alive_ =
      std::make_shared<bool>(true);  ///< false for posts that outlive the engine
  bool is_closed_ = false;
};

}  // namespace bridge::execution
