// Recognises reads of at most one row by its whole primary key.
#pragma once

#include "engine/sql/statement.h"

namespace bridge::sql {

/// Whether a select reads one table without joins, and its conditions fix every primary key column to a
/// bound value: the database answers by one index probe, whatever the value.
bool is_key_lookup(const Select& select);

}  // namespace bridge::sql
