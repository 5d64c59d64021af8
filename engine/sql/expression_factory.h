// The one place where expression nodes are put together, so that hash and traits always fit their contents.
#pragma once

#include <utility>
#include <vector>

#include "engine/sql/expression.h"

namespace bridge::sql {

/// Builds one node; private to the makers of this layer.
class ExpressionFactory {
 public:
  /// Computes hash, depth and traits. kQuery beyond kMaxExpressionDepth or kMaxStatementNodes.
  static ExpressionResult make(Payload payload, types::ColumnType type,
                               std::vector<ExpressionPtr> children = {});
  /// The same node about other values: payload and children may differ from the original's in nothing else.
  static ExpressionPtr replace_values(const Expression& original, Payload payload,
                                      std::vector<ExpressionPtr> children);

 private:
  static Status take_children(Expression& node);
  static void take_subquery(Expression& node);
};

/// Fails with kQuery unless `operand` is set and can stand inside another expression (no ordering, label,
/// DEFAULT or lone star).
Status check_operand(const ExpressionPtr& operand);
Status check_operands(const std::vector<ExpressionPtr>& operands);
/// Whether the node itself is the call of an aggregate.
bool calls_aggregate(const Expression& expression);
/// Whether a window stands in it outside any subquery.
bool has_window(const Expression& expression);
/// Fails with kQuery for an aggregate of aggregates, which makes sense only over a window.
Status check_no_nested_aggregate(const Expression& expression);
/// Fails with kQuery unless `condition` is a truth value.
Status check_condition(const ExpressionPtr& condition);

}  // namespace bridge::sql
