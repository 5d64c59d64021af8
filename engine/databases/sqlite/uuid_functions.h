// UUIDs made inside SQL, which SQLite lacks.
#pragma once

struct sqlite3;

namespace bridge::sqlite {

/// Adds to a connection the function bridge_random_uuid(): 16 bytes, another random UUID (version 4) each
/// time it is called. Answers SQLite's result code.
int register_uuid_functions(sqlite3* database);

}  // namespace bridge::sqlite
