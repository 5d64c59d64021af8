// Makers of expression nodes: each checks its operands.
#include "engine/sql/expression.h"

#include <algorithm>

#include "engine/sql/expression_factory.h"
#include "engine/sql/functions.h"
#include "engine/sql/operand_types.h"
#include "engine/sql/raw_sql.h"
#include "engine/sql/statement.h"
#include "engine/sql/text_search.h"

namespace bridge::sql {
namespace {

constexpr const char* kRowsAreCompared = "row values can only be compared";

using types::ColumnType;
using types::StorageType;

constexpr ColumnType kTruth{.storage = StorageType::kBool};

Error refuse(std::string problem) { return make_error(ErrorCode::kQuery, std::move(problem)); }

ColumnType truth_over(const ExpressionPtr& operand) {
  return {.storage = StorageType::kBool, .is_nullable = operand->type().is_nullable};
}

// Operands of two row values are compared member by member.
Status check_rows(const Expression& left, const Expression& right) {
  if (left.as<Row>() == nullptr || right.as<Row>() == nullptr)
    return refuse("a row value can only be compared with a row value");
  if (left.children().size() != right.children().size())
    return refuse("row values of different length cannot be compared");
  for (std::size_t index = 0; index < left.children().size(); ++index) {
    BRIDGE_RETURN_IF_ERROR(common_type(left.children()[index]->type(), right.children()[index]->type()));
  }
  return {};
}

bool is_lower_word(std::string_view word) {
  const auto is_start = [](char character) {
    return (character >= 'a' && character <= 'z') || character == '_';
  };
  if (word.empty() || !is_start(word.front())) return false;
  return std::all_of(word.begin(), word.end(), [&](char character) {
    return is_start(character) || (character >= '0' && character <= '9');
  });
}

bool is_function_name(std::string_view name) {
  if (name.size() > kIdentifierMaxLength) return false;
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return is_lower_word(name);
  return is_lower_word(name.substr(0, dot)) && is_lower_word(name.substr(dot + 1));
}

Result<ColumnType> to_member_type(const ColumnType& left, const std::vector<types::Value>& members) {
  ColumnType type = left;
  for (const types::Value& member : members) {
    if (member.is_null) return refuse("NULL in a list never matches; test for it with is_null");
    if (is_integer(left.storage) && is_integer(member.type)) {
      type.storage = std::max(type.storage, member.type);
    } else if (member.type != left.storage) {
      return refuse("a list for " + describe(left) + " cannot hold " +
                    std::string(types::to_name(member.type)));
    }
  }
  return type;
}

// Adds keys of an ordering to the children of a node.
Status take_keys(std::vector<ExpressionPtr>& children, std::vector<ExpressionPtr> keys) {
  for (ExpressionPtr& key : keys) {
    if (!key || key->as<Ordering>() == nullptr) BRIDGE_RETURN_IF_ERROR(check_operand(key));
    children.push_back(std::move(key));
  }
  return {};
}

bool has_offset(FrameBound bound) {
  return bound == FrameBound::kPreceding || bound == FrameBound::kFollowing;
}

Status check_offset(FrameBound bound, const ExpressionPtr& offset, FrameUnit unit) {
  if (has_offset(bound) != (offset != nullptr))
    return refuse("a bound of a frame that precedes or follows by a distance needs that distance");
  if (!offset) return {};
  BRIDGE_RETURN_IF_ERROR(check_operand(offset));
  if (unit != FrameUnit::kRange && !is_integer(offset->type().storage))
    return refuse("a frame of rows or groups is counted in whole numbers, not " + describe(offset->type()));
  return {};
}

Status check_frame(const WindowSpecification& specification) {
  const Frame& frame = specification.frame;
  if (frame.unit == FrameUnit::kNone) {
    if (specification.start_offset || specification.end_offset || frame != Frame{})
      return refuse("bounds of a frame need its unit: rows, range or groups");
    return {};
  }
  if (frame.start > frame.end || frame.start == FrameBound::kUnboundedFollowing ||
      frame.end == FrameBound::kUnboundedPreceding)
    return refuse("a frame cannot end before it starts");
  if (frame.unit == FrameUnit::kGroups && specification.order_by.empty())
    return refuse("a frame of groups needs order_by");
  BRIDGE_RETURN_IF_ERROR(check_offset(frame.start, specification.start_offset, frame.unit));
  BRIDGE_RETURN_IF_ERROR(check_offset(frame.end, specification.end_offset, frame.unit));
  const bool has_distance = specification.start_offset || specification.end_offset;
  if (frame.unit == FrameUnit::kRange && has_distance && specification.order_by.size() != 1)
    return refuse("a range by distance needs exactly one key in order_by");
  return {};
}

Status check_arguments(std::string_view name, const std::vector<ExpressionPtr>& arguments, bool is_distinct) {
  if (arguments.size() == 1 && arguments.front() && arguments.front()->as<Star>() != nullptr) {
    if (is_distinct) return refuse("DISTINCT needs an expression, not the star");
    return {};
  }
  BRIDGE_RETURN_IF_ERROR(check_operands(arguments));
  return arguments.empty() ? Status() : check_first_argument(name, arguments.front()->type());
}

// A window is looked through once the rows are grouped, so nothing it says can be part of a group or window.
Status check_no_window(const Expression& call, std::string_view place) {
  const auto children = call.children();
  if (std::none_of(children.begin(), children.end(),
                   [](const ExpressionPtr& child) { return has_window(*child); }))
    return {};
  return refuse("a window function cannot stand inside " + std::string(place) +
                "; select it in a subquery first");
}

}  // namespace

ExpressionResult make_column(SourcePtr source, std::size_t column) {
  if (!source || !source->table) return refuse("a column needs a table");
  if (column >= source->table->columns.size())
    return refuse("table " + source->table->name.text() + " has no column of that index");
  const ColumnType type = source->table->columns[column].type;
  return ExpressionFactory::make(ColumnReference{std::move(source), column}, type);
}

ExpressionResult make_parameter(types::Value value, ColumnType type) {
  if (value.type != type.storage && !value.is_null) {
    return refuse("a value of type " + std::string(types::to_name(value.type)) + " cannot be bound as " +
                  describe(type));
  }
  value.type = type.storage;  // whether it is NULL is a value, and so no part of the type
  return ExpressionFactory::make(Parameter{std::move(value), type}, type);
}

ExpressionResult make_binary(BinaryOperator operation, ExpressionPtr left, ExpressionPtr right) {
  BRIDGE_RETURN_IF_ERROR(check_operand(left));
  BRIDGE_RETURN_IF_ERROR(check_operand(right));
  if (left->as<Row>() != nullptr || right->as<Row>() != nullptr) {
    if (operation > BinaryOperator::kGreaterOrEqual) return refuse(kRowsAreCompared);
    BRIDGE_RETURN_IF_ERROR(check_rows(*left, *right));
    return ExpressionFactory::make(Binary{operation}, {.storage = StorageType::kBool, .is_nullable = true},
                                   {std::move(left), std::move(right)});
  }
  BRIDGE_ASSIGN_OR_RETURN(const ColumnType type, result_type(operation, left->type(), right->type()));
  return ExpressionFactory::make(Binary{operation}, type, {std::move(left), std::move(right)});
}

ExpressionResult make_unary(UnaryOperator operation, ExpressionPtr operand) {
  BRIDGE_RETURN_IF_ERROR(check_operand(operand));
  if (operand->as<Row>() != nullptr) return refuse(kRowsAreCompared);
  if (operation == UnaryOperator::kIsNull || operation == UnaryOperator::kIsNotNull) {
    return ExpressionFactory::make(Unary{operation}, kTruth, {std::move(operand)});
  }
  const ColumnType type = operand->type();
  if (operation == UnaryOperator::kNot) {
    BRIDGE_RETURN_IF_ERROR(check_condition(operand));
  } else if (!is_number(type.storage) && type.storage != StorageType::kInterval) {
    return refuse("only numbers and intervals can be negated, not " + describe(type));
  }
  return ExpressionFactory::make(Unary{operation}, type, {std::move(operand)});
}

ExpressionResult make_function(std::string_view name, std::vector<ExpressionPtr> arguments,
                               ColumnType result_type, bool is_distinct, ExpressionPtr filter) {
  return make_aggregate(name, std::move(arguments), result_type,
                        {.is_distinct = is_distinct, .filter = std::move(filter)});
}

ExpressionResult make_aggregate(std::string_view name, std::vector<ExpressionPtr> arguments,
                                ColumnType result_type, AggregateClauses clauses) {
  if (!is_function_name(name))
    return make_error(ErrorCode::kInvalidIdentifier, "a function name must be a plain lower-case word");
  if (is_text_search(name))
    return refuse(std::string(name) + "() is made by make_text_search, which knows its language");
  BRIDGE_RETURN_IF_ERROR(check_arguments(name, arguments, clauses.is_distinct));
  FunctionCall call{.name = std::string(name),
                    .is_distinct = clauses.is_distinct,
                    .has_filter = clauses.filter != nullptr,
                    .order_count = clauses.order_by.size(),
                    .is_within_group = clauses.is_within_group};
  if (call.is_within_group && (call.order_count == 0 || call.is_distinct))
    return refuse("within_group needs the keys to order by, and no distinct");
  BRIDGE_RETURN_IF_ERROR(take_keys(arguments, std::move(clauses.order_by)));
  if (clauses.filter) {
    BRIDGE_RETURN_IF_ERROR(check_condition(clauses.filter));
    arguments.push_back(std::move(clauses.filter));
  }
  BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr made,
                          ExpressionFactory::make(std::move(call), result_type, std::move(arguments)));
  if (calls_aggregate(*made))
    BRIDGE_RETURN_IF_ERROR(check_no_window(*made, "the aggregate " + std::string(name)));
  return made;
}

