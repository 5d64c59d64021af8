// The driver of YugabyteDB: its parent's connections, dealt to the nodes of a cluster.
#pragma once

#include <memory>

#include "engine/driver/connection_url.h"
#include "engine/driver/driver.h"

namespace bridge::yugabytedb {

/// Makes a driver; no I/O. kConfiguration for a URL its options do not know.
Result<std::unique_ptr<driver::Driver>> make_yugabytedb_driver(const driver::ConnectionUrl& url,
                                                               const driver::DriverEnvironment& environment);

}  // namespace bridge::yugabytedb
