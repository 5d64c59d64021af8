// Grouping, aggregates, DISTINCT.
#include "engine/sql/select_rules.h"

#include <algorithm>

#include "engine/sql/expression_factory.h"
#include "engine/sql/functions.h"
#include "engine/sql/shape.h"
#include "engine/sql/source_rules.h"

namespace bridge::sql {
namespace {

Error refuse(std::string problem) { return make_error(ErrorCode::kQuery, std::move(problem)); }

const Expression& without_ordering(const Expression& expression) {
  const Expression& key = expression.as<Ordering>() != nullptr ? *expression.children().front() : expression;
  return without_label(key);
}

bool is_among(const Expression& expression, const std::vector<ExpressionPtr>& candidates) {
  return std::any_of(candidates.begin(), candidates.end(), [&](const ExpressionPtr& candidate) {
    return is_same_expression(without_label(*candidate), expression);
  });
}

/// Tells for one query which expressions have one value per group.
class Grouping {
 public:
  Grouping(const Select& select, bool has_key_rule) : select_(select), has_key_rule_(has_key_rule) {
    for (const ExpressionPtr& key : select.group_by) {
      if (key->as<GroupingSets>() == nullptr) {
        keys_.push_back(key);
      } else {
        keys_.insert(keys_.end(), key->children().begin(), key->children().end());
      }
    }
  }

  Status check(const Expression& expression) const {
    const Expression& node = without_ordering(expression);
    if (is_among(node, keys_)) return {};
    if (node.as<Window>() != nullptr) return check_window(node);
    if (calls_aggregate(node)) return {};
    if (const auto* const column = node.as<ColumnReference>())
      return check_column(column->source, column->column);
    for (const ExpressionPtr& child : node.children()) BRIDGE_RETURN_IF_ERROR(check(*child));
    return {};
  }

  Status check_entity(const Selection& selection) const {
    const SourcePtr& entity = selection.entity;
    for (std::size_t index = selection.first_column; index < selection.end_column(); ++index) {
      if (!is_grouped(entity, index)) BRIDGE_RETURN_IF_ERROR(check_column(entity, index));
    }
    return {};
  }

 private:
  // A window sees the groups as its rows: the function over it is no aggregate of the query's own rows.
  Status check_window(const Expression& window) const {
    const auto parts = window.children();
    for (const ExpressionPtr& argument : parts.front()->children()) BRIDGE_RETURN_IF_ERROR(check(*argument));
    for (const ExpressionPtr& part : parts.subspan(1)) BRIDGE_RETURN_IF_ERROR(check(*part));
    return {};
  }

  bool is_grouped(const SourcePtr& source, std::size_t column) const {
    return std::any_of(keys_.begin(), keys_.end(), [&](const ExpressionPtr& key) {
      const auto* const reference = without_label(*key).as<ColumnReference>();
      return reference != nullptr && reference->source == source && reference->column == column;
    });
  }

  bool is_local(const SourcePtr& source) const {
    return std::find(select_.from.begin(), select_.from.end(), source) != select_.from.end() ||
           std::any_of(select_.joins.begin(), select_.joins.end(),
                       [&](const Join& join) { return join.source == source; });
  }

  // All columns of a row follow from its key.
  bool is_key_grouped(const SourcePtr& source) const {
    const auto& columns = source->table->columns;
    bool has_key = false;
    for (std::size_t index = 0; index < columns.size(); ++index) {
      if (!columns[index].is_primary_key) continue;
      if (!is_grouped(source, index)) return false;
      has_key = true;
    }
    return has_key;
  }

  Status check_column(const SourcePtr& source, std::size_t column) const {
    if (!is_local(source)) return {};  // one row of an outer query
    const std::string name =
        "column " + source->table->name.text() + "." + source->table->columns[column].name.text();
    if (!is_key_grouped(source)) return refuse(name + " must be in group_by or inside an aggregate function");
    if (has_key_rule_) return {};
    return make_error(ErrorCode::kUnsupportedFeature,
                      "the database does not tell columns by the key that is grouped by; add " + name +
                          " to group_by, too");
  }

