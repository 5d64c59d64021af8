// Hands tables over to other libraries through the C interfaces, without copying a value.
#pragma once

#include <memory>

#include "engine/arrow/c_interface.h"
#include "engine/arrow/table.h"

namespace bridge::arrow {

/// Fills `out` with the schema of the table: a struct of its columns. The caller releases it.
Status export_schema(const Table& table, ArrowSchema& out);

/// Fills `out` with a stream of the table's batches. The stream and every array out of it keep the table
/// alive and may be released in any order, in any thread; a table can be exported any number of times.
void export_stream(std::shared_ptr<const Table> table, ArrowArrayStream& out);

}  // namespace bridge::arrow
