// Queries as parts of statements: subqueries, common tables, windows, set operations.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/sql/fluent/statement_builder.h"
#include "engine/sql/fluent/term.h"
#include "engine/sql/statement.h"

namespace bridge::sql::fluent {

/// The rows of a query as a table to select from: `(*cheap)["price"]`.
Result<Entity> subquery(std::string_view name, StatementPtr query);
/// The same, written once before the statement; a write must return what is read of it.
Result<Entity> with_table(std::string_view name, StatementPtr body);
/// Begins with `anchor`; `further` makes more rows of those so far until there are none.
Result<Entity> recursive_table(std::string_view name, const StatementPtr& anchor,
                               const std::function<Result<StatementPtr>(const Entity& so_far)>& further);

/// Whether a query has any row.
Term exists(const StatementPtr& query);
/// The only value of a query of one column.
Term scalar(const StatementPtr& query);
/// Whether `term` is among the rows of a query of one column.
Term in(const Term& term, const StatementPtr& query);

/// What stands behind OVER.
struct WindowTerms {
  std::vector<Term> partition_by{};
  std::vector<Term> order_by{};
  Frame frame{};  ///< bounds without a distance only
};
/// A function for each row, seen through a window: `over(call("rank", {}), {.order_by = {price}})`.
Term over(const Term& call, const WindowTerms& window);

/// Collects a set operation: the rows of several queries as those of one.
class SetBuilder {
 public:
  SetBuilder(SetOperator set_operator, const std::vector<StatementPtr>& queries);

  /// By what the first query selects.
  SetBuilder& order_by(const Term& ordering);
  SetBuilder& limit(std::int64_t rows);
  /// kQuery for queries of different shapes.
  Result<StatementPtr> build();

 private:
  Select select_;
  std::optional<Error> error_;
};

inline SetBuilder union_of(const std::vector<StatementPtr>& queries) {
  return SetBuilder(SetOperator::kUnion, queries);
}
inline SetBuilder union_all_of(const std::vector<StatementPtr>& queries) {
  return SetBuilder(SetOperator::kUnionAll, queries);
}

}  // namespace bridge::sql::fluent