ExpressionResult make_star() { return ExpressionFactory::make(Star{}, {.storage = StorageType::kInt64}); }

ExpressionResult make_in_list(ExpressionPtr left, std::vector<types::Value> members, bool is_negated) {
  BRIDGE_RETURN_IF_ERROR(check_operand(left));
  if (left->as<Row>() != nullptr || left->type().storage == StorageType::kArray)
    return refuse("a list holds single values");
  BRIDGE_ASSIGN_OR_RETURN(ColumnType type, to_member_type(left->type(), members));
  type.element = type.storage;
  type.storage = StorageType::kArray;
  type.is_nullable = false;
  for (types::Value& member : members) member.type = type.element;
  BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr list,
                          make_parameter(types::Value::of_array(type.element, std::move(members)), type));
  const ColumnType truth = truth_over(left);
  return ExpressionFactory::make(InList{is_negated}, truth, {std::move(left), std::move(list)});
}

ExpressionResult make_between(ExpressionPtr operand, ExpressionPtr low, ExpressionPtr high, bool is_negated) {
  BRIDGE_RETURN_IF_ERROR(check_operands({operand, low, high}));
  BRIDGE_ASSIGN_OR_RETURN(ColumnType type, common_type(operand->type(), low->type()));
  BRIDGE_ASSIGN_OR_RETURN(type, common_type(type, high->type()));
  return ExpressionFactory::make(Between{is_negated},
                                 {.storage = StorageType::kBool, .is_nullable = type.is_nullable},
                                 {std::move(operand), std::move(low), std::move(high)});
}

