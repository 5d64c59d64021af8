// Calls about dates and times, and their arithmetic.
#pragma once

#include "engine/databases/mysql/dialect_functions.h"

namespace bridge::mysql {

/// The writer of a call about moments; null where the function is none.
FunctionWriter find_moment_writer(std::string_view portable_name);

/// A moment before or behind another by an interval, which is a number of microseconds.
Status write_moved(const MysqlDialect& dialect, sql::Compilation& compilation, sql::BinaryOperator operation,
                   sql::Operand moment, sql::Operand interval);

/// How many microseconds lie between two moments.
Status write_distance(sql::Compilation& compilation, sql::Operand later, sql::Operand earlier);

}  // namespace bridge::mysql
