// What makes sense in a write whatever the database: columns, values, what comes back.
#pragma once

#include <vector>

#include "engine/sql/statement.h"

namespace bridge::sql {

/// kQuery unless the table has a column of this index.
Status check_column(const Table& table, std::size_t column);
/// kQuery, naming the column, for a value that it cannot take.
Status check_assignments(const Table& table, const std::vector<Assignment>& assignments);
/// kQuery for rows that do not fit the columns, be they values or a query's.
Status check_insert(const Insert& insert);
/// kQuery for aggregates and window functions, which no write gives back.
Status check_returning(const std::vector<Selection>& returning);

}  // namespace bridge::sql
