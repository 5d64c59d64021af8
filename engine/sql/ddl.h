// The order in which tables are created and dropped.
#pragma once

#include <vector>

#include "engine/base/result.h"
#include "engine/sql/statement.h"

namespace bridge::sql {

/// CREATE TABLE for each table after those it refers to, each followed by its indexes of both kinds; foreign
/// keys that close a circle come last. Tables not in the list are taken to exist. kModel, naming the tables,
/// for a circle in which every foreign key is required: no first row could ever be inserted.
Result<std::vector<StatementBody>> plan_create(const std::vector<TablePtr>& tables);

/// DROP TABLE in the opposite order; tables of a circle go with CASCADE.
std::vector<StatementBody> plan_drop(const std::vector<TablePtr>& tables);

}  // namespace bridge::sql
