// Where MySQL's types meet the engine's.
#pragma once

#include "engine/sql/sql_writer.h"
#include "engine/types/storage_type.h"

namespace bridge::mysql {

/// The words of the type that holds every value of a storage type, in DDL and casts.
sql::SqlWriter::Words to_words(types::StorageType storage);

}  // namespace bridge::mysql
