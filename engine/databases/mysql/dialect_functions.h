// Portable functions that MySQL says in a form of its own.
#pragma once

#include <string_view>

#include "engine/databases/mysql/dialect.h"

namespace bridge::mysql {

/// Writes one call; it may write its operands several times.
using FunctionWriter = Status (*)(const MysqlDialect& dialect, sql::Compilation& compilation,
                                  sql::Operand call);

/// The writer of a call; null where the function is said as any other.
FunctionWriter find_function_writer(std::string_view portable_name);

}  // namespace bridge::mysql
