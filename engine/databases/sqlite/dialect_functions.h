// JSON and arrays, which SQLite keeps as JSON text, and what it has no functions for.
#pragma once

#include <string_view>

#include "engine/sql/dialect.h"

namespace bridge::sqlite {

/// Writes a whole call.
using FunctionWriter = Status (*)(const sql::Dialect& dialect, sql::Compilation& compilation,
                                  sql::Operand call);

/// Who writes the calls of a portable function; null where they are written like any call.
FunctionWriter find_function_writer(std::string_view portable_name);

}  // namespace bridge::sqlite
