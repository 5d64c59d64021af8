// The PostgreSQL driver: makes sessions from a URL.
#pragma once

#include <functional>
#include <memory>

#include "engine/databases/postgres/options.h"
#include "engine/driver/connection_url.h"
#include "engine/driver/connector.h"
#include "engine/driver/driver.h"

namespace bridge::postgres {

/// Makes a driver; no I/O. kConfiguration for a URL that asks for what there is not.
Result<std::unique_ptr<driver::Driver>> make_postgres_driver(const driver::ConnectionUrl& url,
                                                             driver::DriverEnvironment environment);

/// The same for a flavour that differs in its dialect only, which outlives the driver.
Result<std::unique_ptr<driver::Driver>> make_flavour_driver(const driver::ConnectionUrl& url,
                                                            driver::DriverEnvironment environment,
                                                            const sql::Dialect& dialect);

/// What a flavour's connection holds until it ends, made once its login is through.
using KeepsakeMaker = std::function<std::shared_ptr<const void>()>;

/// Sessions by PostgreSQL's protocol. A flavour that looks for its servers otherwise derives from it and
/// changes the search of each attempt. See driver::Driver.
class PostgresDriver : public driver::Driver {
 public:
  /// `dialect` outlives the driver.
  PostgresDriver(Options options, driver::DriverEnvironment environment, const sql::Dialect& dialect);

  const sql::Dialect& dialect() const override { return dialect_; }
  void connect(telemetry::OperationSpan& span, Role role, Deadline deadline,
               driver::ConnectCompletion on_done) override;

 protected:
  /// The servers of the URL in their order. It may outlive the driver.
  driver::SessionSearch make_search(KeepsakeMaker make_keepsake = nullptr) const;
  /// Answers `on_done` once, in a later turn.
  void start_search(driver::SessionSearch search, telemetry::OperationSpan& span, Deadline deadline,
                    driver::ConnectCompletion on_done) const;
  const driver::DriverEnvironment& environment() const { return environment_; }
  const Options& options() const { return *options_; }

 private:
  std::shared_ptr<const Options> options_;
  driver::DriverEnvironment environment_;
  const sql::Dialect& dialect_;
};

}  // namespace bridge::postgres
