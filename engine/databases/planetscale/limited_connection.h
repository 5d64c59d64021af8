// A connection whose transactions end when the server would end them, with an error that says so.
#pragma once

#include <memory>

#include "engine/driver/driver.h"

namespace bridge::planetscale {

/// Hands everything on to the connection it owns. Inside a transaction every statement has the transaction's
/// own end as a deadline beside its own; what comes later is refused without being sent, but for COMMIT,
/// which the server judges, and ROLLBACK. See driver::Connection.
class LimitedConnection final : public driver::Connection, private driver::Cursors {
 public:
  /// `limit` counts from a transaction's beginning.
  LimitedConnection(const driver::DriverEnvironment& environment,
                    std::unique_ptr<driver::Connection> connection, Duration limit)
      : environment_(environment), connection_(std::move(connection)), limit_(limit) {}

  void execute(telemetry::OperationSpan& span, driver::Request request) override;
  void flush() override { connection_->flush(); }
  void copy_rows(telemetry::OperationSpan& span, driver::Request request,
                 driver::RowSource& source) override {
    connection_->copy_rows(span, std::move(request), source);
  }
  void ping(telemetry::OperationSpan& span, Deadline deadline, driver::Completion on_done) override {
    connection_->ping(span, deadline, std::move(on_done));
  }
  void reset(telemetry::OperationSpan& span, Deadline deadline, driver::Completion on_done) override {
    end_ = Deadline::never();
    connection_->reset(span, deadline, std::move(on_done));
  }
  void cancel(telemetry::OperationSpan& span, Deadline deadline) override {
    connection_->cancel(span, deadline);
  }
  void close(telemetry::OperationSpan& span) override { connection_->close(span); }

  std::size_t in_flight() const override { return connection_->in_flight() + answering_; }
  bool is_usable() const override { return connection_->is_usable(); }
  bool is_ready() const override { return answering_ == 0 && connection_->is_ready(); }
  bool is_in_transaction() const override { return connection_->is_in_transaction(); }
  bool is_quiet() override { return connection_->is_quiet(); }
  bool is_dirty() const override { return connection_->is_dirty(); }
  bool has_prepared(const sql::CompiledStatement& statement) const override {
    return connection_->has_prepared(statement);
  }
  driver::Cursors* cursors() override { return this; }

 private:
  void fetch(telemetry::OperationSpan& span, driver::Request request, driver::CursorFetch fetch) override;
  void close_cursor(telemetry::OperationSpan& span, std::uint64_t cursor, Deadline deadline,
                    driver::Completion on_done) override;

  /// In a later turn, without asking the server.
  void answer(driver::Completion on_done, Result<driver::Outcome> outcome);
  /// Notes where transactions begin and end; answers whether the request may be late.
  bool is_limited(const driver::Request& request);
  /// False: the time is over, and its caller will be told so.
  bool limit(driver::Request& request);

  driver::DriverEnvironment environment_;
  std::unique_ptr<driver::Connection> connection_;
  Duration limit_;
  Deadline end_;  ///< of the transaction that is open; never without one
  std::size_t answering_ = 0;
  /// Expires with this object, for answers that come in a later turn.
  std::shared_ptr<LimitedConnection*> self_ = std::make_shared<LimitedConnection*>(this);
};

}  // namespace bridge::planetscale
