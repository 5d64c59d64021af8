// The driver of CockroachDB: its parent's, with a dialect and options of its own.
#pragma once

#include <memory>

#include "engine/driver/connection_url.h"
#include "engine/driver/driver.h"

namespace bridge::cockroachdb {

/// Makes a driver; no I/O. kConfiguration for a URL its parent refuses. A server that does not say it is
/// CockroachDB is refused at login, by the same code.
Result<std::unique_ptr<driver::Driver>> make_cockroachdb_driver(const driver::ConnectionUrl& url,
                                                                const driver::DriverEnvironment& environment);

}  // namespace bridge::cockroachdb
