// Transactions: begun on a connection of their own, ended exactly once.
#include "engine/execution/transaction.h"

#include "engine/execution/executor.h"

namespace bridge::execution {
namespace {

Error ended_error() {
  return make_error(ErrorCode::kConfiguration, "the transaction has ended; its block is over, begin another");
}

// What the server would commit on its way, with everything before it.
Error definition_error(std::string_view database) {
  return make_error(ErrorCode::kUnsupportedFeature,
                    std::string(database) +
                        " commits what is open with every table it makes, changes or drops; do so outside of "
                        "transactions")
      .with_sent(Sent::kNo);
}

// Whether the server did what a lost COMMIT asked for is unknown, unless the request never left.
Result<Outcome> explain_commit(Result<Outcome> result) {
  if (result || result.error().code() != ErrorCode::kConnectionLost || result.error().sent() == Sent::kNo)
    return result;
  return std::move(result).error().with_code(ErrorCode::kCommitOutcomeUnknown);
}

}  // namespace

OpenTransaction::~OpenTransaction() {
  if (!is_open_ || !*is_engine_alive_) return;
  executor_.give_back(std::move(lease_));
}

Operation OpenTransaction::commit(Deadline deadline, std::uint64_t origin, Completion on_done) {
  if (!is_aborted_) {
    return finish(sql::Commit{}, deadline, origin, [on_done = std::move(on_done)](Result<Outcome> result) {
      on_done(explain_commit(std::move(result)));
    });
  }
  // The server would answer COMMIT with a silent rollback: say it aloud instead.
  return finish(sql::Rollback{}, deadline, origin, [on_done = std::move(on_done)](Result<Outcome> result) {
    if (!result) return on_done(std::move(result));
    on_done(make_error(ErrorCode::kStatement,
                       "the transaction was rolled back: an earlier statement in it had failed")
                .with_sent(Sent::kYes));
  });
}

Operation OpenTransaction::rollback(Deadline deadline, std::uint64_t origin, Completion on_done) {
  return finish(sql::Rollback{}, deadline, origin, std::move(on_done));
}

Operation OpenTransaction::savepoint(Identifier name, std::uint64_t origin, Completion on_done) {
  return say(sql::Savepoint{std::move(name)}, origin, std::move(on_done));
}

Operation OpenTransaction::release(Identifier name, std::uint64_t origin, Completion on_done) {
  if (name.text() != executor_.dialect().restart_savepoint())
    return say(sql::ReleaseSavepoint{std::move(name)}, origin, std::move(on_done));
  // Releasing it is the commit.
  return say(
      sql::ReleaseSavepoint{std::move(name)}, origin,
      [on_done = std::move(on_done)](Result<Outcome> result) { on_done(explain_commit(std::move(result))); });
}

Operation OpenTransaction::rollback_to(Identifier name, std::uint64_t origin, Completion on_done) {
  return say(sql::RollbackToSavepoint{std::move(name)}, origin, std::move(on_done));
}

Operation OpenTransaction::say(sql::StatementBody body, std::uint64_t origin, Completion on_done) {
  return executor_.execute(Call{.statement = sql::make_statement(std::move(body)),
                                .sink = nullptr,
                                .transaction = shared_from_this(),
                                .deadline = Deadline::never(),
                                .origin = origin,
                                .on_done = std::move(on_done)});
}

Operation OpenTransaction::finish(sql::StatementBody body, Deadline deadline, std::uint64_t origin,
                                  Completion on_done) {
  Call call{.statement = sql::make_statement(std::move(body)),
            .sink = nullptr,
            .transaction = nullptr,
            .deadline = deadline,
            .origin = origin,
            .on_done = std::move(on_done)};
  if (!is_open_) return executor_.refuse(std::move(call), ended_error());
  is_open_ = false;
  return executor_.run_pinned(std::move(call), std::move(lease_));
}

void OpenTransaction::enqueue(const StatePtr& state) {
  if (!is_open_) return executor_.reject(state, ended_error());
  if (ends_transaction(*state)) return executor_.reject(state, definition_error(executor_.dialect().name()));
  driver::Connection& connection = *lease_.connection();
  executor_.run_on(state, connection);
  if (connection.in_flight() <= 1)
    connection.flush();  // nothing before it: no reason to wait for the end of the turn
}

bool OpenTransaction::ends_transaction(const Operation::State& state) const {
  return state.entry->compiled->operation == telemetry::Operation::kDefine &&
         !executor_.dialect().capabilities().has(sql::Capability::kTransactionalDdl);
}

void OpenTransaction::on_reply(const StatePtr& state, const Result<Outcome>& result) {
  if (result) {
    if (std::holds_alternative<sql::RollbackToSavepoint>(state->statement->body())) is_aborted_ = false;
    return;
  }
  is_aborted_ =
      is_aborted_ || executor_.dialect().capabilities().has(sql::Capability::kErrorAbortsTransaction);
}

Operation Executor::begin(sql::Begin begin, Deadline deadline, std::uint64_t origin,
                          TransactionCompletion on_done) {
  Call call{.statement = sql::make_statement(begin),
            .sink = nullptr,
            .transaction = nullptr,
            .deadline = deadline,
            .origin = origin,
            .on_done = {}};
  auto prepared = prepare(call);
  auto state = prepared ? *prepared : make_unprepared(nullptr);
  state->is_pinned = true;
  state->role = begin.is_readonly && driver_->has_reader_role() ? driver::Driver::Role::kReader
                                                                : driver::Driver::Role::kWriter;
  state->on_end = [this, on_done = std::move(on_done)](Result<Outcome> result, pool::Lease lease) {
    if (!result) return on_done(std::move(result).error());
    on_done(TransactionPtr(std::make_shared<OpenTransaction>(*this, is_alive_, std::move(lease))));
  };
  if (prepared) {
    start(state);
  } else {
    reject(state, std::move(prepared).error());
  }
  return Operation(state);
}

Operation Executor::run_pinned(Call call, pool::Lease lease) {
  auto prepared = prepare(call);
  if (!prepared) return refuse(std::move(call), std::move(prepared).error());
  const StatePtr state = *prepared;
  state->is_pinned = true;
  state->lease = std::move(lease);
  run_on(state, *state->lease.connection());
  state->connection->flush();
  return Operation(state);
}

void Executor::give_back(pool::Lease lease) {
  driver::Connection* connection = lease.connection();
  if (connection == nullptr || !connection->is_usable() ||
      (connection->in_flight() == 0 && !connection->is_in_transaction()))
    return;
  run_pinned(Call{.statement = sql::make_statement(sql::Rollback{}),
                  .sink = nullptr,
                  .transaction = nullptr,
                  .deadline = Deadline::never(),
                  .origin = 0,
                  .on_done = [](Result<Outcome>) {}},  // nobody is left to be told; the span has the outcome
             std::move(lease));
}

}  // namespace bridge::execution
