// What is selected or returned, as the engine holds it.
#pragma once

#include <vector>

#include "bindings/nodes.h"

namespace bridge::python {

std::vector<sql::Selection> to_selections(const std::vector<SelectedThing>& things);

}  // namespace bridge::python
