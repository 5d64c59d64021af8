// SQLite's result codes as errors of the engine.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.h"

struct sqlite3;

namespace bridge::sqlite {

/// The error for an extended result code and SQLite's sentence about it. Constraint, table and column names
/// are taken from the sentence.
Error to_error(int extended_code, std::string_view message);

/// The error of the last call on `database` that failed. Same thread as that call.
Error last_error(sqlite3* database);

/// Whether the file behind the connection can no longer be trusted: the connection must close.
bool is_fatal(int extended_code);

/// Whether waiting for another connection's lock may help.
bool is_busy(int extended_code);

}  // namespace bridge::sqlite
