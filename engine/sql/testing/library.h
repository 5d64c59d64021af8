// The tables of a library, with at least one column of every storage type and every kind of constraint.
#pragma once

#include "engine/sql/table.h"

namespace bridge::sql::testing {

struct Library {
  TablePtr authors;
  TablePtr books;
  TablePtr categories;  ///< refers to itself
  TablePtr shelves;     ///< a column of every storage type
  TablePtr loans;       ///< composite key, composite foreign key
  TablePtr notes;       ///< with an index over its words
};

/// Always the same tables.
const Library& library();

}  // namespace bridge::sql::testing
