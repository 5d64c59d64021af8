// From what vtgate and the tablets behind it report to the engine's closed list of errors.
#pragma once

#include "engine/base/error.h"
#include "engine/driver/server_error.h"

namespace bridge::planetscale {

/// The engine's error for a report, marked as sent. Reports quote the statement with its values: neither
/// reaches the message nor the detail.
Error to_error(driver::ServerError error);

}  // namespace bridge::planetscale
