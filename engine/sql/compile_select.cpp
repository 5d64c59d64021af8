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

SqlWriter::Words to_words(JoinKind kind) {
  switch (kind) {
    case JoinKind::kInner:
      return " JOIN ";
    case JoinKind::kLeft:
      return " LEFT JOIN ";
    case JoinKind::kRight:
      return " RIGHT JOIN ";
    case JoinKind::kFull:
      return " FULL JOIN ";
    case JoinKind::kCross:
      return " CROSS JOIN ";
  }
  return " JOIN ";
}

// What a selected expression is called without a name of its own.
std::string_view to_plain_name(const Expression& expression) {
  const auto* const column = expression.as<ColumnReference>();
  return column == nullptr ? std::string_view()
                           : std::string_view(column->source->table->columns[column->column].name.text());
}

}  // namespace

Status Compilation::write_query(const Select& select, std::size_t position, QueryForm form) {
  BRIDGE_RETURN_IF_ERROR(check_select(select, dialect_.capabilities()));
  if (form.is_isolated) {
    scopes_.open_isolated();
  } else {
    scopes_.open();
  }
  form.is_isolated = false;
  const PointInTime* const outer = as_of_;
  BRIDGE_RETURN_IF_ERROR(enter_as_of(select));
  begin_nested();
  if (!select.operands.empty()) {
    BRIDGE_RETURN_IF_ERROR(write_set_operation(select, position, form));
  } else {
    const PartPositions positions(select, position);
    BRIDGE_RETURN_IF_ERROR(open_scope(select));
    BRIDGE_RETURN_IF_ERROR(write_select_body(select, positions, form));
  }
  end_nested();
  as_of_ = outer;
  scopes_.close();
  return {};
}

Status Compilation::open_scope(const Select& select) {
  for (const SourcePtr& source : select.from) BRIDGE_RETURN_IF_ERROR(scopes_.add(*source));
  for (const Join& join : select.joins) BRIDGE_RETURN_IF_ERROR(scopes_.add(*join.source));
  return {};
}

Status Compilation::enter_as_of(const Select& select) {
  if (!select.as_of) return {};
  if (!dialect_.capabilities().has(Capability::kAsOf)) {
    return make_error(ErrorCode::kUnsupportedFeature,
                      std::string(dialect_.name()) +
                          " has no as_of: it keeps no former states of its rows; keep them in a table of "
                          "their own");
  }
  const bool is_of_statement = as_of_ != nullptr && *as_of_ == *select.as_of;
  const bool is_set = nesting_ == 0 && !select.operands.empty();
  if (dialect_.says_as_of_once() && (!is_of_statement || is_set)) {
    return make_error(ErrorCode::kUnsupportedFeature,
                      std::string(dialect_.name()) +
                          " reads a whole statement in one point in time: say as_of of the outermost query, "
                          "and put a union into a subquery of it");
  }
  as_of_ = &*select.as_of;
  return {};
}

Status Compilation::write_as_of_once() {
  if (as_of_ == nullptr || nesting_ != 1 || !dialect_.says_as_of_once()) return {};
  return dialect_.write_as_of(text_, *as_of_);
}

Status Compilation::write_select_body(const Select& select, const PartPositions& positions,
                                      const QueryForm& form) {
  text_.words("SELECT ");
  if (form.list == SelectList::kExistence && can_ask_for_existence_only(select)) {
    text_.words("1");
  } else {
    BRIDGE_RETURN_IF_ERROR(write_distinct(select, positions));
    BRIDGE_RETURN_IF_ERROR(write_selections(
        select.selections, positions, {select.is_distinct || form.compares_rows, form.names, form.types}));
  }
  BRIDGE_RETURN_IF_ERROR(write_from(select, positions));
  BRIDGE_RETURN_IF_ERROR(write_as_of_once());
  if (!select.where.empty()) {
    text_.words(" WHERE ");
    BRIDGE_RETURN_IF_ERROR(write_conjunction(to_operands(select.where, positions)));
  } else if (form.needs_where) {
    text_.words(" WHERE 1 = 1");
  }
  BRIDGE_RETURN_IF_ERROR(write_grouping(select, positions));
  BRIDGE_RETURN_IF_ERROR(write_named_windows(select, positions));
  BRIDGE_RETURN_IF_ERROR(write_order(select, positions));
  BRIDGE_RETURN_IF_ERROR(dialect_.write_page(*this, positions.at(select.limit), positions.at(select.offset)));
  if (select.lock.strength != LockStrength::kNone) return dialect_.write_lock(*this, select.lock);
  return {};
}

