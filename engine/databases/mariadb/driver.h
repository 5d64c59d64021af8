// The driver of MariaDB: its parent's, with a dialect of its own.
#pragma once

#include <memory>

#include "engine/driver/connection_url.h"
#include "engine/driver/driver.h"

namespace bridge::mariadb {

/// Makes a driver; no I/O. kConfiguration for a URL its parent refuses.
Result<std::unique_ptr<driver::Driver>> make_mariadb_driver(const driver::ConnectionUrl& url,
                                                            driver::DriverEnvironment environment);

}  // namespace bridge::mariadb
