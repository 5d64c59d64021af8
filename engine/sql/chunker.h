// Cuts writes of many rows into statements a database accepts.
#pragma once

#include <cstddef>

#include "engine/sql/dialect.h"

namespace bridge::sql {

/// Rows one multi-row statement can hold: at least one, at most what the dialect's limits of parameters and
/// rows allow and the caller asks for. `values_per_row` are the values bound for each row, `shared_values`
/// those bound once. kQuery when not even one row fits.
Result<std::size_t> count_rows_per_statement(const DialectLimits& limits, std::size_t values_per_row,
                                             std::size_t shared_values, std::size_t wanted_rows);

}  // namespace bridge::sql
