// Functions that PostgreSQL writes as operators, or under other names.
#pragma once

#include <string_view>

#include "engine/sql/dialect.h"

namespace bridge::postgres {

/// Writes a whole call.
using FunctionWriter = Status (*)(const sql::Dialect& dialect, sql::Compilation& compilation,
                                  sql::Operand call);

/// Who writes the calls of a portable function; null where they are written like any call.
FunctionWriter find_function_writer(std::string_view portable_name);

/// The same function under PostgreSQL's name.
std::string_view to_postgres_name(std::string_view portable_name);

}  // namespace bridge::postgres
