// Parts, beginnings and distances of dates and timestamps, which SQLite keeps as text.
#pragma once

#include "engine/databases/sqlite/dialect_functions.h"

namespace bridge::sqlite {

/// Who writes the calls of a portable function of moments; null for any other function.
FunctionWriter find_moment_writer(std::string_view portable_name);

/// Adds an interval to a moment, or subtracts one. kUnsupportedFeature for times of day.
Status write_moved(const sql::Dialect& dialect, sql::Compilation& compilation, sql::BinaryOperator operation,
                   sql::Operand moment, sql::Operand interval);

/// The interval between two moments.
Status write_distance(sql::Compilation& compilation, sql::Operand later, sql::Operand earlier);

}  // namespace bridge::sqlite
