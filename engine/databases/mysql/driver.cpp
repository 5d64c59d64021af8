// Reads the URL once and looks for a server per connection.
#include "engine/databases/mysql/driver.h"

#include <utility>

#include "engine/databases/mysql/dialect.h"
#include "engine/databases/mysql/options.h"
#include "engine/databases/mysql/session_search.h"

namespace bridge::mysql {
namespace {

class Driver final : public driver::Driver {
 public:
  Driver(Options options, driver::DriverEnvironment environment, const sql::Dialect& dialect)
      : options_(std::make_shared<const Options>(std::move(options))),
        environment_(environment),
        dialect_(dialect) {}

  const sql::Dialect& dialect() const override { return dialect_; }

  void connect(telemetry::OperationSpan& span, Role, Deadline deadline,
               driver::ConnectCompletion on_done) override {
    std::make_shared<driver::Connector>(environment_, make_search(environment_, options_), span, deadline,
                                        std::move(on_done))
        ->start();
  }

 private:
  std::shared_ptr<const Options> options_;
  driver::DriverEnvironment environment_;
  const sql::Dialect& dialect_;
};

}  // namespace

Result<std::unique_ptr<driver::Driver>> make_mysql_driver(const driver::ConnectionUrl& url,
                                                          driver::DriverEnvironment environment) {
  return make_flavour_driver(url, environment, mysql_dialect());
}

Result<std::unique_ptr<driver::Driver>> make_flavour_driver(const driver::ConnectionUrl& url,
                                                            driver::DriverEnvironment environment,
                                                            const sql::Dialect& dialect) {
  BRIDGE_ASSIGN_OR_RETURN(Options options, Options::from_url(url));
  return std::unique_ptr<driver::Driver>(std::make_unique<Driver>(std::move(options), environment, dialect));
}

}  // namespace bridge::mysql
