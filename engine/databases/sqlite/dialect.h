// SQLite's answers to the questions of SQL.
#pragma once

#include "engine/sql/dialect.h"

namespace bridge::sqlite {

/// The one instance; immutable, any thread.
const sql::Dialect& sqlite_dialect();

}  // namespace bridge::sqlite
