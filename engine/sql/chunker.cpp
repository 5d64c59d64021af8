// Cuts writes of many rows into statements a database accepts.
#include "engine/sql/chunker.h"

#include <algorithm>

namespace bridge::sql {

Result<std::size_t> count_rows_per_statement(const DialectLimits& limits, std::size_t values_per_row,
                                             std::size_t shared_values, std::size_t wanted_rows) {
  const std::size_t room = limits.max_parameters > shared_values ? limits.max_parameters - shared_values : 0;
  std::size_t rows = limits.max_rows_per_values;
  if (values_per_row > 0) rows = std::min(rows, room / values_per_row);
  if (wanted_rows > 0) rows = std::min(rows, wanted_rows);
  if (rows > 0) return rows;
  return make_error(ErrorCode::kQuery, "a row of " + std::to_string(values_per_row) +
                                           " values does not fit into one statement of at most " +
                                           std::to_string(limits.max_parameters));
}

}  // namespace bridge::sql
