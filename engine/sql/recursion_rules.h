// What the recursive part of a common table may say.
#pragma once

#include "engine/sql/statement.h"

namespace bridge::sql {

/// kQuery, naming the common table, for a recursive part that reads the rows so far more than once, from the
/// far side of an outer join, or aggregates them: no database knows when such a recursion ends.
Status check_recursion(const SourcePtr& recursion, const Select& part);
/// Whether the recursive part groups, orders, limits or numbers its rows, which not every database can.
bool has_clauses_in_recursion(const Select& part);

}  // namespace bridge::sql
