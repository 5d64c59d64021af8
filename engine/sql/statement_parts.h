// The expressions of a statement in canonical order: the one order that hashing, comparing, collecting and
// compiling share.
#pragma once

#include <cstdint>
#include <type_traits>
#include <variant>

#include "engine/sql/derived.h"
#include "engine/sql/statement.h"

namespace bridge::sql {

// `for_each_part(statement, visit)` calls `visit(const ExpressionPtr&)` with every expression slot that is
// set, and `visit(const SourcePtr&)`, where it takes that, with every source rows are read from. The slots
// live in the statement, so their addresses tell occurrences of a shared expression apart.

template <typename Visit>
void visit_source(const SourcePtr& source, Visit&& visit) {
  if constexpr (std::is_invocable_v<Visit, const SourcePtr&>) {
    if (source) visit(source);
  }
}

template <typename Visit>
void for_each_part(const std::vector<ExpressionPtr>& parts, Visit&& visit) {
  for (const ExpressionPtr& part : parts) {
    if (part) visit(part);
  }
}

template <typename Visit>
void for_each_part(const std::vector<Selection>& selections, Visit&& visit) {
  for (const Selection& selection : selections) {
    if (selection.expression) visit(selection.expression);
  }
}

template <typename Visit>
void for_each_part(const std::vector<Assignment>& assignments, Visit&& visit) {
  for (const Assignment& assignment : assignments) {
    if (assignment.value) visit(assignment.value);
  }
}

template <typename Visit>
void for_each_part(const Select& select, Visit&& visit) {
  for (const auto& operand : select.operands) for_each_part(*operand, visit);
  for_each_part(select.selections, visit);
  for (const SourcePtr& source : select.from) visit_source(source, visit);
  for (const Join& join : select.joins) {
    visit_source(join.source, visit);
    if (join.condition) visit(join.condition);
  }
  for_each_part(select.where, visit);
  for_each_part(select.group_by, visit);
  for_each_part(select.having, visit);
  for_each_part(select.order_by, visit);
  for_each_part(select.distinct_on, visit);
  if (select.limit) visit(select.limit);
  if (select.offset) visit(select.offset);
}

template <typename Visit>
void for_each_part(const Insert& insert, Visit&& visit) {
  for_each_part(insert.values, visit);
  if (insert.query) for_each_part(*insert.query, visit);
  if (insert.on_conflict) {
    for_each_part(insert.on_conflict->assignments, visit);
    if (insert.on_conflict->where) visit(insert.on_conflict->where);
  }
  for_each_part(insert.returning, visit);
}

template <typename Visit>
void for_each_part(const Update& update, Visit&& visit) {
  for_each_part(update.assignments, visit);
  for (const SourcePtr& source : update.from) visit_source(source, visit);
  for_each_part(update.where, visit);
  for_each_part(update.returning, visit);
}

template <typename Visit>
void for_each_part(const Delete& removal, Visit&& visit) {
  for (const SourcePtr& source : removal.from) visit_source(source, visit);
  for_each_part(removal.where, visit);
  for_each_part(removal.returning, visit);
}

template <typename Visit>
void for_each_part(const Raw& raw, Visit&& visit) {
  for_each_part(raw.parts, visit);
}

template <typename Visit>
void for_each_part(const VersionChange& change, Visit&& visit) {
  for (const VersionChange::Word& word : change.words) {
    if (word.value) visit(word.value);
  }
}

template <typename Visit>
void for_each_part(const Explain& explain, Visit&& visit) {
  if (explain.query) for_each_part(*explain.query, visit);
  for_each_part(explain.other, visit);
}

/// Statements without expressions of their own. The values of a table's defaults and checks belong to the
/// table.
template <typename Kind, typename Visit>
void for_each_part(const Kind&, Visit&&) {}

template <typename Visit>
void for_each_part(const StatementPtr& statement, Visit&& visit) {
  if (statement) std::visit([&](const auto& body) { for_each_part(body, visit); }, statement->body());
}

template <typename Visit>
void for_each_part(const Derived& derived, Visit&& visit) {
  for_each_part(derived.body, visit);
  for_each_part(derived.recursive_part, visit);
  for_each_part(derived.rows, visit);
}

/// Counts over all parts of a statement or derived source.
struct PartTotals {
  std::uint32_t parameters = 0;
  std::uint32_t nodes = 0;
  std::uint32_t depth = 0;
  bool is_read_only = true;

  void operator()(const ExpressionPtr& part);
  void operator()(const SourcePtr& source);
};
template <typename Kind>
PartTotals total_of(const Kind& statement) {
  PartTotals totals;
  for_each_part(statement, totals);
  return totals;
}
/// Parameters inside a source's own rows.
inline std::uint32_t parameter_count_of(const SourcePtr& source) {
  return source->derived ? source->derived->parameter_count : 0;
}

/// The hash of a query's shape, without its values.
std::uint64_t hash_of(const Select& select);
/// Parameter nodes of a query, those of its subqueries included.
std::uint32_t count_parameters(const Select& select);
/// Whether running it changes nothing: no locks, and only expressions that read.
bool is_read_only(const Select& select);
/// The query an expression node holds; null when it holds none.
const Select* find_subquery(const Expression& expression);

}  // namespace bridge::sql
