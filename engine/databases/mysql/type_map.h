// Where MySQL's types meet the engine's: what may be read as what, chosen once per result.
#pragma once

#include "engine/base/result.h"
#include "engine/databases/mysql/wire/messages.h"
#include "engine/driver/row_batch.h"
#include "engine/sql/compiled_statement.h"
#include "engine/sql/sql_writer.h"
#include "engine/types/storage_type.h"

namespace bridge::mysql {

/// The words of the type that holds every value of a storage type, in DDL and casts.
sql::SqlWriter::Words to_words(types::StorageType storage);

/// Meets a column of the server with what the statement expects (null: whatever comes). MySQL's expressions
/// are of few types, so that integers pass for narrower ones and truth values where each value fits; anything
/// else that could lose something is kDecode, naming column and type.
Result<driver::ResultColumn> meet_column(const wire::ColumnDescription& column,
                                         const sql::ExpectedColumn* expected);

}  // namespace bridge::mysql