  const Select& select_;
  bool has_key_rule_;
  std::vector<ExpressionPtr> keys_;  // those of all groupings
};

bool is_grouping(const Select& select) {
  const auto aggregates = [](const ExpressionPtr& part) { return part->has_aggregate(); };
  return !select.group_by.empty() || !select.having.empty() ||
         std::any_of(select.selections.begin(), select.selections.end(),
                     [](const Selection& selection) {
                       return selection.expression && selection.expression->has_aggregate();
                     }) ||
         std::any_of(select.order_by.begin(), select.order_by.end(), aggregates);
}

Status check_grouping(const Select& select, const Capabilities& capabilities) {
  if (!is_grouping(select)) return {};
  const Grouping grouping(select, capabilities.has(Capability::kGroupByKey));
  for (const Selection& selection : select.selections) {
    if (selection.expression) BRIDGE_RETURN_IF_ERROR(check_no_nested_aggregate(*selection.expression));
  }
  for (const Selection& selection : select.selections) {
    if (selection.entity) {
      BRIDGE_RETURN_IF_ERROR(grouping.check_entity(selection));
    } else {
      BRIDGE_RETURN_IF_ERROR(grouping.check(*selection.expression));
    }
  }
  for (const ExpressionPtr& condition : select.having) BRIDGE_RETURN_IF_ERROR(grouping.check(*condition));
  for (const ExpressionPtr& key : select.order_by) BRIDGE_RETURN_IF_ERROR(grouping.check(*key));
  return {};
}

bool is_selected(const Expression& key, const Select& select) {
  return std::any_of(select.selections.begin(), select.selections.end(), [&](const Selection& selection) {
    if (selection.expression) return is_same_expression(without_label(*selection.expression), key);
    const auto* const column = key.as<ColumnReference>();
    return column != nullptr && column->source == selection.entity &&
           column->column >= selection.first_column && column->column < selection.end_column();
  });
}

// Which row of each combination is the first one must follow from the order.
Status check_distinct_on(const Select& select) {
  if (select.is_distinct) return refuse("distinct() without columns and distinct(...) exclude each other");
  const std::size_t count = std::min(select.order_by.size(), select.distinct_on.size());
  for (std::size_t index = 0; index < count; ++index) {
    const Expression& key = without_ordering(*select.order_by[index]);
    if (!is_among(key, select.distinct_on))
      return refuse("a query with distinct(...) must be ordered by those columns first, not by " +
                    to_message_name(key));
  }
  return {};
}

Status check_row_count(const ExpressionPtr& count, std::string_view clause) {
  const auto* const parameter = count ? count->as<Parameter>() : nullptr;
  if (!count || (parameter != nullptr && parameter->type.storage == types::StorageType::kInt64)) return {};
  return refuse(std::string(clause) + " needs a number of rows as an int64 value");
}

Status check_lock(const Select& select) {
  if (select.lock.strength == LockStrength::kNone) return {};
  if (select.as_of) return refuse("rows of the past cannot be locked: leave as_of or the lock out");
  if (select.is_distinct || !select.distinct_on.empty())
    return refuse("a query with DISTINCT cannot lock rows");
  if (is_grouping(select)) return refuse("a query with groups or aggregates cannot lock rows");
  if (select.lock.skip_locked && select.lock.nowait)
    return refuse("skip_locked and nowait exclude each other");
  return {};
}

Status check_set_order(const Select& select) {
  for (const ExpressionPtr& key : select.order_by) {
    const Expression& wanted = key->as<Ordering>() != nullptr ? *key->children().front() : *key;
    if (find_selected(select, wanted) == 0)
      return refuse("a set operation can only be ordered by what its first query selects, not by " +
                    to_message_name(wanted));
  }
  return {};
}

// All that may stand beside the queries of a set operation is their order and a page of them.
Status check_operands_alone(const Select& select) {
  const bool has_more = !select.from.empty() || !select.joins.empty() || !select.where.empty() ||
                        !select.group_by.empty() || !select.having.empty() || select.is_distinct ||
                        !select.distinct_on.empty();
  if (has_more)
    return refuse("a set operation can only be ordered and limited; select from a subquery of it");
  if (select.lock.strength != LockStrength::kNone) return refuse("a set operation cannot lock rows");
  if (select.operands.size() < 2) return refuse("a set operation combines two queries or more");
  for (const auto& operand : select.operands) {
    if (operand->lock.strength != LockStrength::kNone)
      return refuse("a query in a set operation cannot lock rows");
  }
  return check_set_order(select);
}

bool is_equal(const types::Value& left, const types::Value& right) {
  return left.is_null == right.is_null && left.integer == right.integer && left.real == right.real &&
         left.text == right.text && left.uuid == right.uuid && left.interval == right.interval &&
         std::equal(left.elements.begin(), left.elements.end(), right.elements.begin(), right.elements.end(),
                    is_equal);
}

// Of two expressions that say the same.
bool has_equal_values(const Expression& left, const Expression& right) {
  const auto* const parameter = left.as<Parameter>();
  if (parameter != nullptr) return is_equal(parameter->value, right.as<Parameter>()->value);
  const auto children = left.children();
  return std::equal(
      children.begin(), children.end(), right.children().begin(), right.children().end(),
      [](const ExpressionPtr& one, const ExpressionPtr& other) { return has_equal_values(*one, *other); });
}

Status check_key_value(const Select& select, const Expression& key) {
  const Expression& wanted = without_ordering(key);
  if (wanted.parameter_count() == 0) return {};
  for (const Selection& selection : select.selections) {
    if (!selection.expression) continue;
    const Expression& selected = without_label(*selection.expression);
    if (!is_same_expression(selected, wanted)) continue;
    if (has_equal_values(selected, wanted)) return {};
    return refuse("a key of group_by or order_by differs from what is selected in its values alone");
  }
  return {};
}

}  // namespace

std::size_t find_selected(const Select& select, const Expression& key) {
  std::size_t place = 1;
  for (const Selection& selection : select.selections) {
    if (selection.expression) {
      const auto* const label = selection.expression->as<Label>();
      const auto* const wanted = key.as<Label>();
      if (label != nullptr && wanted != nullptr && label->name == wanted->name) return place;
      if (is_same_expression(without_label(*selection.expression), without_label(key))) return place;
      ++place;
      continue;
    }
    const auto* const column = key.as<ColumnReference>();
    const bool is_in_it = column != nullptr && column->source == selection.entity &&
                          column->column >= selection.first_column && column->column < selection.end_column();
    if (is_in_it) return place + column->column - selection.first_column;
    place += selection.end_column() - selection.first_column;
  }
  return 0;
}

bool is_grouped_or_distinct(const Select& select) { return !select.group_by.empty() || select.is_distinct; }

Status check_key_values(const Select& select) {
  if (!is_grouped_or_distinct(select)) return {};
  for (const ExpressionPtr& key : select.group_by) BRIDGE_RETURN_IF_ERROR(check_key_value(select, *key));
  for (const ExpressionPtr& key : select.order_by) BRIDGE_RETURN_IF_ERROR(check_key_value(select, *key));
  return {};
}

Status check_distinct(const Select& select) {
  if (!select.distinct_on.empty()) return check_distinct_on(select);
  if (!select.is_distinct) return {};
  for (const ExpressionPtr& key : select.order_by) {
    const Expression& wanted = without_ordering(*key);
    if (!is_selected(wanted, select))
      return refuse("a query with DISTINCT can only be ordered by what it selects, not by " +
                    to_message_name(wanted));
  }
  return {};
}

Status check_group_condition(const Expression& condition, std::string_view clause) {
  if (condition.type().storage != types::StorageType::kBool) {
    return refuse(std::string(clause) + " needs a truth value, not " +
                  std::string(types::to_name(condition.type().storage)));
  }
  if (has_window(condition))
    return refuse("a window function cannot stand in " + std::string(clause) + "; filter a subquery of it");
  return {};
}

Status check_row_condition(const Expression& condition, std::string_view clause) {
  BRIDGE_RETURN_IF_ERROR(check_group_condition(condition, clause));
  if (condition.has_aggregate())
    return refuse("an aggregate function cannot stand in " + std::string(clause) + "; use having");
  return {};
}

Status check_group_key(const Expression& key) {
  if (!key.has_aggregate() && !has_window(key)) return {};
  return refuse("an aggregate or window function cannot stand in group_by: " + to_message_name(key));
}

Status check_select(const Select& select, const Capabilities& capabilities) {
  BRIDGE_RETURN_IF_ERROR(check_row_count(select.limit, "limit"));
  BRIDGE_RETURN_IF_ERROR(check_row_count(select.offset, "offset"));
  if (!select.operands.empty()) return check_operands_alone(select);
  BRIDGE_RETURN_IF_ERROR(check_sources(select));
  for (const ExpressionPtr& condition : select.where)
    BRIDGE_RETURN_IF_ERROR(check_row_condition(*condition, "where"));
  for (const Join& join : select.joins) {
    if (join.kind == JoinKind::kCross) continue;
    if (!join.condition) return refuse("a join needs a condition");
    BRIDGE_RETURN_IF_ERROR(check_row_condition(*join.condition, "a join's condition"));
  }
  for (const ExpressionPtr& key : select.group_by) BRIDGE_RETURN_IF_ERROR(check_group_key(*key));
  for (const ExpressionPtr& condition : select.having)
    BRIDGE_RETURN_IF_ERROR(check_group_condition(*condition, "having"));
  BRIDGE_RETURN_IF_ERROR(check_grouping(select, capabilities));
  BRIDGE_RETURN_IF_ERROR(check_lock(select));
  return check_distinct(select);
}

}  // namespace bridge::sql