ExpressionResult make_case(std::vector<ExpressionPtr> branches, ExpressionPtr otherwise) {
  if (branches.size() < 2 || branches.size() % 2 != 0)
    return refuse("a case needs pairs of condition and result");
  BRIDGE_RETURN_IF_ERROR(check_operands(branches));
  ColumnType type = branches[1]->type();
  for (std::size_t index = 0; index < branches.size(); index += 2) {
    BRIDGE_RETURN_IF_ERROR(check_condition(branches[index]));
    BRIDGE_ASSIGN_OR_RETURN(type, common_type(type, branches[index + 1]->type()));
  }
  const bool has_else = otherwise != nullptr;
  if (has_else) {
    BRIDGE_RETURN_IF_ERROR(check_operand(otherwise));
    BRIDGE_ASSIGN_OR_RETURN(type, common_type(type, otherwise->type()));
    branches.push_back(std::move(otherwise));
  } else {
    type.is_nullable = true;
  }
  return ExpressionFactory::make(Case{has_else}, type, std::move(branches));
}

ExpressionResult make_cast(ExpressionPtr operand, ColumnType target) {
  BRIDGE_RETURN_IF_ERROR(check_operand(operand));
  if (operand->as<Row>() != nullptr) return refuse(kRowsAreCompared);
  target.is_nullable = target.is_nullable || operand->type().is_nullable;
  return ExpressionFactory::make(Cast{}, target, {std::move(operand)});
}

ExpressionResult make_row(std::vector<ExpressionPtr> members) {
  if (members.size() < 2) return refuse("a row value has two members or more");
  BRIDGE_RETURN_IF_ERROR(check_operands(members));
  const ColumnType type = members.front()->type();
  return ExpressionFactory::make(Row{}, type, std::move(members));
}

