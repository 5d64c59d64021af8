// One statement for every kind of node and statement: what golden files are made of.
#pragma once

#include <string>
#include <vector>

#include "engine/sql/statement.h"

namespace bridge::sql::testing {

struct StatementSample {
  std::string name;
  StatementPtr statement;
};

/// Queries, among them every kind of expression.
std::vector<StatementSample> make_query_samples();
/// Derived tables, windows, set operations, groupings, documents.
std::vector<StatementSample> make_language_samples();
/// Dates and timestamps computed with.
std::vector<StatementSample> make_moment_samples();
/// Inserts, updates and deletes.
std::vector<StatementSample> make_write_samples();
/// Definitions, transaction control, raw statements, explanations.
std::vector<StatementSample> make_other_samples();
/// States of data: queries of them, their history, what makes them.
std::vector<StatementSample> make_version_samples();
/// All of them.
std::vector<StatementSample> make_all_samples();

}  // namespace bridge::sql::testing
