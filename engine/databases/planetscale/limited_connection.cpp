// The clock of a transaction starts when its BEGIN is handed over, somewhat before the server's.
#include "engine/databases/planetscale/limited_connection.h"

#include <string>
#include <utility>

namespace bridge::planetscale {
namespace {

using telemetry::Operation;

Error late_error(Duration limit) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit).count();
  return make_error(
      ErrorCode::kDeadlineExceeded,
      "the transaction has been open for " + std::to_string(seconds) +
          " seconds, after which PlanetScale ends it: do less in one, and nothing slow beside it");
}

}  // namespace

void LimitedConnection::execute(telemetry::OperationSpan& span, driver::Request request) {
  // A transaction ends with its connection, which a statement past its deadline takes with it.
  if (request.statement->operation == Operation::kRollback && !connection_->is_usable())
    return answer(std::move(request.on_done), driver::Outcome{});
  if (is_limited(request) && !limit(request)) return;
  connection_->execute(span, std::move(request));
}

void LimitedConnection::fetch(telemetry::OperationSpan& span, driver::Request request,
                              driver::CursorFetch fetch) {
  if (is_limited(request) && !limit(request)) return;
  connection_->cursors()->fetch(span, std::move(request), fetch);
}

void LimitedConnection::close_cursor(telemetry::OperationSpan& span, std::uint64_t cursor, Deadline deadline,
                                     driver::Completion on_done) {
  connection_->cursors()->close_cursor(span, cursor, deadline, std::move(on_done));
}

void LimitedConnection::answer(driver::Completion on_done, Result<driver::Outcome> outcome) {
  ++answering_;
  environment_.loop.post([self = std::weak_ptr(self_), on_done = std::move(on_done),
                          outcome = std::make_shared<Result<driver::Outcome>>(std::move(outcome))] {
    if (const auto alive = self.lock()) --(*alive)->answering_;
    on_done(std::move(*outcome));
  });
}

bool LimitedConnection::is_limited(const driver::Request& request) {
  switch (request.statement->operation) {
    case Operation::kBegin:
      end_ = Deadline::after(environment_.clock, limit_);
      return false;
    case Operation::kCommit:
    case Operation::kRollback:
      end_ = Deadline::never();
      return false;
    default:  // everything else is limited alike, whatever operations come to be
      return !end_.is_never();
  }
}

bool LimitedConnection::limit(driver::Request& request) {
  if (end_.has_passed(environment_.clock.now())) {
    answer(std::move(request.on_done), late_error(limit_));
    return false;
  }
  if (request.deadline.at() <= end_.at()) return true;
  request.deadline = end_;
  request.on_done = [limit = limit_, on_done = std::move(request.on_done)](Result<driver::Outcome> outcome) {
    // What the server reported itself says why.
    const bool is_late = !outcome && outcome.error().code() == ErrorCode::kDeadlineExceeded &&
                         outcome.error().server().sqlstate.empty();
    if (!is_late) return on_done(std::move(outcome));
    const Sent sent = outcome.error().sent();
    on_done(late_error(limit).with_sent(sent));
  };
  return true;
}

}  // namespace bridge::planetscale
