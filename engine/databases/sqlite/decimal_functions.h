// Exact decimal arithmetic inside SQL, which SQLite lacks.
#pragma once

struct sqlite3;

namespace bridge::sqlite {

/// Adds to a connection: the collation `bridge_decimal` (order by value), the functions bridge_decimal_add,
/// _subtract, _multiply, _divide, _modulo, _round (two arguments; the second of _round is the number of
/// places) and _negate (one), and the aggregates bridge_decimal_sum and _avg. Arguments are plain decimal
/// TEXT or INTEGER, NULL gives NULL (aggregates skip it; nothing summed is NULL); REAL, BLOB and other text
/// are refused. Answers SQLite's result code.
int register_decimal_functions(sqlite3* database);

}  // namespace bridge::sqlite
