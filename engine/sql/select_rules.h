// What makes sense in a query whatever the database: grouping, aggregates, DISTINCT.
#pragma once

#include "engine/sql/capabilities.h"
#include "engine/sql/statement.h"

namespace bridge::sql {

/// kQuery, naming the column or clause, for a query no database could answer in one way: a selected column
/// neither grouped nor aggregated, an aggregate in WHERE, DISTINCT ordered by something not selected.
/// kUnsupportedFeature where a column follows from a grouped key and the database cannot tell.
Status check_select(const Select& select, const Capabilities& capabilities);

/// The place, from 1, of the column that says the same as `key`, whatever their values; zero where none does.
std::size_t find_selected(const Select& select, const Expression& key);
/// Whether keys that are selected, too, must say exactly what is selected.
bool is_grouped_or_distinct(const Select& select);
/// kQuery when a key of group_by, or of order_by beside it, differs from what is selected in its values
/// alone: keys that hold values are written as the place of what they say.
Status check_key_values(const Select& select);

/// kQuery when a query with DISTINCT is ordered by something else than it selects.
Status check_distinct(const Select& select);
/// kQuery when an aggregate or window function stands in `condition`; `clause` names where.
Status check_row_condition(const Expression& condition, std::string_view clause);
/// The same of a condition over groups, where aggregates may stand.
Status check_group_condition(const Expression& condition, std::string_view clause);
/// kQuery when rows cannot be grouped by `key`, because it is made of groups itself.
Status check_group_key(const Expression& key);

}  // namespace bridge::sql
