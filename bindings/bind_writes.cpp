// Statements that change rows or the schema, and SQL written by the application.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings/ffi_guard.h"
#include "bindings/nodes.h"
#include "bindings/selections.h"
#include "engine/sql/ddl.h"
#include "engine/sql/raw_sql.h"
#include "engine/sql/source_rules.h"
#include "engine/sql/write_rules.h"

namespace bridge::python {
namespace {

using AssignmentDescription = std::pair<std::size_t, Node>;
using ConflictDescription = std::tuple<std::vector<std::size_t>, std::string,
                                       std::vector<AssignmentDescription>, std::optional<Node>>;
using RowDescription = std::vector<std::optional<Node>>;

constexpr NamedEnumerator<sql::OnConflict::Action> kConflictActions[] = {
    {"ignore", sql::OnConflict::Action::kIgnore}, {"update", sql::OnConflict::Action::kUpdate}};

Status check_target(const Source& source) {
  if (!source.source->derived) return {};
  return make_error(ErrorCode::kQuery,
                    "only a table is written to, not " + source.source->table->name.text());
}

Result<std::vector<sql::Assignment>> to_assignments(const sql::Table& table,
                                                    const std::vector<AssignmentDescription>& descriptions) {
  std::vector<sql::Assignment> assignments;
  for (const auto& [column, value] : descriptions) {
    BRIDGE_RETURN_IF_ERROR(sql::check_column(table, column));
    assignments.push_back({column, value.expression});
  }
  return assignments;
}

Result<std::optional<sql::OnConflict>> to_conflict(const sql::Table& table,
                                                   const std::optional<ConflictDescription>& description) {
  if (!description) return std::optional<sql::OnConflict>();
  const auto& [target, action, assignments, where] = *description;
  sql::OnConflict conflict;
  for (const std::size_t column : target) BRIDGE_RETURN_IF_ERROR(sql::check_column(table, column));
  conflict.target = target;
  BRIDGE_ASSIGN_OR_RETURN(conflict.action, find_enumerator(kConflictActions, action, "action on conflict"));
  BRIDGE_ASSIGN_OR_RETURN(conflict.assignments, to_assignments(table, assignments));
  BRIDGE_RETURN_IF_ERROR(sql::check_assignments(table, conflict.assignments));
  if (where) conflict.where = where->expression;
  return std::optional<sql::OnConflict>(std::move(conflict));
}

Status check_assignments(const Table& table, const std::vector<AssignmentDescription>& descriptions) {
  BRIDGE_ASSIGN_OR_RETURN(const auto assignments, to_assignments(*table.table, descriptions));
  return sql::check_assignments(*table.table, assignments);
}

// An insert without its rows.
Result<sql::Insert> begin_insert(const Source& source, const std::vector<std::size_t>& columns,
                                 const std::vector<SelectedThing>& returning,
                                 const std::optional<ConflictDescription>& on_conflict) {
  BRIDGE_RETURN_IF_ERROR(check_target(source));
  const sql::Table& table = *source.source->table;
  for (const std::size_t column : columns) BRIDGE_RETURN_IF_ERROR(sql::check_column(table, column));
  sql::Insert insert;
  insert.source = source.source;
  insert.columns = columns;
  insert.returning = to_selections(returning);
  BRIDGE_RETURN_IF_ERROR(sql::check_returning(insert.returning));
  BRIDGE_ASSIGN_OR_RETURN(insert.on_conflict, to_conflict(table, on_conflict));
  return insert;
}

Result<Statement> insert(const Source& source, const std::vector<std::size_t>& columns,
                         const std::vector<RowDescription>& rows, const std::vector<SelectedThing>& returning,
                         const std::optional<ConflictDescription>& on_conflict) {
  BRIDGE_ASSIGN_OR_RETURN(sql::Insert body, begin_insert(source, columns, returning, on_conflict));
  if (rows.empty()) return make_error(ErrorCode::kQuery, "an insert has no rows");
  BRIDGE_ASSIGN_OR_RETURN(const sql::ExpressionPtr default_value, sql::make_default_value());
  body.row_count = rows.size();
  body.values.reserve(rows.size() * columns.size());
  for (const RowDescription& row : rows) {
    if (row.size() != columns.size())
      return make_error(ErrorCode::kQuery, "a row differs in length from the columns");
    for (const std::optional<Node>& value : row)
      body.values.push_back(value ? value->expression : default_value);
  }
  return Statement{sql::make_statement(std::move(body))};
}

Result<Statement> insert_select(const Source& source, const std::vector<std::size_t>& columns,
                                const Statement& query, const std::vector<SelectedThing>& returning,
                                const std::optional<ConflictDescription>& on_conflict) {
  BRIDGE_ASSIGN_OR_RETURN(sql::Insert body, begin_insert(source, columns, returning, on_conflict));
  const auto* select = std::get_if<sql::Select>(&query.statement->body());
  if (select == nullptr) return make_error(ErrorCode::kQuery, "expected a query");
  body.row_count = 0;
  body.query = std::shared_ptr<const sql::Select>(query.statement, select);
  BRIDGE_RETURN_IF_ERROR(sql::check_insert(body));
  return Statement{sql::make_statement(std::move(body))};
}

Result<Statement> update(const Source& source, const std::vector<AssignmentDescription>& assignments,
                         const std::vector<Node>& where, bool is_everywhere,
                         const std::vector<SelectedThing>& returning, const std::vector<Source>& from) {
  BRIDGE_RETURN_IF_ERROR(check_target(source));
  sql::Update body;
  for (const Source& further : from) body.from.push_back(further.source);
  body.source = source.source;
  BRIDGE_RETURN_IF_ERROR(sql::check_further_sources(body.source, body.from));
  BRIDGE_ASSIGN_OR_RETURN(body.assignments, to_assignments(*source.source->table, assignments));
  BRIDGE_RETURN_IF_ERROR(sql::check_assignments(*source.source->table, body.assignments));
  body.where = unwrap(where);
  body.is_everywhere = is_everywhere;
  body.returning = to_selections(returning);
  BRIDGE_RETURN_IF_ERROR(sql::check_returning(body.returning));
  return Statement{sql::make_statement(std::move(body))};
}

Result<Statement> delete_rows(const Source& source, const std::vector<Node>& where, bool is_everywhere,
                              const std::vector<SelectedThing>& returning, const std::vector<Source>& from) {
  BRIDGE_RETURN_IF_ERROR(check_target(source));
  sql::Delete body;
  for (const Source& further : from) body.from.push_back(further.source);
  body.source = source.source;
  BRIDGE_RETURN_IF_ERROR(sql::check_further_sources(body.source, body.from));
  body.where = unwrap(where);
  body.is_everywhere = is_everywhere;
  body.returning = to_selections(returning);
  BRIDGE_RETURN_IF_ERROR(sql::check_returning(body.returning));
  return Statement{sql::make_statement(std::move(body))};
}

std::vector<sql::TablePtr> unwrap_tables(const std::vector<Table>& tables) {
  std::vector<sql::TablePtr> pointers;
  for (const Table& table : tables) pointers.push_back(table.table);
  return pointers;
}

std::vector<Statement> wrap_plan(std::vector<sql::StatementBody> plan) {
  std::vector<Statement> statements;
  statements.reserve(plan.size());
  for (sql::StatementBody& body : plan) statements.push_back({sql::make_statement(std::move(body))});
  return statements;
}

Result<std::vector<Statement>> plan_create(const std::vector<Table>& tables) {
  BRIDGE_ASSIGN_OR_RETURN(std::vector<sql::StatementBody> plan, sql::plan_create(unwrap_tables(tables)));
  return wrap_plan(std::move(plan));
}
std::vector<Statement> plan_drop(const std::vector<Table>& tables) {
  return wrap_plan(sql::plan_drop(unwrap_tables(tables)));
}

Result<Statement> raw(const std::vector<std::string>& pieces, const std::vector<Node>& parts,
                      const std::vector<types::ColumnType>& result_types) {
  if (pieces.size() != parts.size() + 1)
    return make_error(ErrorCode::kQuery, "raw SQL has one piece of text more than parts");
  BRIDGE_RETURN_IF_ERROR(sql::check_raw_text(pieces));
  return Statement{sql::make_statement(sql::Raw{pieces, unwrap(parts), result_types})};
}

Status check_raw(const std::vector<std::string>& pieces) { return sql::check_raw_text(pieces); }

Result<Statement> explain(const Statement& query, bool analyze) {
  const sql::StatementBody& body = query.statement->body();
  const auto* select = std::get_if<sql::Select>(&body);
  const bool is_other = std::holds_alternative<sql::Raw>(body) || std::holds_alternative<sql::Insert>(body) ||
                        std::holds_alternative<sql::Update>(body) ||
                        std::holds_alternative<sql::Delete>(body);
  if (is_other) return Statement{sql::make_statement(sql::Explain{nullptr, analyze, query.statement})};
  if (select == nullptr) return make_error(ErrorCode::kQuery, "only queries and writes are explained");
  return Statement{sql::make_statement(
      sql::Explain{std::shared_ptr<const sql::Select>(query.statement, select), analyze})};
}

}  // namespace

void bind_writes(nb::module_& module) {
  const nb::tuple nothing = nb::make_tuple();
  def_guarded(module, "insert", &insert, nb::arg("source"), nb::arg("columns"), nb::arg("rows"),
              nb::arg("returning") = nothing, nb::arg("on_conflict") = nb::none());
  def_guarded(module, "insert_select", &insert_select, nb::arg("source"), nb::arg("columns"),
              nb::arg("query"), nb::arg("returning") = nothing, nb::arg("on_conflict") = nb::none());
  def_guarded(module, "update", &update, nb::arg("source"), nb::arg("assignments"), nb::arg("where"),
              nb::arg("everywhere"), nb::arg("returning") = nothing, nb::arg("from_") = nothing);
  def_guarded(module, "delete", &delete_rows, nb::arg("source"), nb::arg("where"), nb::arg("everywhere"),
              nb::arg("returning") = nothing, nb::arg("from_") = nothing);
  def_guarded(module, "check_assignments", &check_assignments, nb::arg("table"), nb::arg("assignments"));
  def_guarded(module, "plan_create", &plan_create, nb::arg("tables"));
  def_guarded(module, "plan_drop", &plan_drop, nb::arg("tables"));
  def_guarded(module, "raw", &raw, nb::arg("pieces"), nb::arg("parts"), nb::arg("result_types"));
  def_guarded(module, "check_raw", &check_raw, nb::arg("pieces"));
  def_guarded(module, "explain", &explain, nb::arg("query"), nb::arg("analyze"));
}

}  // namespace bridge::python
