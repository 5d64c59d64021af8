// Rows of values as a source that a statement reads.
#pragma once

#include <vector>

#include "bindings/nodes.h"
#include "engine/base/identifier.h"
#include "engine/types/value.h"

namespace bridge::python {

/// A source called `name` of rows whose columns are `described`; `lists` holds the values column by column,
/// all of one length and at least one. What the database makes of them is one parameter for each column where
/// it has such.
Result<Source> make_row_lists(const Identifier& name, std::vector<sql::Column> described,
                              std::vector<std::vector<types::Value>> lists);

}  // namespace bridge::python
