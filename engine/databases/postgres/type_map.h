// Where PostgreSQL's types meet the engine's: what may be read as what, chosen once per result, and what may
// be sent as what.
#pragma once

#include <cstdint>

#include "engine/base/result.h"
#include "engine/databases/postgres/wire/backend.h"
#include "engine/driver/row_batch.h"
#include "engine/sql/compiled_statement.h"

namespace bridge::postgres {

/// Meets a column of the server with what the statement expects (null: whatever comes). Identical types and
/// lossless widening pass, anything else is kDecode, naming column and types.
Result<driver::ResultColumn> meet_column(const wire::ColumnDescription& column,
                                         const sql::ExpectedColumn* expected);

/// The decoder that reads wire type `oid` as `target`, or null when that could lose something.
driver::DecodeCell find_decoder(std::uint32_t oid, types::StorageType target);

/// The wire type that holds every value of a storage type; `element` counts for arrays. For statements whose
/// parameters the server is not asked about.
std::uint32_t natural_oid(types::StorageType type, types::StorageType element);

}  // namespace bridge::postgres