Status Compilation::write_distinct(const Select& select, const PartPositions& positions) {
  if (!select.distinct_on.empty()) {
    if (!dialect_.capabilities().has(Capability::kDistinctOn)) {
      return make_error(ErrorCode::kUnsupportedFeature,
                        std::string(dialect_.name()) +
                            " has no DISTINCT ON; number the rows with row_number in a subquery "
                            "and take the first");
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
                                     SelectListForm form) {
  if (selections.empty()) return make_error(ErrorCode::kQuery, "a query must select something");
  std::size_t index = 0;
  for (const Selection& selection : selections) {
    if (index > 0) text_.words(", ");
    BRIDGE_RETURN_IF_ERROR(selection.entity
                               ? write_entity(selection, index, form)
                               : write_selected(positions.at(selection.expression), index, form));
    index += selection.entity ? selection.end_column() - selection.first_column : 1;
  }
  return {};
}

Status Compilation::write_selected(Operand operand, std::size_t index, const SelectListForm& form) {
  const auto* const label = operand.node->as<Label>();
  const Operand inner = label != nullptr ? child(operand, 0) : operand;
  if (form.types != nullptr) {
    BRIDGE_RETURN_IF_ERROR(dialect_.write_cast(*this, inner, (*form.types)[index]));
  } else if (form.compares_rows) {
    BRIDGE_RETURN_IF_ERROR(dialect_.write_compared(*this, inner, nullptr));
  } else if (inner.node->as<Parameter>() != nullptr) {
    BRIDGE_RETURN_IF_ERROR(dialect_.write_selected_value(*this, inner));
  } else {
    BRIDGE_RETURN_IF_ERROR(write(inner));
  }
  if (label != nullptr && form.names == nullptr) {
    text_.words(" AS ").identifier(label->name);
  } else if (form.names != nullptr && to_plain_name(*inner.node) != form.names->columns[index].name.text()) {
    text_.words(" AS ").identifier(form.names->columns[index].name);
  }
  return {};
}

Status Compilation::write_entity(const Selection& selection, std::size_t index, const SelectListForm& form) {
  const SourcePtr& entity = selection.entity;
  if (scopes_.find(entity.get()) == nullptr) {
    return make_error(ErrorCode::kQuery, "table " + entity->table->name.text() +
                                             " is selected but neither selected from nor joined");
  }
  for (std::size_t column = selection.first_column; column < selection.end_column(); ++column, ++index) {
    if (column > selection.first_column) text_.words(", ");
    BRIDGE_ASSIGN_OR_RETURN(const ExpressionPtr node, make_column(entity, column));
    SelectListForm plain = form;
    plain.compares_rows = false;  // a column brings its own way to be compared
    BRIDGE_RETURN_IF_ERROR(write_selected({node.get(), 0}, index, plain));
  }
  return {};
}

Status Compilation::write_from(const Select& select, const PartPositions& positions) {
  bool is_first = true;
  for (const SourcePtr& source : select.from) {
    text_.words(is_first ? SqlWriter::Words(" FROM ") : SqlWriter::Words(" CROSS JOIN "));
    is_first = false;
    BRIDGE_RETURN_IF_ERROR(write_source(source, positions.at(source)));
  }
  for (const Join& join : select.joins) {
    const bool keeps_right = join.kind == JoinKind::kRight || join.kind == JoinKind::kFull;
    if (keeps_right && !dialect_.capabilities().has(Capability::kFullJoins)) {
      return make_error(ErrorCode::kUnsupportedFeature,
                        std::string(dialect_.name()) +
                            " has no right and full joins; start from the other table with left_join, and "
                            "combine two queries with union_all for a full join");
    }
    text_.words(to_words(join.kind));
    BRIDGE_RETURN_IF_ERROR(write_source(join.source, positions.at(join.source)));
    if (join.kind == JoinKind::kCross) continue;
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
    BRIDGE_RETURN_IF_ERROR(write_group_key(select, positions.at(key)));
  }
  if (select.having.empty()) return {};
  text_.words(" HAVING ");
  return write_conjunction(to_operands(select.having, positions));
}

Status Compilation::write_group_key(const Select& select, Operand key) {
  if (key.node->as<GroupingSets>() != nullptr) return write_grouping_sets(key);
  const Operand bare = key.node->as<Label>() != nullptr ? child(key, 0) : key;
  const std::size_t place = bare.node->parameter_count() > 0 ? find_selected(select, *bare.node) : 0;
  if (place == 0) return dialect_.write_compared(*this, bare, nullptr);
  return dialect_.write_place_ordering(*this, place, bare.node->type(), Ordering{});
}

Status Compilation::write_order(const Select& select, const PartPositions& positions) {
  if (select.order_by.empty()) return {};
  text_.words(" ORDER BY ");
  const Select* const outer = std::exchange(ordered_, &select);
  bool is_first = true;
  for (const ExpressionPtr& key : select.order_by) {
    if (!is_first) text_.words(", ");
    is_first = false;
    BRIDGE_RETURN_IF_ERROR(write_order_key(select, positions.at(key)));
  }
  ordered_ = outer;
  return {};
}

// A key that holds values says what is selected by its place: bound a second time they would be others to the
// database.
Status Compilation::write_order_key(const Select& select, Operand key) {
  const auto* const ordering = key.node->as<Ordering>();
  const Operand bare = ordering != nullptr ? child(key, 0) : key;
  const bool needs_place =
      bare.node->parameter_count() > 0 && bare.node->as<Label>() == nullptr && is_grouped_or_distinct(select);
  const std::size_t place = needs_place ? find_selected(select, *bare.node) : 0;
  if (place == 0) return write_keys({key});
  return dialect_.write_place_ordering(*this, place, bare.node->type(),
                                       ordering != nullptr ? *ordering : Ordering{});
}

}  // namespace bridge::sql
