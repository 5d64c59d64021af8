// The driver of PlanetScale: its parent's sessions under Vitess's rules.
#pragma once

#include <memory>

#include "engine/driver/connection_url.h"
#include "engine/driver/driver.h"

namespace bridge::planetscale {

/// Makes a driver; no I/O. kConfiguration for a URL its parent refuses, and for one without TLS.
Result<std::unique_ptr<driver::Driver>> make_planetscale_driver(const driver::ConnectionUrl& url,
                                                                const driver::DriverEnvironment& environment);

}  // namespace bridge::planetscale
