// Expressions: each call makes one immutable native node.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings/convert/convert.h"
#include "bindings/ffi_guard.h"
#include "bindings/nodes.h"
#include "bindings/selections.h"
#include "engine/sql/functions.h"
#include "engine/sql/shape.h"

namespace bridge::python {
namespace {

using sql::BinaryOperator;
using sql::UnaryOperator;

constexpr NamedEnumerator<BinaryOperator> kBinaryOperators[] = {
    {"eq", BinaryOperator::kEqual},
    {"ne", BinaryOperator::kNotEqual},
    {"lt", BinaryOperator::kLess},
    {"le", BinaryOperator::kLessOrEqual},
    {"gt", BinaryOperator::kGreater},
    {"ge", BinaryOperator::kGreaterOrEqual},
    {"add", BinaryOperator::kAdd},
    {"subtract", BinaryOperator::kSubtract},
    {"multiply", BinaryOperator::kMultiply},
    {"divide", BinaryOperator::kDivide},
    {"modulo", BinaryOperator::kModulo},
    {"concatenate", BinaryOperator::kConcatenate},
    {"and", BinaryOperator::kAnd},
    {"or", BinaryOperator::kOr},
    {"like", BinaryOperator::kLike},
    {"not_like", BinaryOperator::kNotLike},
    {"ilike", BinaryOperator::kIlike},
    {"not_ilike", BinaryOperator::kNotIlike},
    {"is_distinct_from", BinaryOperator::kIsDistinctFrom},
    {"is_not_distinct_from", BinaryOperator::kIsNotDistinctFrom},
};
constexpr NamedEnumerator<UnaryOperator> kUnaryOperators[] = {{"not", UnaryOperator::kNot},
                                                              {"negate", UnaryOperator::kNegate},
                                                              {"is_null", UnaryOperator::kIsNull},
                                                              {"is_not_null", UnaryOperator::kIsNotNull}};
constexpr NamedEnumerator<sql::NullsOrder> kNullsOrders[] = {{"default", sql::NullsOrder::kDefault},
                                                             {"first", sql::NullsOrder::kFirst},
                                                             {"last", sql::NullsOrder::kLast}};

// A value to bind, or the Python error that kept it from being one.
Result<Node> bind_value(nb::handle value, const types::ColumnType& type, const std::string& context) {
  types::Value converted;
  if (!to_value(value.ptr(), {type, context}, converted)) throw nb::python_error();
  return wrap(sql::make_parameter(std::move(converted), type));
}

Result<Node> parameter(nb::handle value, const types::ColumnType& type, const std::string& context) {
  return bind_value(value, type, context);
}

Result<Node> infer_parameter(nb::handle value) {
  types::ColumnType type;
  if (!infer_type(value.ptr(), "a value", type)) throw nb::python_error();
  return bind_value(value, type, "a value");
}

Result<Node> binary(const std::string& operation, const Node& left, const Node& right) {
  BRIDGE_ASSIGN_OR_RETURN(const BinaryOperator found,
                          find_enumerator(kBinaryOperators, operation, "binary operator"));
  return wrap(sql::make_binary(found, left.expression, right.expression));
}

// A parameter and the comparison with it in one crossing.
Result<Node> compare(const std::string& operation, const Node& left, nb::handle value,
                     const types::ColumnType& type, const std::string& context) {
  BRIDGE_ASSIGN_OR_RETURN(const Node right, bind_value(value, type, context));
  return binary(operation, left, right);
}

Result<Node> unary(const std::string& operation, const Node& operand) {
  BRIDGE_ASSIGN_OR_RETURN(const UnaryOperator found,
                          find_enumerator(kUnaryOperators, operation, "unary operator"));
  return wrap(sql::make_unary(found, operand.expression));
}

Result<Node> function(const std::string& name, const std::vector<Node>& arguments,
                      const types::ColumnType& result, bool is_distinct, const std::optional<Node>& filter) {
  return wrap(sql::make_function(name, unwrap(arguments), result, is_distinct,
                                 filter ? filter->expression : nullptr));
}

std::optional<std::pair<bool, std::string>> function_traits(const std::string& name) {
  const sql::FunctionTraits* found = sql::find_function(name);
  if (found == nullptr) return std::nullopt;
  return std::pair(found->is_aggregate, std::string(sql::to_name(found->rule)));
}

Result<types::ColumnType> function_result(const std::string& name, const types::ColumnType& argument) {
  const sql::FunctionTraits* found = sql::find_function(name);
  if (found == nullptr)
    return make_error(ErrorCode::kQuery, "the result type of an unknown function must be said");
  return sql::apply_rule(found->rule, argument);
}

Result<Node> star() { return wrap(sql::make_star()); }

Result<Node> in_list(const Node& left, const std::vector<nb::object>& values, bool is_negated,
                     const std::string& context) {
  types::ColumnType member_type = left.expression->type();
  member_type.is_nullable = false;  // NULL is in no list, so one in it is a mistake
  std::vector<types::Value> members;
  for (const nb::object& value : values) {
    if (!to_value(value.ptr(), {member_type, context}, members.emplace_back())) throw nb::python_error();
  }
  return wrap(sql::make_in_list(left.expression, std::move(members), is_negated));
}

Result<Node> in_subquery(const Node& left, const Statement& query, bool is_negated) {
  BRIDGE_ASSIGN_OR_RETURN(auto body, select_of(query));
  return wrap(sql::make_in_subquery(left.expression, std::move(body), is_negated));
}

Result<Node> between(const Node& operand, const Node& low, const Node& high, bool is_negated) {
  return wrap(sql::make_between(operand.expression, low.expression, high.expression, is_negated));
}

Result<Node> make_case(const std::vector<std::pair<Node, Node>>& branches,
                       const std::optional<Node>& otherwise) {
  std::vector<sql::ExpressionPtr> flat;
  for (const auto& [condition, result] : branches) {
    flat.push_back(condition.expression);
    flat.push_back(result.expression);
  }
  return wrap(sql::make_case(std::move(flat), otherwise ? otherwise->expression : nullptr));
}

Result<Node> cast(const Node& operand, const types::ColumnType& target) {
  return wrap(sql::make_cast(operand.expression, target));
}

Result<Node> exists(const Statement& query) {
  BRIDGE_ASSIGN_OR_RETURN(auto body, select_of(query));
  return wrap(sql::make_exists(std::move(body)));
}

Result<Node> scalar_subquery(const Statement& query) {
  BRIDGE_ASSIGN_OR_RETURN(auto body, select_of(query));
  return wrap(sql::make_scalar_subquery(std::move(body)));
}

Result<Node> row(const std::vector<Node>& members) { return wrap(sql::make_row(unwrap(members))); }

Result<Node> ordering(const Node& operand, bool is_descending, const std::string& nulls) {
  BRIDGE_ASSIGN_OR_RETURN(const sql::NullsOrder order,
                          find_enumerator(kNullsOrders, nulls, "order of nulls"));
  return wrap(sql::make_ordering(operand.expression, is_descending, order));
}

Result<Node> label(const Node& operand, const std::string& name) {
  BRIDGE_ASSIGN_OR_RETURN(Identifier identifier, Identifier::make(name));
  return wrap(sql::make_label(operand.expression, std::move(identifier)));
}

Result<Node> excluded(const Table& table, std::size_t column) {
  return wrap(sql::make_excluded(table.table, column));
}

Result<Node> raw_fragment(const std::vector<std::string>& pieces, const std::vector<Node>& parts,
                          const types::ColumnType& result) {
  return wrap(sql::make_raw_fragment(pieces, unwrap(parts), result));
}

Result<Node> table_name(const Table& table) { return wrap(sql::make_table_name(table.table)); }

Result<Node> spliced_query(const Statement& query) {
  BRIDGE_ASSIGN_OR_RETURN(auto body, select_of(query));
  return wrap(sql::make_spliced_query(std::move(body)));
}

types::ColumnType node_type(const Node& node) { return node.expression->type(); }
bool is_same(const Node& left, const Node& right) {
  return sql::is_same_expression(*left.expression, *right.expression);
}
bool is_truth_value(const Node& node) { return node.expression->type().storage == types::StorageType::kBool; }
bool node_has_aggregate(const Node& node) { return node.expression->has_aggregate(); }
std::uint64_t node_hash(const Node& node) { return node.expression->hash(); }

void bind_node_class(nb::module_& module) {
  auto node = nb::borrow<nb::class_<Node>>(module.attr("Node"));
  def_property_guarded(node, "type", &node_type);
  def_property_guarded(node, "is_truth_value", &is_truth_value);
  def_property_guarded(node, "has_aggregate", &node_has_aggregate);
  def_property_guarded(node, "hash", &node_hash);
  def_guarded(node, "says_the_same", &is_same, nb::arg("other"));
}

}  // namespace

void bind_nodes(nb::module_& module) {
  nb::class_<Statement> statement(module, "Statement", nb::is_final());  // first, as subqueries name it
  bind_node_class(module);
  def_guarded(module, "parameter", &parameter, nb::arg("value").none(), nb::arg("column_type"),
              nb::arg("context"));
  def_guarded(module, "infer_parameter", &infer_parameter, nb::arg("value").none());
  def_guarded(module, "binary", &binary, nb::arg("operator"), nb::arg("left"), nb::arg("right"));
  def_guarded(module, "compare", &compare, nb::arg("operator"), nb::arg("left"), nb::arg("value"),
              nb::arg("column_type"), nb::arg("context"));
  def_guarded(module, "unary", &unary, nb::arg("operator"), nb::arg("operand"));
  def_guarded(module, "function", &function, nb::arg("name"), nb::arg("arguments"), nb::arg("result"),
              nb::arg("distinct"), nb::arg("condition").none());
  def_guarded(module, "function_traits", &function_traits, nb::arg("name"));
  def_guarded(module, "function_result", &function_result, nb::arg("name"), nb::arg("argument"));
  def_guarded(module, "star", &star);
  def_guarded(module, "in_list", &in_list, nb::arg("left"), nb::arg("values"), nb::arg("negated"),
              nb::arg("context"));
  def_guarded(module, "in_subquery", &in_subquery, nb::arg("left"), nb::arg("query"), nb::arg("negated"));
  def_guarded(module, "between", &between, nb::arg("operand"), nb::arg("low"), nb::arg("high"),
              nb::arg("negated"));
  def_guarded(module, "case", &make_case, nb::arg("branches"), nb::arg("otherwise").none());
  def_guarded(module, "cast", &cast, nb::arg("operand"), nb::arg("target"));
  def_guarded(module, "exists", &exists, nb::arg("query"));
  def_guarded(module, "scalar_subquery", &scalar_subquery, nb::arg("query"));
  def_guarded(module, "row", &row, nb::arg("members"));
  def_guarded(module, "ordering", &ordering, nb::arg("operand"), nb::arg("descending"), nb::arg("nulls"));
  def_guarded(module, "label", &label, nb::arg("operand"), nb::arg("name"));
  def_guarded(module, "excluded", &excluded, nb::arg("table"), nb::arg("column"));
  def_guarded(module, "raw_fragment", &raw_fragment, nb::arg("pieces"), nb::arg("parts"), nb::arg("result"));
  def_guarded(module, "table_name", &table_name, nb::arg("table"));
  def_guarded(module, "spliced_query", &spliced_query, nb::arg("query"));
}

}  // namespace bridge::python
