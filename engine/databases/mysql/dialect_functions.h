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

/// A value as a member of a document. kUnsupportedFeature for what documents do not hold as it is bound.
Status write_as_member(const MysqlDialect& dialect, sql::Compilation& compilation, sql::Operand value);

}  // namespace bridge::mysql
