// The driver of MySQL: makes sessions from a URL.
#pragma once

#include <memory>

#include "engine/databases/mysql/flavour.h"
#include "engine/driver/connection_url.h"
#include "engine/driver/driver.h"

namespace bridge::mysql {

/// The driver of a flavour, which says some statements differently; `dialect` outlives it.
Result<std::unique_ptr<driver::Driver>> make_flavour_driver(const driver::ConnectionUrl& url,
                                                            driver::DriverEnvironment environment,
                                                            const sql::Dialect& dialect,
                                                            const Flavour& flavour = {});

/// Makes a driver; no I/O. kConfiguration for a URL that asks for what there is not.
Result<std::unique_ptr<driver::Driver>> make_mysql_driver(const driver::ConnectionUrl& url,
                                                          driver::DriverEnvironment environment);

}  // namespace bridge::mysql
