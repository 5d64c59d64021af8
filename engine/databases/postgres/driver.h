// The PostgreSQL driver: makes sessions from a URL.
#pragma once

#include <memory>

#include "engine/driver/connection_url.h"
#include "engine/driver/driver.h"

namespace bridge::postgres {

/// Makes a driver; no I/O. kConfiguration for a URL that asks for what there is not.
Result<std::unique_ptr<driver::Driver>> make_postgres_driver(const driver::ConnectionUrl& url,
                                                             driver::DriverEnvironment environment);

/// The same for a flavour, whose dialect outlives the driver.
Result<std::unique_ptr<driver::Driver>> make_flavour_driver(const driver::ConnectionUrl& url,
                                                            driver::DriverEnvironment environment,
                                                            const sql::Dialect& dialect);

}  // namespace bridge::postgres
