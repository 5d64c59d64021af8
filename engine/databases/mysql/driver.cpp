// Refuses every connection by saying what is missing.
#include "engine/databases/mysql/driver.h"

#include <utility>

#include "engine/databases/mysql/dialect.h"

namespace bridge::mysql {
namespace {

class Driver final : public driver::Driver {
 public:
  explicit Driver(const driver::DriverEnvironment& environment) : environment_(environment) {}

  const sql::Dialect& dialect() const override { return mysql_dialect(); }

  void connect(telemetry::OperationSpan&, Role, Deadline, driver::ConnectCompletion on_done) override {
    environment_.loop.post([on_done = std::move(on_done)] {
      on_done(make_error(
          ErrorCode::kUnsupportedFeature,
          "MySQL cannot be reached yet: engine/databases/mysql has no conversation with a server"));
    });
  }

 private:
  driver::DriverEnvironment environment_;
};

}  // namespace

Result<std::unique_ptr<driver::Driver>> make_mysql_driver(driver::ConnectionUrl,
                                                          const driver::DriverEnvironment& environment) {
  return std::unique_ptr<driver::Driver>(std::make_unique<Driver>(environment));
}

}  // namespace bridge::mysql
