// Reads the URL once and looks for a server per connection.
#include "engine/databases/postgres/driver.h"

#include <utility>

#include "engine/databases/postgres/connection.h"
#include "engine/databases/postgres/dialect.h"
#include "engine/databases/postgres/error_map.h"
#include "engine/databases/postgres/session_login.h"

namespace bridge::postgres {

PostgresDriver::PostgresDriver(Options options, driver::DriverEnvironment environment,
                               const sql::Dialect& dialect)
    : options_(std::make_shared<const Options>(std::move(options))),
      environment_(environment),
      dialect_(dialect) {}

void PostgresDriver::connect(telemetry::OperationSpan& span, Role, Deadline deadline,
                             driver::ConnectCompletion on_done) {
  start_search(make_search(), span, deadline, std::move(on_done));
}

void PostgresDriver::start_search(driver::SessionSearch search, telemetry::OperationSpan& span,
                                  Deadline deadline, driver::ConnectCompletion on_done) const {
  std::make_shared<driver::Connector>(environment_, std::move(search), span, deadline, std::move(on_done))
      ->start();
}

driver::SessionSearch PostgresDriver::make_search(KeepsakeMaker make_keepsake) const {
  driver::SessionSearch search;
  search.servers = options_->servers;
  search.server_timeout = options_->server_timeout;
  search.has_second_round = options_->target == SessionTarget::kPreferStandby;
  search.begin_login = [options = options_](const driver::ServerAddress& server, bool is_second_round) {
    const bool accepts_any = is_second_round || options->target == SessionTarget::kAny;
    return std::make_shared<SessionLogin>(options, server, accepts_any);
  };
  search.make_connection = [environment = environment_, options = options_,
                            make_keepsake = std::move(make_keepsake)](driver::LoggedIn session) {
    // SAFETY: made by `begin_login` above, which makes nothing else
    const auto& login = static_cast<const SessionLogin&>(*session.conversation);
    return std::make_unique<Connection>(
        environment, Session{std::move(session.runner), options, std::move(session.server),
                             login.backend_key(), make_keepsake ? make_keepsake() : nullptr});
  };
  search.is_starting = takes_no_sessions_yet;
  search.direct_tls_hint = " (sslnegotiation=direct needs PostgreSQL 17 with TLS)";
  return search;
}

Result<std::unique_ptr<driver::Driver>> make_postgres_driver(const driver::ConnectionUrl& url,
                                                             driver::DriverEnvironment environment) {
  return make_flavour_driver(url, environment, postgres_dialect());
}

Result<std::unique_ptr<driver::Driver>> make_flavour_driver(const driver::ConnectionUrl& url,
                                                            driver::DriverEnvironment environment,
                                                            const sql::Dialect& dialect) {
  BRIDGE_ASSIGN_OR_RETURN(Options options, Options::from_url(url));
  return std::unique_ptr<driver::Driver>(
      std::make_unique<PostgresDriver>(std::move(options), environment, dialect));
}

}  // namespace bridge::postgres
