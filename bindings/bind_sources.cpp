// Rows a statement makes for itself, as sources: subqueries, common tables, values; and set operations.
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

#include "bindings/ffi_guard.h"
#include "bindings/nodes.h"
#include "bindings/selections.h"
#include "engine/sql/derived.h"
#include "engine/sql/output_columns.h"

namespace bridge::python {
namespace {

using sql::Materialization;
using sql::SetOperator;

constexpr NamedEnumerator<SetOperator> kSetOperators[] = {
    {"union", SetOperator::kUnion},         {"union_all", SetOperator::kUnionAll},
    {"intersect", SetOperator::kIntersect}, {"intersect_all", SetOperator::kIntersectAll},
    {"except", SetOperator::kExcept},       {"except_all", SetOperator::kExceptAll}};

Result<Source> wrap_source(sql::SourceResult result) {
  if (!result) return std::move(result).error();
  return Source{std::move(result).value()};
}

Materialization to_materialization(std::optional<bool> is_wanted) {
  if (!is_wanted) return Materialization::kDefault;
  return *is_wanted ? Materialization::kAlways : Materialization::kNever;
}

Result<Source> subquery_source(const std::string& name, const Statement& query, bool is_lateral) {
  BRIDGE_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::make(name));
  return wrap_source(sql::make_subquery_source(
      identifier, query.statement, is_lateral ? sql::DerivedKind::kLateral : sql::DerivedKind::kSubquery));
}

Result<Source> with_source(const std::string& name, const Statement& body, std::optional<bool> materialized) {
  BRIDGE_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::make(name));
  return wrap_source(sql::make_with_source(identifier, body.statement, to_materialization(materialized)));
}

Result<Source> recursion_source(const std::string& name, const Statement& anchor) {
  BRIDGE_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::make(name));
  return wrap_source(sql::make_recursion_source(identifier, anchor.statement));
}

Result<Source> recursive_source(const Source& recursion, const Statement& anchor,
                                const Statement& recursive_part, std::optional<bool> materialized) {
  return wrap_source(sql::make_recursive_source(recursion.source, anchor.statement, recursive_part.statement,
                                                to_materialization(materialized)));
}

Result<std::vector<sql::Column>> to_columns(
    const std::vector<std::pair<std::string, types::ColumnType>>& columns) {
  std::vector<sql::Column> described;
  for (const auto& [column, type] : columns) {
    BRIDGE_ASSIGN_OR_RETURN(Identifier column_name, Identifier::make(column));
    described.push_back({.name = std::move(column_name), .type = type});
  }
  return described;
}

Result<Source> raw_source(const std::string& name,
                          const std::vector<std::pair<std::string, types::ColumnType>>& columns,
                          const Statement& raw) {
  BRIDGE_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::make(name));
  BRIDGE_ASSIGN_OR_RETURN(std::vector<sql::Column> described, to_columns(columns));
  return wrap_source(sql::make_raw_source(identifier, std::move(described), raw.statement));
}

Result<Source> values_source(const std::string& name,
                             const std::vector<std::pair<std::string, types::ColumnType>>& columns,
                             const std::vector<std::vector<Node>>& rows) {
  BRIDGE_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::make(name));
  BRIDGE_ASSIGN_OR_RETURN(std::vector<sql::Column> described, to_columns(columns));
  std::vector<sql::ExpressionPtr> values;
  for (const std::vector<Node>& row : rows) {
    if (row.size() != columns.size())
      return make_error(ErrorCode::kQuery, "a row of values differs in length from the columns");
    for (const Node& value : row) values.push_back(value.expression);
  }
  return wrap_source(sql::make_values_source(identifier, std::move(described), std::move(values)));
}

Source source_copy(const Source& source) { return {sql::make_copy(source.source)}; }

bool is_derived(const Source& source) { return source.source->derived != nullptr; }
std::size_t source_width(const Source& source) { return source.source->table->columns.size(); }

Result<Statement> set_operation(const std::string& set_operator, const std::vector<Statement>& queries) {
  sql::Select combined;
  BRIDGE_ASSIGN_OR_RETURN(combined.set_operator,
                          find_enumerator(kSetOperators, set_operator, "set operator"));
  for (const Statement& query : queries) {
    BRIDGE_ASSIGN_OR_RETURN(auto operand, select_of(query));
    combined.operands.push_back(std::move(operand));
  }
  if (combined.operands.size() < 2) return make_error(ErrorCode::kQuery, "a set operation takes two queries");
  combined.selections = combined.operands.front()->selections;
  BRIDGE_RETURN_IF_ERROR(sql::describe_columns(combined));
  return Statement{sql::make_statement(std::move(combined))};
}

Result<std::vector<types::ColumnType>> output_types(const Statement& statement) {
  BRIDGE_ASSIGN_OR_RETURN(const auto columns, sql::describe_columns(*statement.statement));
  std::vector<types::ColumnType> types;
  types.reserve(columns.size());
  for (const sql::OutputColumn& column : columns) types.push_back(column.type);
  return types;
}

}  // namespace

void bind_sources(nb::module_& module) {
  auto source = nb::borrow<nb::class_<Source>>(module.attr("Source"));
  def_guarded(source, "copy", &source_copy);
  def_property_guarded(source, "width", &source_width);
  def_property_guarded(source, "is_derived", &is_derived);
  def_guarded(module, "subquery_source", &subquery_source, nb::arg("name"), nb::arg("query"),
              nb::arg("lateral"));
  def_guarded(module, "with_source", &with_source, nb::arg("name"), nb::arg("body"),
              nb::arg("materialized").none());
  def_guarded(module, "recursion_source", &recursion_source, nb::arg("name"), nb::arg("anchor"));
  def_guarded(module, "recursive_source", &recursive_source, nb::arg("recursion"), nb::arg("anchor"),
              nb::arg("recursive_part"), nb::arg("materialized").none());
  def_guarded(module, "values_source", &values_source, nb::arg("name"), nb::arg("columns"), nb::arg("rows"));
  def_guarded(module, "raw_source", &raw_source, nb::arg("name"), nb::arg("columns"), nb::arg("raw"));
  def_guarded(module, "set_operation", &set_operation, nb::arg("operator"), nb::arg("queries"));
  def_guarded(module, "output_types", &output_types, nb::arg("statement"));
}

}  // namespace bridge::python
