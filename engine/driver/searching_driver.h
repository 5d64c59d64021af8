// The driver of a database whose sessions are looked for among servers.
#pragma once

#include <functional>
#include <memory>

#include "engine/driver/connector.h"
#include "engine/driver/driver.h"

namespace bridge::driver {

/// A driver that makes a search for each session; `dialect` outlives it. Loop thread only.
std::unique_ptr<Driver> make_searching_driver(DriverEnvironment environment, const sql::Dialect& dialect,
                                              std::function<SessionSearch()> make_search);

}  // namespace bridge::driver
