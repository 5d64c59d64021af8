// Expressions in standard SQL.
#include <algorithm>

#include "engine/sql/compilation.h"
#include "engine/sql/dialect.h"
#include "engine/sql/functions.h"
#include "engine/sql/operand_types.h"

namespace bridge::sql {
namespace {

using Words = SqlWriter::Words;

Words to_words(BinaryOperator operation) {
  switch (operation) {
    case BinaryOperator::kEqual:
      return " = ";
    case BinaryOperator::kNotEqual:
      return " <> ";
    case BinaryOperator::kLess:
      return " < ";
    case BinaryOperator::kLessOrEqual:
      return " <= ";
    case BinaryOperator::kGreater:
      return " > ";
    case BinaryOperator::kGreaterOrEqual:
      return " >= ";
    case BinaryOperator::kAdd:
      return " + ";
    case BinaryOperator::kSubtract:
      return " - ";
    case BinaryOperator::kMultiply:
      return " * ";
    case BinaryOperator::kDivide:
      return " / ";
    case BinaryOperator::kModulo:
      return " % ";
    case BinaryOperator::kConcatenate:
      return " || ";
    case BinaryOperator::kAnd:
      return " AND ";
    case BinaryOperator::kOr:
      return " OR ";
    case BinaryOperator::kLike:
    case BinaryOperator::kIlike:
      return " LIKE ";
    case BinaryOperator::kNotLike:
    case BinaryOperator::kNotIlike:
      return " NOT LIKE ";
    case BinaryOperator::kIsDistinctFrom:
      return " IS DISTINCT FROM ";
    case BinaryOperator::kIsNotDistinctFrom:
      return " IS NOT DISTINCT FROM ";
  }
  return " ";
}

Status write_lowered(Compilation& compilation, Operand operand) {
  compilation.text().words("LOWER(");
  BRIDGE_RETURN_IF_ERROR(compilation.write(operand));
  compilation.text().words(")");
  return {};
}

// The escape is written out, as databases disagree on whether there is one unless said.
Status write_pattern(Compilation& compilation, BinaryOperator operation, Operand left, Operand right) {
  const bool ignores_case = operation == BinaryOperator::kIlike || operation == BinaryOperator::kNotIlike;
  BRIDGE_RETURN_IF_ERROR(ignores_case ? write_lowered(compilation, left)
                                      : compilation.write(left, Rank::kArithmetic));
  compilation.text().words(to_words(operation));
  BRIDGE_RETURN_IF_ERROR(ignores_case ? write_lowered(compilation, right)
                                      : compilation.write(right, Rank::kArithmetic));
  compilation.text().words(compilation.dialect().pattern_escape());
  return {};
}

Status write_arguments(Compilation& compilation, Operand call) {
  const std::size_t count = argument_count(*call.node);
  for (std::size_t index = 0; index < count; ++index) {
    if (index > 0) compilation.text().words(", ");
    BRIDGE_RETURN_IF_ERROR(compilation.write(Compilation::child(call, index)));
  }
  return {};
}

}  // namespace

Status Dialect::write_compared(Compilation& compilation, Operand operand, const Expression*) const {
  return compilation.write(operand, Rank::kArithmetic);
}

Status Dialect::write_parameter(Compilation& compilation, Operand parameter) const {
  compilation.write_whole(parameter);
  return {};
}

Status Dialect::write_selected_value(Compilation& compilation, Operand parameter) const {
  return compilation.write(parameter);
}

Status Dialect::write_binary(Compilation& compilation, BinaryOperator operation, Operand left,
                             Operand right) const {
  if (is_pattern(operation)) return write_pattern(compilation, operation, left, right);
  if (is_comparison(operation)) {
    BRIDGE_RETURN_IF_ERROR(write_compared(compilation, left, right.node));
    compilation.text().words(to_words(operation));
    return write_compared(compilation, right, left.node);
  }
  Rank minimum = Rank::kAtom;
  if (operation == BinaryOperator::kAnd) minimum = Rank::kAnd;
  if (operation == BinaryOperator::kOr) minimum = Rank::kNot;
  // A chain of ORs needs no parentheses inside itself.
  const auto rank_for = [&](Operand operand) {
    const auto* const inner = operand.node->as<Binary>();
    const bool is_chain =
        operation == BinaryOperator::kOr && inner != nullptr && inner->operation == BinaryOperator::kOr;
    return is_chain ? Rank::kOr : minimum;
  };
  BRIDGE_RETURN_IF_ERROR(compilation.write(left, rank_for(left)));
  compilation.text().words(to_words(operation));
  return compilation.write(right, rank_for(right));
}

Status Dialect::write_negated(Compilation& compilation, Operand operand) const {
  compilation.text().words("-");
  return compilation.write(operand, Rank::kAtom);
}

Status Dialect::write_between(Compilation& compilation, bool is_negated, Operand operand, Operand low,
                              Operand high) const {
  BRIDGE_RETURN_IF_ERROR(write_compared(compilation, operand, low.node));
  compilation.text().words(is_negated ? Words(" NOT BETWEEN ") : Words(" BETWEEN "));
  BRIDGE_RETURN_IF_ERROR(write_compared(compilation, low, operand.node));
  compilation.text().words(" AND ");
  return write_compared(compilation, high, operand.node);
}

Status Dialect::write_function(Compilation& compilation, Operand call) const {
  const auto& node = *call.node->as<FunctionCall>();
  const auto known_as = function_name(node.name);
  if (!known_as) return unsupported("function " + node.name);
  SqlWriter& text = compilation.text();
  text.function(*known_as).words("(");
  if (node.is_distinct) text.words("DISTINCT ");
  BRIDGE_RETURN_IF_ERROR(write_arguments(compilation, call));
  return write_call_end(compilation, call);
}

Status Dialect::write_call_end(Compilation& compilation, Operand call) const {
  const auto& node = *call.node->as<FunctionCall>();
  const std::size_t count = argument_count(*call.node);
  SqlWriter& text = compilation.text();
  std::vector<Operand> keys;
  for (std::size_t index = 0; index < node.order_count; ++index)
    keys.push_back(Compilation::child(call, count + index));
  if (node.is_within_group) {
    BRIDGE_RETURN_IF_ERROR(require(Capability::kWithinGroup,
                                   "WITHIN GROUP; number the rows with row_number and pick one of them"));
    text.words(") WITHIN GROUP (ORDER BY ");
  } else if (!keys.empty()) {
    BRIDGE_RETURN_IF_ERROR(require(Capability::kAggregateOrdering,
                                   "order inside aggregates; aggregate the rows of an ordered subquery"));
    text.words(" ORDER BY ");
  }
  BRIDGE_RETURN_IF_ERROR(compilation.write_keys(keys));
  text.words(")");
  if (!node.has_filter) return {};
  BRIDGE_RETURN_IF_ERROR(require(Capability::kAggregateFilter,
                                 "FILTER on aggregates; aggregate case((condition, value)) instead"));
  text.words(" FILTER (WHERE ");
  BRIDGE_RETURN_IF_ERROR(compilation.write(Compilation::child(call, count + node.order_count)));
  text.words(")");
  return {};
}

bool Dialect::is_skipping_null(Operand call) {
  const std::string& portable = call.node->as<FunctionCall>()->name;
  if (portable != "greatest" && portable != "least") return false;
  const auto children = call.node->children();
  return std::any_of(children.begin(), children.end(),
                     [](const ExpressionPtr& child) { return child->type().is_nullable; });
}

// Each argument that is NULL gives its place to another one, which changes nothing about the largest.
Status Dialect::write_skipping_null(Compilation& compilation, Operand call, std::string_view name,
                                    Words behind_each) {
  const std::size_t count = call.node->children().size();
  SqlWriter& text = compilation.text();
  text.function(name).words("(");
  for (std::size_t first = 0; first < count; ++first) {
    text.words(first == 0 ? Words("COALESCE(") : Words(", COALESCE("));
    for (std::size_t step = 0; step < count; ++step) {
      if (step > 0) text.words(", ");
      BRIDGE_RETURN_IF_ERROR(compilation.write(Compilation::child(call, (first + step) % count)));
    }
    text.words(")").words(behind_each);
  }
  text.words(")");
  return {};
}

Status Dialect::write_window(Compilation& compilation, Operand window) const {
  BRIDGE_RETURN_IF_ERROR(write_function(compilation, Compilation::child(window, 0)));
  return compilation.write_over(window);
}

// Expanded to the length of its bucket, so that lists of similar length share one text; the last member fills
// the rest.
Status Dialect::write_in_list(Compilation& compilation, bool is_negated, Operand left, Operand list) const {
  BRIDGE_RETURN_IF_ERROR(write_compared(compilation, left, nullptr));
  compilation.text().words(is_negated ? Words(" NOT IN (") : Words(" IN ("));
  const std::size_t length = to_list_bucket(list.node->as<Parameter>()->value.elements.size());
  for (std::size_t index = 0; index < length; ++index) {
    if (index > 0) compilation.text().words(", ");
    compilation.write_member(list, index);
  }
  compilation.text().words(")");
  return {};
}

Status Dialect::write_cast(Compilation& compilation, Operand operand, const types::ColumnType& target) const {
  compilation.text().words("CAST(");
  BRIDGE_RETURN_IF_ERROR(compilation.write(operand));
  compilation.text().words(" AS ");
  BRIDGE_RETURN_IF_ERROR(write_type(compilation.text(), target));
  compilation.text().words(")");
  return {};
}

Status Dialect::write_ordering(Compilation& compilation, Operand key, const Ordering& ordering) const {
  BRIDGE_RETURN_IF_ERROR(write_compared(compilation, key, nullptr));
  return write_direction(compilation, ordering);
}

Status Dialect::write_place_ordering(Compilation& compilation, std::size_t place, const types::ColumnType&,
                                     const Ordering& ordering) const {
  compilation.text().number(place);
  return write_direction(compilation, ordering);
}

Status Dialect::write_direction(Compilation& compilation, const Ordering& ordering) const {
  if (ordering.is_descending) compilation.text().words(" DESC");
  if (ordering.nulls == NullsOrder::kDefault) return {};
  BRIDGE_RETURN_IF_ERROR(
      require(Capability::kNullsOrdering, "NULLS FIRST and NULLS LAST; order by is_null() before the key"));
  compilation.text().words(ordering.nulls == NullsOrder::kFirst ? Words(" NULLS FIRST")
                                                                : Words(" NULLS LAST"));
  return {};
}

Status Dialect::write_default_value(Compilation& compilation, const Column&) const {
  compilation.text().words("DEFAULT");
  return {};
}

Status Dialect::write_stored(Compilation& compilation, Operand value, const Column&) const {
  return compilation.write_assigned(value);
}

Status Dialect::write_excluded(SqlWriter& writer, const Column& column) const {
  writer.words("excluded.").identifier(column.name);
  return {};
}

}  // namespace bridge::sql
