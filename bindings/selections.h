// What is selected or returned, as the engine holds it.
#pragma once

#include <vector>

#include "bindings/nodes.h"

namespace bridge::python {

std::vector<sql::Selection> to_selections(const std::vector<SelectedThing>& things);
/// The query of a statement that is one; kQuery for any other.
Result<std::shared_ptr<const sql::Select>> select_of(const Statement& statement);

}  // namespace bridge::python
