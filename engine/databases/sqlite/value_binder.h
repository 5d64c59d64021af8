// Binds the engine's values to a prepared statement in their stored forms.
#pragma once

#include <span>

#include "engine/base/result.h"
#include "engine/sql/compiled_statement.h"
#include "engine/types/value.h"

struct sqlite3_stmt;

namespace bridge::sqlite {

/// Binds every value. `slots` may be empty (a row of a bulk load); otherwise they tell the scale of decimals.
/// Text and bytes are borrowed: `values` must stay unchanged until the statement is reset. kValidation for
/// what has no stored form, kQuery when the count differs from the statement's.
Status bind_values(sqlite3_stmt* statement, std::span<const types::Value> values,
                   std::span<const sql::ParameterSlot> slots);

}  // namespace bridge::sqlite
