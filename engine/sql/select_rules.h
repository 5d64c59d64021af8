// What makes sense in a query whatever the database: grouping, aggregates, DISTINCT.
#pragma once

#include "engine/sql/capabilities.h"
#include "engine/sql/statement.h"

namespace bridge::sql {

/// kQuery, naming the column or clause, for a query no database could answer in one way: a selected column
/// neither grouped nor aggregated, an aggregate in WHERE, DISTINCT ordered by something not selected.
Status check_select(const Select& select, const Capabilities& capabilities);

/// kQuery when an aggregate or window function stands in `condition`; `clause` names where.
Status check_row_condition(const Expression& condition, std::string_view clause);

}  // namespace bridge::sql
