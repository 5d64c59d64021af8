// The driver of Neon: its parent's connections to endpoints that sleep and wake up.
#pragma once

#include <memory>

#include "engine/driver/connection_url.h"
#include "engine/driver/driver.h"

namespace bridge::neon {

/// Makes a driver; no I/O. kConfiguration for a URL that names no endpoint, or what its parent refuses.
Result<std::unique_ptr<driver::Driver>> make_neon_driver(const driver::ConnectionUrl& url,
                                                         const driver::DriverEnvironment& environment);

}  // namespace bridge::neon
