// An endpoint that gives no session yet is waited for, within a budget of its own.
#include "engine/databases/neon/driver.h"

#include <utility>

#include "engine/databases/neon/dialect.h"
#include "engine/databases/neon/options.h"
#include "engine/databases/neon/wake_budget.h"
#include "engine/databases/postgres/driver.h"

namespace bridge::neon {
namespace {

/// A proxy that is waking an endpoint refuses, falls silent or closes; only what the endpoint itself reported
/// other than 57P03 is an answer.
bool is_waking(const Error& error) {
  if (postgres::takes_no_sessions_yet(error)) return true;
  const bool is_unreached =
      error.code() == ErrorCode::kConnectFailed || error.code() == ErrorCode::kConnectionLost;
  return is_unreached && error.server().sqlstate.empty();
}

class Driver final : public postgres::PostgresDriver {
 public:
  Driver(NeonOptions options, const driver::DriverEnvironment& environment, const sql::Dialect& dialect)
      : PostgresDriver(std::move(options.session), environment, dialect),
        longest_idle_(options.longest_idle),
        budget_(std::make_shared<WakeBudget>(options.cold_start)) {}

  Duration wake_budget() const override { return budget_->whole(); }
  Duration longest_idle() const override { return longest_idle_; }

  void connect(telemetry::OperationSpan& span, Role, Deadline deadline,
               driver::ConnectCompletion on_done) override {
    const net::EventLoop& loop = environment().loop;
    driver::SessionSearch search = make_search([budget = budget_] {
      budget->note_session();
      return nullptr;
    });
    search.is_starting = [budget = budget_, &loop](const Error& error) {
      return is_waking(error) && budget->has_time(loop.now());
    };
    search.note_failure = [budget = budget_, &loop](const driver::ServerAddress&) {
      budget->note_failure(loop.now());
    };
    start_search(std::move(search), span, deadline, std::move(on_done));
  }

 private:
  Duration longest_idle_;
  std::shared_ptr<WakeBudget> budget_;
};

}  // namespace

Result<std::unique_ptr<driver::Driver>> make_neon_driver(const driver::ConnectionUrl& url,
                                                         const driver::DriverEnvironment& environment) {
  BRIDGE_ASSIGN_OR_RETURN(NeonOptions options, NeonOptions::from_url(url));
  const sql::Dialect& dialect =
      options.session.has_session_per_transaction ? neon_pooled_dialect() : neon_dialect();
  return std::unique_ptr<driver::Driver>(std::make_unique<Driver>(std::move(options), environment, dialect));
}

}  // namespace bridge::neon
