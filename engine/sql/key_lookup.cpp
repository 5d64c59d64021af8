// Which columns of the key a condition fixes.
#include "engine/sql/key_lookup.h"

#include <algorithm>

namespace bridge::sql {
namespace {

// The column that `condition` sets equal to a bound value, if it does just that.
const ColumnReference* fixed_column(const Expression& condition) {
  const Binary* binary = condition.as<Binary>();
  if (binary == nullptr || binary->operation != BinaryOperator::kEqual) return nullptr;
  const Expression& left = *condition.children()[0];
  const Expression& right = *condition.children()[1];
  return right.as<Parameter>() != nullptr ? left.as<ColumnReference>() : nullptr;
}

}  // namespace

bool is_key_lookup(const Select& select) {
  if (select.from.size() != 1 || !select.joins.empty() || !select.operands.empty()) return false;
  const std::vector<Column>& columns = select.from.front()->table->columns;
  bool has_key = false;
  for (std::size_t index = 0; index < columns.size(); ++index) {
    if (!columns[index].is_primary_key) continue;
    has_key = true;
    const bool is_fixed =
        std::any_of(select.where.begin(), select.where.end(), [&](const ExpressionPtr& condition) {
          const ColumnReference* fixed = fixed_column(*condition);
          return fixed != nullptr && fixed->source == select.from.front() && fixed->column == index;
        });
    if (!is_fixed) return false;
  }
  return has_key;
}

}  // namespace bridge::sql
