// Queries: selecting, and adding clauses to a copy.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "bindings/ffi_guard.h"
#include "bindings/nodes.h"
#include "bindings/selections.h"
#include "engine/sql/select_rules.h"

namespace bridge::python {
namespace {

using JoinDescription = std::tuple<std::string, Source, std::optional<Node>>;
using LockDescription = std::tuple<std::string, bool, bool, std::vector<Source>>;

constexpr NamedEnumerator<sql::JoinKind> kJoinKinds[] = {{"inner", sql::JoinKind::kInner},
                                                         {"left", sql::JoinKind::kLeft},
                                                         {"right", sql::JoinKind::kRight},
                                                         {"full", sql::JoinKind::kFull},
                                                         {"cross", sql::JoinKind::kCross}};
constexpr NamedEnumerator<sql::LockStrength> kLockStrengths[] = {{"share", sql::LockStrength::kShare},
                                                                 {"update", sql::LockStrength::kUpdate}};

Result<sql::ExpressionPtr> make_count(std::int64_t count, std::string_view clause) {
  if (count < 0) return make_error(ErrorCode::kQuery, std::string(clause) + " is negative");
  types::ColumnType type;
  type.storage = types::StorageType::kInt64;
  return sql::make_parameter(types::Value::of_int64(count), type);
}

Result<Statement> select(const std::vector<SelectedThing>& selections, const std::vector<Source>& from) {
  sql::Select query;
  query.selections = to_selections(selections);
  for (const Source& source : from) query.from.push_back(source.source);
  return Statement{sql::make_statement(std::move(query))};
}

// The rows of one entity by its key; the values are handed over with each call.
Result<Statement> select_by_key(const Source& source, const std::vector<std::size_t>& key) {
  sql::Select query;
  query.selections = to_selections({source});
  query.from.push_back(source.source);
  for (const std::size_t column : key) {
    BRIDGE_ASSIGN_OR_RETURN(sql::ExpressionPtr reference, sql::make_column(source.source, column));
    BRIDGE_ASSIGN_OR_RETURN(sql::ExpressionPtr part, sql::make_parameter(types::Value(), reference->type()));
    BRIDGE_ASSIGN_OR_RETURN(
        sql::ExpressionPtr condition,
        sql::make_binary(sql::BinaryOperator::kEqual, std::move(reference), std::move(part)));
    query.where.push_back(std::move(condition));
  }
  return Statement{sql::make_statement(std::move(query))};
}

void append(std::vector<sql::ExpressionPtr>& to, const std::vector<Node>& nodes) {
  for (const Node& node : nodes) to.push_back(node.expression);
}

/// Everything that `select_with` may add, as nanobind reads it.
struct Clauses {
  const std::vector<JoinDescription>& joins;
  const std::vector<Node>& where;
  const std::vector<Node>& group_by;
  const std::vector<Node>& having;
  const std::vector<Node>& order_by;
  std::optional<bool> distinct;
  const std::vector<Node>& distinct_on;
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> offset;
  const std::optional<LockDescription>& lock;
  const std::optional<std::vector<SelectedThing>>& selections;
  bool clears_order;
};

Status add_joins(sql::Select& query, const std::vector<JoinDescription>& joins) {
  for (const auto& [kind_name, source, condition] : joins) {
    BRIDGE_ASSIGN_OR_RETURN(const sql::JoinKind kind, find_enumerator(kJoinKinds, kind_name, "kind of join"));
    query.joins.push_back({kind, source.source, condition ? condition->expression : nullptr});
  }
  return {};
}

Status set_lock(sql::Select& query, const LockDescription& lock) {
  const auto& [strength, skip_locked, nowait, of] = lock;
  BRIDGE_ASSIGN_OR_RETURN(query.lock.strength,
                          find_enumerator(kLockStrengths, strength, "strength of a lock"));
  query.lock.skip_locked = skip_locked;
  query.lock.nowait = nowait;
  query.lock.of.clear();
  for (const Source& source : of) query.lock.of.push_back(source.source);
  return {};
}

// What no database could answer, told before anything is sent. What one database cannot is told when it
// compiles.
Status check_built(const sql::Select& query) {
  BRIDGE_RETURN_IF_ERROR(sql::check_select(query, sql::Capabilities::of(sql::Capability::kGroupByKey)));
  return sql::check_key_values(query);
}

Result<Statement> add_clauses(const Statement& base, const Clauses& clauses) {
  const auto* body = std::get_if<sql::Select>(&base.statement->body());
  if (body == nullptr) return make_error(ErrorCode::kQuery, "clauses are added to a query");
  sql::Select query = *body;
  BRIDGE_RETURN_IF_ERROR(add_joins(query, clauses.joins));
  append(query.where, clauses.where);
  append(query.group_by, clauses.group_by);
  append(query.having, clauses.having);
  if (clauses.clears_order) query.order_by.clear();
  append(query.order_by, clauses.order_by);
  if (clauses.distinct) query.is_distinct = *clauses.distinct;
  if (!clauses.distinct_on.empty()) query.distinct_on = unwrap(clauses.distinct_on);
  if (clauses.limit) {
    BRIDGE_ASSIGN_OR_RETURN(query.limit, make_count(*clauses.limit, "limit"));
  }
  if (clauses.offset) {
    BRIDGE_ASSIGN_OR_RETURN(query.offset, make_count(*clauses.offset, "offset"));
  }
  if (clauses.lock) BRIDGE_RETURN_IF_ERROR(set_lock(query, *clauses.lock));
  if (clauses.selections) query.selections = to_selections(*clauses.selections);
  BRIDGE_RETURN_IF_ERROR(check_built(query));
  return Statement{sql::make_statement(std::move(query))};
}

Status check_query(const Statement& statement) {
  const sql::Select* const query = statement.statement->query();
  return query == nullptr ? Status() : check_built(*query);
}

Status check_distinct(const std::vector<SelectedThing>& selections, const std::vector<Node>& distinct_on,
                      const std::vector<Node>& order_by) {
  sql::Select query;
  query.selections = to_selections(selections);
  query.is_distinct = distinct_on.empty();
  query.distinct_on = unwrap(distinct_on);
  query.order_by = unwrap(order_by);
  return sql::check_distinct(query);
}

Status check_conditions(const std::vector<Node>& conditions, const std::string& clause) {
  const bool is_of_groups = clause == "having";
  for (const Node& condition : conditions)
    BRIDGE_RETURN_IF_ERROR(is_of_groups ? sql::check_group_condition(*condition.expression, clause)
                                        : sql::check_row_condition(*condition.expression, clause));
  return {};
}

Status check_group_key(const Node& key) { return sql::check_group_key(*key.expression); }

Result<Statement> select_with(const Statement& query, const std::vector<JoinDescription>& joins,
                              const std::vector<Node>& where, const std::vector<Node>& group_by,
                              const std::vector<Node>& having, const std::vector<Node>& order_by,
                              std::optional<bool> distinct, const std::vector<Node>& distinct_on,
                              std::optional<std::int64_t> limit, std::optional<std::int64_t> offset,
                              const std::optional<LockDescription>& lock,
                              const std::optional<std::vector<SelectedThing>>& selections,
                              bool clears_order) {
  return add_clauses(query, {joins, where, group_by, having, order_by, distinct, distinct_on, limit, offset,
                             lock, selections, clears_order});
}

std::uint64_t statement_hash(const Statement& statement) { return statement.statement->hash(); }

std::string statement_kind(const Statement& statement) {
  static constexpr const char* kKinds[] = {"select",
                                           "insert",
                                           "update",
                                           "delete",
                                           "create_table",
                                           "add_foreign_key",
                                           "create_index",
                                           "create_text_index",
                                           "drop_text_index",
                                           "drop_table",
                                           "begin",
                                           "commit",
                                           "rollback",
                                           "savepoint",
                                           "release_savepoint",
                                           "rollback_to_savepoint",
                                           "raw",
                                           "explain"};
  static_assert(std::size(kKinds) == std::variant_size_v<sql::StatementBody>,
                "a kind of statement has no name");
  return kKinds[statement.statement->body().index()];
}

}  // namespace

std::vector<sql::Selection> to_selections(const std::vector<SelectedThing>& things) {
  std::vector<sql::Selection> selections;
  selections.reserve(things.size());
  for (const SelectedThing& thing : things) {
    sql::Selection& selection = selections.emplace_back();
    if (const auto* source = std::get_if<Source>(&thing)) {
      selection.entity = source->source;
    } else if (const auto* node = std::get_if<Node>(&thing)) {
      selection.expression = node->expression;
    } else {
      const auto& [whole, first, count] = std::get<SourcePart>(thing);
      selection.entity = whole.source;
      const std::size_t width = whole.source->table->columns.size();
      selection.first_column = std::min(first, width);  // a part never reaches behind its source
      selection.column_count = std::min(count, width - selection.first_column);
    }
  }
  return selections;
}

Result<std::shared_ptr<const sql::Select>> select_of(const Statement& statement) {
  const sql::Select* const query = statement.statement->query();
  if (query == nullptr) return make_error(ErrorCode::kQuery, "expected a query");
  return std::shared_ptr<const sql::Select>(statement.statement, query);
}

void bind_statements(nb::module_& module) {
  auto statement = nb::borrow<nb::class_<Statement>>(module.attr("Statement"));
  def_property_guarded(statement, "hash", &statement_hash);
  def_property_guarded(statement, "kind", &statement_kind);
  def_guarded(module, "select", &select, nb::arg("selections"), nb::arg("from_"));
  def_guarded(module, "select_by_key", &select_by_key, nb::arg("source"), nb::arg("key"));
  def_guarded(module, "check_query", &check_query, nb::arg("query"));
  def_guarded(module, "check_distinct", &check_distinct, nb::arg("selections"), nb::arg("distinct_on"),
              nb::arg("order_by"));
  def_guarded(module, "check_conditions", &check_conditions, nb::arg("conditions"), nb::arg("clause"));
  def_guarded(module, "check_group_key", &check_group_key, nb::arg("key"));
  const nb::tuple nothing = nb::make_tuple();
  def_guarded(module, "select_with", &select_with, nb::arg("query"), nb::arg("joins") = nothing,
              nb::arg("where") = nothing, nb::arg("group_by") = nothing, nb::arg("having") = nothing,
              nb::arg("order_by") = nothing, nb::arg("distinct") = nb::none(),
              nb::arg("distinct_on") = nothing, nb::arg("limit") = nb::none(), nb::arg("offset") = nb::none(),
              nb::arg("lock") = nb::none(), nb::arg("selections") = nb::none(),
              nb::arg("clear_order") = false);
}

}  // namespace bridge::python
