// Writes queries.
#include <algorithm>

#include "engine/sql/compilation.h"
#include "engine/sql/select_rules.h"

namespace bridge::sql {
namespace {

std::vector<Operand> to_operands(const std::vector<ExpressionPtr>& parts, const PartPositions& positions) {
  std::vector<Operand> operands;
  operands.reserve(parts.size());
  for (const ExpressionPtr& part : parts) operands.push_back(positions.at(part));
  return operands;
}

bool can_ask_for_existence_only(const Select& select) {
  const auto aggregates = [](const Selection& selection) {
    return selection.expression && selection.expression->has_aggregate();
  };
  return !select.is_distinct && select.distinct_on.empty() &&
         std::none_of(select.selections.begin(), select.selections.end(), aggregates);
}

// Whether the value stays NULL-free although a column in it comes from the outer side of a join.
bool absorbs_nulls(const Expression& expression) {
  if (const auto* const unary = expression.as<Unary>()) {
    return unary->operation == UnaryOperator::kIsNull || unary->operation == UnaryOperator::kIsNotNull;
  }
  if (const auto* const call = expression.as<FunctionCall>())
    return call->name == "count" || call->name == "coalesce";
  if (const auto* const binary = expression.as<Binary>())
    return binary->operation >= BinaryOperator::kIsDistinctFrom;
  return expression.as<Window>() != nullptr || expression.as<Exists>() != nullptr;
}

bool reads_outer_side(const Expression& expression, const Scopes& scopes) {
  if (const auto* const column = expression.as<ColumnReference>()) {
    const SourceUse* const use = scopes.find(column->source.get());
    return use != nullptr && use->is_nullable;
  }
  if (absorbs_nulls(expression)) return false;
  const auto children = expression.children();
  return std::any_of(children.begin(), children.end(),
                     [&](const ExpressionPtr& child) { return reads_outer_side(*child, scopes); });
}

}  // namespace

Status Compilation::write_query(const Select& select, std::size_t position, SelectList list) {
  return write_select(select, position, list, false);
}

Status Compilation::write_query_with_where(const Select& select, std::size_t position) {
  return write_select(select, position, SelectList::kAll, true);
}

Status Compilation::write_select(const Select& select, std::size_t position, SelectList list,
                                 bool needs_where) {
  BRIDGE_RETURN_IF_ERROR(check_select(select, dialect_.capabilities()));
  const PartPositions positions(select, position);
  scopes_.open();
  BRIDGE_RETURN_IF_ERROR(open_scope(select));
  BRIDGE_RETURN_IF_ERROR(write_select_body(select, positions, list, needs_where));
  scopes_.close();
  return {};
}

Status Compilation::open_scope(const Select& select) {
  for (const SourcePtr& source : select.from) BRIDGE_RETURN_IF_ERROR(scopes_.add(*source, false));
  for (const Join& join : select.joins)
    BRIDGE_RETURN_IF_ERROR(scopes_.add(*join.source, join.kind == JoinKind::kLeft));
  return {};
}

Status Compilation::write_select_body(const Select& select, const PartPositions& positions, SelectList list,
                                      bool needs_where) {
  std::vector<ExpectedColumn>* const columns = std::exchange(result_columns_, nullptr);
  text_.words("SELECT ");
  if (list == SelectList::kExistence && can_ask_for_existence_only(select)) {
    text_.words("1");
  } else {
    BRIDGE_RETURN_IF_ERROR(write_distinct(select, positions));
    BRIDGE_RETURN_IF_ERROR(write_selections(select.selections, positions, columns, select.is_distinct));
  }
  BRIDGE_RETURN_IF_ERROR(write_from(select, positions));
  if (!select.where.empty()) {
    text_.words(" WHERE ");
    BRIDGE_RETURN_IF_ERROR(write_conjunction(to_operands(select.where, positions)));
  } else if (needs_where) {
    text_.words(" WHERE 1 = 1");
  }
  BRIDGE_RETURN_IF_ERROR(write_grouping(select, positions));
  BRIDGE_RETURN_IF_ERROR(write_order(select, positions));
  BRIDGE_RETURN_IF_ERROR(dialect_.write_page(*this, positions.at(select.limit), positions.at(select.offset)));
  if (select.lock.strength != LockStrength::kNone) return dialect_.write_lock(*this, select.lock);
  return {};
}

Status Compilation::write_distinct(const Select& select, const PartPositions& positions) {
  if (!select.distinct_on.empty()) {
    if (!dialect_.capabilities().has(Capability::kDistinctOn)) {
      return make_error(ErrorCode::kUnsupportedFeature, std::string(dialect_.name()) + " has no DISTINCT ON");
    }
    text_.words("DISTINCT ON (");
    BRIDGE_RETURN_IF_ERROR(write_list(to_operands(select.distinct_on, positions)));
    text_.words(") ");
  } else if (select.is_distinct) {
    text_.words("DISTINCT ");
  }
  return {};
}

Status Compilation::write_selections(const std::vector<Selection>& selections, const PartPositions& positions,
                                     std::vector<ExpectedColumn>* columns, bool is_distinct) {
  if (selections.empty()) return make_error(ErrorCode::kQuery, "a query must select something");
  bool is_first = true;
  for (const Selection& selection : selections) {
    if (!is_first) text_.words(", ");
    is_first = false;
    if (selection.entity) {
      BRIDGE_RETURN_IF_ERROR(write_entity(selection.entity, columns));
      continue;
    }
    const Operand operand = positions.at(selection.expression);
    if (columns != nullptr)
      columns->push_back({to_result_name(*operand.node, columns->size()), to_result_type(*operand.node)});
    BRIDGE_RETURN_IF_ERROR(write_selected(operand, is_distinct));
  }
  return {};
}

Status Compilation::write_selected(Operand operand, bool is_distinct) {
  const auto* const label = operand.node->as<Label>();
  const Operand inner = label != nullptr ? child(operand, 0) : operand;
  if (is_distinct) {
    BRIDGE_RETURN_IF_ERROR(dialect_.write_compared(*this, inner, nullptr));
  } else {
    BRIDGE_RETURN_IF_ERROR(write(inner));
  }
  if (label != nullptr) text_.words(" AS ").identifier(label->name);
  return {};
}

Status Compilation::write_entity(const SourcePtr& entity, std::vector<ExpectedColumn>* columns) {
  const SourceUse* const use = scopes_.find(entity.get());
  if (use == nullptr) {
    return make_error(ErrorCode::kQuery, "table " + entity->table->name.text() +
                                             " is selected but neither selected from nor joined");
  }
  for (std::size_t index = 0; index < entity->table->columns.size(); ++index) {
    const Column& column = entity->table->columns[index];
    if (index > 0) text_.words(", ");
    BRIDGE_RETURN_IF_ERROR(write_column({entity, index}));
    if (columns == nullptr) continue;
    columns->push_back({column.name.text(), column.type});
    columns->back().type.is_nullable = column.type.is_nullable || use->is_nullable;
  }
  return {};
}

types::ColumnType Compilation::to_result_type(const Expression& expression) const {
  types::ColumnType type = expression.type();
  type.is_nullable = type.is_nullable || reads_outer_side(without_label(expression), scopes_);
  return type;
}

std::string Compilation::to_result_name(const Expression& expression, std::size_t index) const {
  if (const auto* const label = expression.as<Label>()) return label->name.text();
  if (const auto* const column = expression.as<ColumnReference>())
    return column->source->table->columns[column->column].name.text();
  if (const auto* const call = expression.as<FunctionCall>()) return call->name;
  return "column_" + std::to_string(index + 1);
}

Status Compilation::write_source(const SourcePtr& source) {
  const SourceUse* const use = scopes_.find(source.get());
  text_.table(*source->table);
  if (use != nullptr && use->is_renamed) text_.words(" AS ").identifier(use->name);
  return {};
}

Status Compilation::write_from(const Select& select, const PartPositions& positions) {
  bool is_first = true;
  for (const SourcePtr& source : select.from) {
    text_.words(is_first ? SqlWriter::Words(" FROM ") : SqlWriter::Words(" CROSS JOIN "));
    is_first = false;
    BRIDGE_RETURN_IF_ERROR(write_source(source));
  }
  for (const Join& join : select.joins) {
    text_.words(join.kind == JoinKind::kLeft ? SqlWriter::Words(" LEFT JOIN ") : SqlWriter::Words(" JOIN "));
    BRIDGE_RETURN_IF_ERROR(write_source(join.source));
    text_.words(" ON ");
    BRIDGE_RETURN_IF_ERROR(write(positions.at(join.condition)));
  }
  return {};
}

Status Compilation::write_grouping(const Select& select, const PartPositions& positions) {
  bool is_first = true;
  for (const ExpressionPtr& key : select.group_by) {
    text_.words(is_first ? SqlWriter::Words(" GROUP BY ") : SqlWriter::Words(", "));
    is_first = false;
    const Operand operand = positions.at(key);
    BRIDGE_RETURN_IF_ERROR(
        dialect_.write_compared(*this, key->as<Label>() != nullptr ? child(operand, 0) : operand, nullptr));
  }
  if (select.having.empty()) return {};
  text_.words(" HAVING ");
  return write_conjunction(to_operands(select.having, positions));
}

Status Compilation::write_order(const Select& select, const PartPositions& positions) {
  bool is_first = true;
  const Select* const outer = std::exchange(ordered_, &select);
  for (const ExpressionPtr& key : select.order_by) {
    text_.words(is_first ? SqlWriter::Words(" ORDER BY ") : SqlWriter::Words(", "));
    is_first = false;
    const Operand operand = positions.at(key);
    const auto* const ordering = key->as<Ordering>();
    BRIDGE_RETURN_IF_ERROR(dialect_.write_ordering(*this, ordering != nullptr ? child(operand, 0) : operand,
                                                   ordering != nullptr ? *ordering : Ordering{}));
  }
  ordered_ = outer;
  return {};
}

}  // namespace bridge::sql
