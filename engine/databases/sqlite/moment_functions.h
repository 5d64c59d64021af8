// Dates and timestamps moved and measured inside SQL, exactly: SQLite's own functions know milliseconds.
#pragma once

struct sqlite3;

namespace bridge::sqlite {

/// Adds to a connection: bridge_moment_add (a date or timestamp, microseconds), bridge_moment_add_months (the
/// same, months; a day that the month lacks becomes its last) and bridge_moment_difference (later, earlier),
/// which gives microseconds. Moments are TEXT in the stored forms and come back in the form they had; NULL
/// gives NULL; anything else, and what leaves the years 0001 to 9999, is refused. Answers SQLite's result
/// code.
int register_moment_functions(sqlite3* database);

}  // namespace bridge::sqlite
