// Errors that only YugabyteDB reports, or reports by other codes than PostgreSQL.
#pragma once

#include "engine/base/error.h"
#include "engine/driver/server_error.h"

namespace bridge::yugabytedb {

/// PostgreSQL's table, but for conflicts between transactions that carry no code of their own. Pure.
ErrorCode to_error_code(const driver::ServerError& error);

}  // namespace bridge::yugabytedb
