// What a query or write yields: names and types of its columns.
#pragma once

#include <string>
#include <vector>

#include "engine/sql/statement.h"

namespace bridge::sql {

/// One column of the rows a statement gives.
struct OutputColumn {
  std::string name;
  types::ColumnType type;
};

/// The columns of a query in order; nullable where a join or a grouping may leave them out. kQuery when the
/// operands of a set operation do not fit together.
Result<std::vector<OutputColumn>> describe_columns(const Select& select);
/// The same for a write's RETURNING.
std::vector<OutputColumn> describe_columns(const std::vector<Selection>& returning);
/// The columns of any statement that gives rows; none for one that gives none.
Result<std::vector<OutputColumn>> describe_columns(const Statement& statement);

}  // namespace bridge::sql
