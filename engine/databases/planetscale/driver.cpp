// Sessions are short, and a transaction has an end that the server sets.
#include "engine/databases/planetscale/driver.h"

#include <utility>

#include "engine/databases/mysql/session_search.h"
#include "engine/databases/planetscale/dialect.h"
#include "engine/databases/planetscale/limited_connection.h"
#include "engine/databases/planetscale/options.h"
#include "engine/driver/connector.h"

namespace bridge::planetscale {
namespace {

/// Sessions move to other servers with deployments, and are cut after a day at the latest.
constexpr Duration kLongestLife = std::chrono::minutes(10);

class Driver final : public driver::Driver {
 public:
  Driver(PlanetscaleOptions options, const driver::DriverEnvironment& environment)
      : dialect_(options.checks_foreign_keys ? planetscale_dialect() : unchecked_dialect()),
        limit_(options.transaction_limit),
        options_(std::make_shared<const mysql::Options>(std::move(options.session))),
        environment_(environment) {}

  const sql::Dialect& dialect() const override { return dialect_; }
  Duration longest_life() const override { return kLongestLife; }

  void connect(telemetry::OperationSpan& span, Role, Deadline deadline,
               driver::ConnectCompletion on_done) override {
    driver::SessionSearch search = mysql::make_search(environment_, options_);
    search.make_connection = [make = std::move(search.make_connection), environment = environment_,
                              limit = limit_](driver::LoggedIn session) {
      return std::make_unique<LimitedConnection>(environment, make(std::move(session)), limit);
    };
    std::make_shared<driver::Connector>(environment_, std::move(search), span, deadline, std::move(on_done))
        ->start();
  }

 private:
  const sql::Dialect& dialect_;
  Duration limit_;
  std::shared_ptr<const mysql::Options> options_;
  driver::DriverEnvironment environment_;
};

}  // namespace

Result<std::unique_ptr<driver::Driver>> make_planetscale_driver(
    const driver::ConnectionUrl& url, const driver::DriverEnvironment& environment) {
  BRIDGE_ASSIGN_OR_RETURN(PlanetscaleOptions options, PlanetscaleOptions::from_url(url));
  return std::unique_ptr<driver::Driver>(std::make_unique<Driver>(std::move(options), environment));
}

}  // namespace bridge::planetscale
