// The driver of MySQL: makes connections from a URL.
#pragma once

#include <memory>

#include "engine/driver/connection_url.h"
#include "engine/driver/driver.h"

namespace bridge::mysql {

/// Makes a driver; no I/O. Its `connect` answers kUnsupportedFeature as long as there is no conversation with
/// a server.
Result<std::unique_ptr<driver::Driver>> make_mysql_driver(driver::ConnectionUrl url,
                                                          const driver::DriverEnvironment& environment);

}  // namespace bridge::mysql
