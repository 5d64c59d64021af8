// Searches as people type them, turned into queries inside SQL.
#pragma once

struct sqlite3;

namespace bridge::sqlite {

/// Adds to a connection the functions bridge_text_wanted(typed) and bridge_text_unwanted(typed), which give
/// the parts of text_query.h, the second NULL where it is not set. Answers SQLite's result code.
int register_text_functions(sqlite3* database);

}  // namespace bridge::sqlite
