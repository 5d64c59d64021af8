// Parts, beginnings and distances of dates and timestamps, the same whatever the session's time zone is.
#pragma once

#include "engine/databases/postgres/dialect_functions.h"

namespace bridge::postgres {

/// Who writes the calls of a portable function of moments; null for any other function.
FunctionWriter find_moment_writer(std::string_view portable_name);

}  // namespace bridge::postgres
