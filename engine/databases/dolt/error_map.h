// What Dolt reports, in its parent's numbers.
#pragma once

#include "engine/driver/server_error.h"

namespace bridge::dolt {

/// Gives a report the number and the words that MySQL would, and takes values out of its message.
void restate(driver::ServerError& report);

}  // namespace bridge::dolt
