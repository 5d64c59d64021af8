// From what MySQL reports to the engine's closed list of errors.
#pragma once

#include "engine/base/error.h"
#include "engine/driver/server_error.h"

namespace bridge::mysql {

/// The engine's error for a report, marked as sent. Values a server quotes belong into `detail`, never into
/// the message.
Error to_error(driver::ServerError error);

}  // namespace bridge::mysql
