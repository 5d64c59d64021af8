// Rows so far read twice, missing, or aggregated.
#include "engine/sql/recursion_rules.h"

#include <algorithm>

#include "engine/sql/expression_factory.h"

namespace bridge::sql {
namespace {

bool is_recursion(const SourcePtr& source, const SourcePtr& recursion) {
  return source->derived == recursion->derived;
}

std::size_t count_uses(const SourcePtr& recursion, const Select& part) {
  std::size_t count = 0;
  for (const auto& operand : part.operands) count += count_uses(recursion, *operand);
  for (const SourcePtr& source : part.from) count += is_recursion(source, recursion) ? 1U : 0U;
  for (const Join& join : part.joins) count += is_recursion(join.source, recursion) ? 1U : 0U;
  return count;
}

bool may_be_missing(const SourcePtr& recursion, const Select& part) {
  bool is_read = std::any_of(part.from.begin(), part.from.end(),
                             [&](const SourcePtr& source) { return is_recursion(source, recursion); });
  for (const Join& join : part.joins) {
    const bool is_here = is_recursion(join.source, recursion);
    const bool keeps_right = join.kind == JoinKind::kRight || join.kind == JoinKind::kFull;
    const bool keeps_left = join.kind == JoinKind::kLeft || join.kind == JoinKind::kFull;
    if ((keeps_left && is_here) || (keeps_right && is_read)) return true;
    is_read = is_read || is_here;
  }
  return std::any_of(part.operands.begin(), part.operands.end(),
                     [&](const auto& operand) { return may_be_missing(recursion, *operand); });
}

bool has_expression(const Select& part, bool (*is_meant)(const Expression&)) {
  return std::any_of(part.selections.begin(), part.selections.end(),
                     [&](const Selection& selection) {
                       return selection.expression && is_meant(*selection.expression);
                     }) ||
         std::any_of(part.operands.begin(), part.operands.end(),
                     [&](const auto& operand) { return has_expression(*operand, is_meant); });
}

bool aggregates(const Expression& expression) { return expression.has_aggregate(); }

}  // namespace

Status check_recursion(const SourcePtr& recursion, const Select& part) {
  const auto refuse = [&](std::string_view problem) -> Status {
    return make_error(ErrorCode::kQuery,
                      "the recursive part of " + recursion->table->name.text() + " " + std::string(problem));
  };
  if (count_uses(recursion, part) > 1)
    return refuse("reads its argument more than once; join the table instead");
  if (may_be_missing(recursion, part))
    return refuse("reads its argument from the far side of an outer join; begin with it, or use join");
  if (has_expression(part, aggregates))
    return refuse("aggregates the rows so far; aggregate the whole in the query around it");
  return {};
}

bool has_clauses_in_recursion(const Select& part) {
  return !part.group_by.empty() || !part.having.empty() || !part.order_by.empty() || part.limit ||
         part.offset || !part.operands.empty() || has_expression(part, has_window);
}

}  // namespace bridge::sql
