// Makes connections to a SQLite file, or to one database in memory.
#pragma once

#include <memory>

#include "engine/driver/driver.h"

namespace bridge::sqlite {

/// A driver for the URL; kConfiguration for options or parts a SQLite URL does not have. Touches no file yet.
Result<std::unique_ptr<driver::Driver>> make_sqlite_driver(driver::ConnectionUrl url,
                                                           const driver::DriverEnvironment& environment);

/// The same for a flavour, whose dialect outlives the driver.
Result<std::unique_ptr<driver::Driver>> make_flavour_driver(driver::ConnectionUrl url,
                                                            const driver::DriverEnvironment& environment,
                                                            const sql::Dialect& dialect);

}  // namespace bridge::sqlite
