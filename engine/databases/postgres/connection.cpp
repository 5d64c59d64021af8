// What a connection is asked for, and whether it may go on.
#include "engine/databases/postgres/connection.h"

#include <utility>

#include "engine/base/limits.h"

namespace bridge::postgres {
namespace {

/// Statements of the driver itself; never kept, so they need no number.
std::shared_ptr<const sql::CompiledStatement> make_internal(std::string_view text) {
  auto statement = std::make_shared<sql::CompiledStatement>();
  statement->text = std::make_shared<const std::string>(text);
  statement->operation = telemetry::Operation::kReset;
  return statement;
}

}  // namespace

Connection::Connection(driver::DriverEnvironment environment, Session session)
    : StreamConnection(environment, std::move(session.runner)),
      options_(std::move(session.options)),
      server_(std::move(session.server)),
      keepsake_(std::move(session.keepsake)),
      key_(std::move(session.key)),
      cache_(kPreparedCacheSize),
      name_start_("bridge_" + std::to_string(environment.random.next()) + "_"),
      keeps_prepared_(options_->keeps_prepared) {}

Connection::~Connection() { end(closed_error()); }

void Connection::reset(telemetry::OperationSpan& span, Deadline deadline, driver::Completion on_done) {
  static const auto rollback = make_internal("ROLLBACK");
  static const auto discard = make_internal("DISCARD ALL");
  if (is_in_transaction()) {
    driver::Request undo;
    undo.statement = rollback;
    undo.deadline = deadline;
    execute(span, std::move(undo));
  }
  cache_.clear();
  names_to_close_.clear();
  portals_to_close_.clear();
  driver::Request request;
  request.statement = discard;
  request.deadline = deadline;
  request.on_done = [this, alive = liveness(), done = std::move(on_done)](Result<driver::Outcome> outcome) {
    if (outcome && !alive.expired()) is_dirty_ = false;
    done(std::move(outcome));
  };
  execute(span, std::move(request));
}

bool Connection::is_ready() const {
  return is_usable() && queue_.empty() && sent_.empty() && cursors_.empty() && pipeline_.is_idle() &&
         !is_stopping() && runner_->unsent() == 0 && !runner_->has_unread() && !has_wrong_role_ &&
         status_ == wire::TransactionStatus::kIdle;
}

bool Connection::is_held() const {
  // What is written behind a statement that is being described, or behind a bulk load or a batch that no Sync
  // ends, could not be told apart from it.
  const bool is_busy = !sent_.empty() && (sent_.back()->is_only_preparing || sent_.back()->is_unsynced ||
                                          sent_.back()->kind == Kind::kCopy);
  return is_busy;
}

bool Connection::start_stop(Deadline deadline) {
  if (key_.secret.empty()) return false;
  cancel_ = std::make_shared<CancelRequest>(environment_, server_, key_);
  // The request drops this callback with itself, and the connection the request.
  cancel_->start(deadline, [this] { end_stop(); });
  return true;
}

Result<std::size_t> Connection::on_received(ByteSpan received) { return pipeline_.receive(received); }

void Connection::on_drained() { feed_copy(); }

}  // namespace bridge::postgres

template class bridge::driver::StreamConnection<bridge::postgres::ActiveRequest>;
