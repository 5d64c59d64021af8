// The driver of Dolt: its parent's, with a dialect, branches and errors of its own.
#pragma once

#include <memory>

#include "engine/driver/connection_url.h"
#include "engine/driver/driver.h"

namespace bridge::dolt {

/// Makes a driver; no I/O. kConfiguration for a URL its parent refuses, but that a branch may stand behind
/// the database's name. A server that is not Dolt is refused at login, by the same code.
Result<std::unique_ptr<driver::Driver>> make_dolt_driver(const driver::ConnectionUrl& url,
                                                         const driver::DriverEnvironment& environment);

}  // namespace bridge::dolt
