// Names and types of what a statement yields.
#include "engine/sql/output_columns.h"

#include <algorithm>

#include "engine/sql/operand_types.h"

namespace bridge::sql {
namespace {

using Sources = std::vector<const Source*>;

// Sources on the outer side of a join.
Sources find_nullable(const Select& select) {
  Sources seen;
  Sources nullable;
  for (const SourcePtr& source : select.from) seen.push_back(source.get());
  for (const Join& join : select.joins) {
    if (join.kind == JoinKind::kRight || join.kind == JoinKind::kFull)
      nullable.insert(nullable.end(), seen.begin(), seen.end());
    if (join.kind == JoinKind::kLeft || join.kind == JoinKind::kFull) nullable.push_back(join.source.get());
    seen.push_back(join.source.get());
  }
  return nullable;
}

bool is_among(const Source* source, const Sources& sources) {
  return std::find(sources.begin(), sources.end(), source) != sources.end();
}

// Whether the value stays NULL-free although a column in it comes from the outer side of a join.
bool absorbs_nulls(const Expression& expression) {
  if (const auto* const unary = expression.as<Unary>()) {
    return unary->operation == UnaryOperator::kIsNull || unary->operation == UnaryOperator::kIsNotNull;
  }
  if (const auto* const call = expression.as<FunctionCall>()) return call->name == "count";
  if (const auto* const binary = expression.as<Binary>())
    return binary->operation >= BinaryOperator::kIsDistinctFrom;
  return expression.as<Window>() != nullptr || expression.as<Exists>() != nullptr;
}

bool reads_any(const Expression& expression, const Sources& nullable);

// A choice is missing where its results are; its conditions only say which.
bool may_choose_missing(const Expression& choice, const Sources& nullable) {
  const auto children = choice.children();
  for (std::size_t index = 0; index < children.size(); ++index) {
    const bool is_condition = index % 2 == 0 && index + 1 < children.size();
    if (!is_condition && reads_any(*children[index], nullable)) return true;
  }
  return false;
}

bool reads_any(const Expression& expression, const Sources& nullable) {
  if (const auto* const column = expression.as<ColumnReference>())
    return is_among(column->source.get(), nullable);
  if (absorbs_nulls(expression)) return false;
  if (expression.as<Case>() != nullptr) return may_choose_missing(expression, nullable);
  const auto reads = [&](const ExpressionPtr& child) { return reads_any(*child, nullable); };
  const auto children = expression.children();
  const auto* const call = expression.as<FunctionCall>();
  if (call != nullptr && call->name == "coalesce") {
    return std::all_of(children.begin(), children.end(), [&](const ExpressionPtr& child) {
      return (child->as<Parameter>() == nullptr && child->type().is_nullable) || reads(child);
    });
  }
  return std::any_of(children.begin(), children.end(), reads);
}

std::string to_name(const Expression& expression, std::size_t index) {
  if (const auto* const label = expression.as<Label>()) return label->name.text();
  if (const auto* const column = expression.as<ColumnReference>())
    return column->source->table->columns[column->column].name.text();
  const auto* call = expression.as<FunctionCall>();
  if (expression.as<Window>() != nullptr) call = expression.children().front()->as<FunctionCall>();
  const bool is_plain = call != nullptr && call->name.find('.') == std::string::npos;
  return is_plain ? call->name : "column_" + std::to_string(index + 1);
}

// A key of several groupings is left out of some of them.
bool has_several_groupings(const Select& select) {
  return std::any_of(select.group_by.begin(), select.group_by.end(),
                     [](const ExpressionPtr& key) { return key->as<GroupingSets>() != nullptr; });
}

void describe_entity(const Selection& selection, bool is_missing, std::vector<OutputColumn>& columns) {
  for (std::size_t index = selection.first_column; index < selection.end_column(); ++index) {
    const Column& column = selection.entity->table->columns[index];
    columns.push_back({column.name.text(), column.type});
    columns.back().type.is_nullable = column.type.is_nullable || is_missing;
  }
}

std::vector<OutputColumn> describe_selections(const std::vector<Selection>& selections,
                                              const Sources& nullable, bool has_missing_keys) {
  std::vector<OutputColumn> columns;
  for (const Selection& selection : selections) {
    if (selection.entity) {
      describe_entity(selection, has_missing_keys || is_among(selection.entity.get(), nullable), columns);
      continue;
    }
    const Expression& expression = *selection.expression;
    columns.push_back({to_name(expression, columns.size()), expression.type()});
    types::ColumnType& type = columns.back().type;
    const bool is_missing = has_missing_keys && !expression.has_aggregate();
    type.is_nullable = type.is_nullable || is_missing || reads_any(without_label(expression), nullable);
  }
  return columns;
}

Status merge(std::vector<OutputColumn>& columns, const std::vector<OutputColumn>& others) {
  if (columns.size() != others.size()) {
    return make_error(ErrorCode::kQuery, "the queries of a set operation select " +
                                             std::to_string(columns.size()) + " and " +
                                             std::to_string(others.size()) + " columns");
  }
  for (std::size_t index = 0; index < columns.size(); ++index) {
    auto shared = common_type(columns[index].type, others[index].type);
    if (!shared) {
      return make_error(ErrorCode::kQuery,
                        "the queries of a set operation differ in column " + std::to_string(index + 1) +
                            ": " + describe(columns[index].type) + " and " + describe(others[index].type));
    }
    columns[index].type = *shared;
  }
  return {};
}

}  // namespace

Result<std::vector<OutputColumn>> describe_columns(const Select& select) {
  if (select.operands.empty())
    return describe_selections(select.selections, find_nullable(select), has_several_groupings(select));
  BRIDGE_ASSIGN_OR_RETURN(std::vector<OutputColumn> columns, describe_columns(*select.operands.front()));
  for (std::size_t index = 1; index < select.operands.size(); ++index) {
    BRIDGE_ASSIGN_OR_RETURN(const std::vector<OutputColumn> others,
                            describe_columns(*select.operands[index]));
    BRIDGE_RETURN_IF_ERROR(merge(columns, others));
  }
  return columns;
}

std::vector<OutputColumn> describe_columns(const std::vector<Selection>& returning) {
  return describe_selections(returning, {}, false);
}

Result<std::vector<OutputColumn>> describe_columns(const Statement& statement) {
  if (const Select* const query = statement.query()) return describe_columns(*query);
  if (const auto* const insert = std::get_if<Insert>(&statement.body()))
    return describe_columns(insert->returning);
  if (const auto* const update = std::get_if<Update>(&statement.body()))
    return describe_columns(update->returning);
  if (const auto* const removal = std::get_if<Delete>(&statement.body()))
    return describe_columns(removal->returning);
  return std::vector<OutputColumn>();
}

}  // namespace bridge::sql
