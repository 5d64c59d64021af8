// Which tables a query reads, and what its clauses may say of them.
#pragma once

#include <string>
#include <vector>

#include "engine/sql/statement.h"

namespace bridge::sql {

/// kQuery, naming the table, for a query that reads one use of a table twice, joins by what is joined only
/// later, or locks rows of a table it does not read. Which tables an enclosing query reads is not known here.
Status check_sources(const Select& select);
/// kQuery when a write reads the table it changes, or one use of another, a second time.
Status check_further_sources(const SourcePtr& target, const std::vector<SourcePtr>& further);
/// What messages call an expression: its label, column or function.
std::string to_message_name(const Expression& expression);

}  // namespace bridge::sql
