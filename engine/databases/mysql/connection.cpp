// What a connection is asked for, and whether it may go on.
#include "engine/databases/mysql/connection.h"

#include <utility>

#include "engine/base/limits.h"
#include "engine/databases/mysql/session_login.h"
#include "engine/databases/mysql/stop_request.h"

namespace bridge::mysql {

Connection::Connection(driver::DriverEnvironment environment, Session session)
    : StreamConnection(environment, std::move(session.runner)),
      options_(std::move(session.options)),
      server_(std::move(session.server)),
      traits_(std::move(session.traits)),
      replies_(*this, {.has_extended_metadata = traits_.has_extended_metadata,
                       .has_cached_metadata = traits_.has_cached_metadata}),
      cache_(kPreparedCacheSize) {}

Connection::~Connection() { end(closed_error()); }

void Connection::reset(telemetry::OperationSpan& span, Deadline deadline, driver::Completion on_done) {
  // What the server forgets with a reset, transactions and prepared statements among it, is forgotten here.
  driver::Request forget;
  forget.deadline = deadline;
  enqueue(Kind::kReset, std::move(forget));
  auto settings = std::make_shared<sql::CompiledStatement>();
  settings->text = std::make_shared<const std::string>(session_settings(traits_, options_->flavour));
  settings->operation = telemetry::Operation::kReset;
  driver::Request request;
  request.statement = std::move(settings);
  request.deadline = deadline;
  request.on_done = [this, alive = liveness(), done = std::move(on_done)](Result<driver::Outcome> outcome) {
    if (outcome && !alive.expired()) is_dirty_ = false;
    done(std::move(outcome));
  };
  execute(span, std::move(request));
}

bool Connection::is_ready() const {
  return is_usable() && queue_.empty() && sent_.empty() && cursors_.empty() && replies_.is_idle() &&
         !is_stopping() && runner_->unsent() == 0 && !runner_->has_unread() && !is_in_transaction();
}

bool Connection::is_held() const {
  // A statement under preparation runs in its turn, and a cursor's second command follows its first.
  if (sent_.empty()) return false;
  // Where columns are told once, those of INSERT ... RETURNING come with its first rows, and never again.
  const Active& last = *sent_.back();
  const bool tells_columns = traits_.has_cached_metadata && last.prepared != nullptr &&
                             last.prepared->shape == nullptr && last.request.statement->returns_rows &&
                             last.parts.empty();
  return tells_columns || last.is_only_preparing || last.is_only_opening || last.kind == Kind::kFetch;
}

bool Connection::start_stop(Deadline deadline) {
  if (!options_->flavour.can_stop_statements) return false;
  stop_ = std::make_shared<StopRequest>(environment_, options_, server_, traits_.thread);
  // The request outlives this connection while it logs in; drop_stop makes it forget the callback.
  stop_->start(deadline, [this] { end_stop(); });
  return true;
}

void Connection::drop_stop() {
  if (stop_ != nullptr) stop_->forget();
  stop_.reset();
}

void Connection::write_farewell(ByteWriter& out) {
  wire::PacketWriter packet(out, wire::Command::kQuit);
  static_cast<void>(packet.finish());  // a single byte always fits
}

}  // namespace bridge::mysql

template class bridge::driver::StreamConnection<bridge::mysql::ActiveRequest>;