ExpressionResult make_ordering(ExpressionPtr operand, bool is_descending, NullsOrder nulls) {
  if (!operand || operand->as<Label>() == nullptr) BRIDGE_RETURN_IF_ERROR(check_operand(operand));
  const ColumnType type = operand->type();
  return ExpressionFactory::make(Ordering{is_descending, nulls}, type, {std::move(operand)});
}

ExpressionResult make_label(ExpressionPtr operand, Identifier name) {
  BRIDGE_RETURN_IF_ERROR(check_operand(operand));
  const ColumnType type = operand->type();
  return ExpressionFactory::make(Label{std::move(name)}, type, {std::move(operand)});
}

ExpressionResult make_excluded(TablePtr table, std::size_t column) {
  if (!table || column >= table->columns.size())
    return refuse("an excluded column must be one of the table's");
  return ExpressionFactory::make(Excluded{column}, table->columns[column].type);
}

ExpressionResult make_default_value() {
  return ExpressionFactory::make(DefaultValue{}, {.is_nullable = true});
}

ExpressionResult make_window(ExpressionPtr call, WindowSpecification specification) {
  if (!call || call->as<FunctionCall>() == nullptr) return refuse("only a function can have a window");
  if (call->as<FunctionCall>()->is_within_group) return refuse("an aggregate within a group has no window");
  const FunctionTraits* const traits = find_function(call->as<FunctionCall>()->name);
  if (traits != nullptr && !traits->is_aggregate && !traits->is_window)
    return refuse(std::string(traits->name) + " is neither an aggregate nor made for windows: no over()");
  BRIDGE_RETURN_IF_ERROR(check_operands(specification.partition_by));
  BRIDGE_RETURN_IF_ERROR(check_frame(specification));
  Window window{.partition_count = specification.partition_by.size(),
                .order_count = specification.order_by.size(),
                .frame = specification.frame,
                .name = std::move(specification.name)};
  const ColumnType type = call->type();
  std::vector<ExpressionPtr> children = {std::move(call)};
  std::move(specification.partition_by.begin(), specification.partition_by.end(),
            std::back_inserter(children));
  BRIDGE_RETURN_IF_ERROR(take_keys(children, std::move(specification.order_by)));
  for (ExpressionPtr* const offset : {&specification.start_offset, &specification.end_offset}) {
    if (*offset) children.push_back(std::move(*offset));
  }
  BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr made,
                          ExpressionFactory::make(std::move(window), type, std::move(children)));
  BRIDGE_RETURN_IF_ERROR(check_no_window(*made, "another"));
  return made;
}

ExpressionResult make_grouping_sets(GroupingKind kind, const std::vector<std::vector<ExpressionPtr>>& sets) {
  GroupingSets grouping{.kind = kind};
  std::vector<ExpressionPtr> keys;
  for (const std::vector<ExpressionPtr>& set : sets) {
    BRIDGE_RETURN_IF_ERROR(check_operands(set));
    if (set.empty() && kind != GroupingKind::kSets) return refuse("rollup and cube need keys");
    grouping.set_sizes.push_back(set.size());
    keys.insert(keys.end(), set.begin(), set.end());
  }
  if (keys.empty()) return refuse("grouping sets need a key");
  return ExpressionFactory::make(std::move(grouping), {}, std::move(keys));
}

ExpressionResult make_raw_fragment(std::vector<std::string> pieces, std::vector<ExpressionPtr> parts,
                                   ColumnType result_type) {
  if (pieces.size() != parts.size() + 1) return refuse("raw SQL needs one piece of text more than parts");
  for (const ExpressionPtr& part : parts) {
    if (part && part->as<TableName>() != nullptr) continue;
    BRIDGE_RETURN_IF_ERROR(check_operand(part));
  }
  BRIDGE_RETURN_IF_ERROR(check_raw_text(pieces));
  for (const std::string& piece : pieces) {
    if (piece.find(';') != std::string::npos)
      return make_error(ErrorCode::kUnparameterizedSql, "raw SQL inside a query must not end a statement");
    if (piece.find("--") != std::string::npos)
      return make_error(ErrorCode::kUnparameterizedSql,
                        "raw SQL inside a query must not hold a line comment");
  }
  return ExpressionFactory::make(RawFragment{std::move(pieces)}, result_type, std::move(parts));
}

ExpressionResult make_table_name(TablePtr table) {
  if (!table) return refuse("a table is missing");
  return ExpressionFactory::make(TableName{std::move(table)}, {});
}

}  // namespace bridge::sql
