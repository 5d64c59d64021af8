// Makers of derived sources: each checks what it is made of and sums it up.
#include "engine/sql/derived.h"

#include <algorithm>

#include "engine/sql/expression_factory.h"
#include "engine/sql/operand_types.h"
#include "engine/sql/output_columns.h"
#include "engine/sql/recursion_rules.h"
#include "engine/sql/shape_hash.h"
#include "engine/sql/statement_parts.h"

namespace bridge::sql {
namespace {

Error refuse(std::string problem) { return make_error(ErrorCode::kQuery, std::move(problem)); }

// What would clash gets a number; what is no name at all a place.
Result<Identifier> make_column_name(const std::string& wanted, const std::vector<Column>& taken) {
  const auto is_taken = [&](const std::string& name) {
    return std::any_of(taken.begin(), taken.end(),
                       [&](const Column& column) { return column.name.text() == name; });
  };
  std::string name = wanted;
  for (std::size_t copy = 2; is_taken(name); ++copy) {
    const std::string suffix = "_" + std::to_string(copy);
    name = wanted.substr(0, kIdentifierMaxLength - suffix.size()) + suffix;
  }
  return Identifier::make(name);
}

Result<std::vector<Column>> make_columns(const std::vector<OutputColumn>& outputs) {
  std::vector<Column> columns;
  columns.reserve(outputs.size());
  for (const OutputColumn& output : outputs) {
    BRIDGE_ASSIGN_OR_RETURN(Identifier name, make_column_name(output.name, columns));
    columns.push_back({.name = std::move(name), .type = output.type});
  }
  return columns;
}

Status check_body(const StatementPtr& body) {
  if (!body) return refuse("a derived table needs a query");
  const Select* const query = body->query();
  if (query != nullptr && query->lock.strength != LockStrength::kNone)
    return refuse("a subquery cannot lock rows");
  return {};
}

void add_versions(ShapeHash& hash, const VersionSource& versions) {
  hash.add(static_cast<std::uint64_t>(versions.table)).add(versions.revisions.size());
  for (const Revision& revision : versions.revisions) hash.add(revision.text());
  if (versions.rows_of) hash.add(versions.rows_of->text());
}

// The table of a derived source: its serial is its shape, so that equal ones share compiled text.
SourcePtr finish(const Identifier& name, std::vector<Column> columns, Derived derived) {
  const PartTotals totals = total_of(derived);
  derived.parameter_count = totals.parameters;
  derived.node_count = totals.nodes;
  derived.depth = totals.depth;
  derived.is_read_only = totals.is_read_only && (!derived.body || derived.body->query() != nullptr);
  ShapeHash hash(static_cast<std::uint64_t>(derived.kind));
  hash.add(name.text()).add(static_cast<std::uint64_t>(derived.materialization));
  for (const Column& column : columns) hash.add(column.name.text()).add(column.type);
  hash.add(derived.body ? derived.body->hash() : 0U);
  hash.add(derived.recursive_part ? derived.recursive_part->hash() : 0U);
  for (const ExpressionPtr& value : derived.rows) hash.add(value->hash());
  if (derived.versions) add_versions(hash, *derived.versions);
  Table table{.name = name};
  table.columns = std::move(columns);
  table.serial = hash.value();
  return std::make_shared<const Source>(Source{std::make_shared<const Table>(std::move(table)), false,
                                               std::make_shared<const Derived>(std::move(derived))});
}

struct RecursionSearch {
  const SourcePtr& wanted;
  bool is_found = false;
  void operator()(const ExpressionPtr&) const {}
  void operator()(const SourcePtr& source) {
    if (source->derived && source->derived == wanted->derived) is_found = true;
    if (source->derived && source->derived->kind != DerivedKind::kRecursion)
      for_each_part(*source->derived, *this);
  }
};

Status check_recursive_part(const SourcePtr& recursion, const StatementPtr& part) {
  BRIDGE_RETURN_IF_ERROR(check_body(part));
  if (part->query() == nullptr) return refuse("the recursive part of a common table must be a query");
  RecursionSearch search{recursion};
  for_each_part(part, search);
  if (!search.is_found)
    return refuse("the recursive part of " + recursion->table->name.text() +
                  " must select from or join its argument");
  BRIDGE_RETURN_IF_ERROR(check_recursion(recursion, *part->query()));
  BRIDGE_ASSIGN_OR_RETURN(const std::vector<OutputColumn> given, describe_columns(*part));
  const std::vector<Column>& wanted = recursion->table->columns;
  if (given.size() != wanted.size()) {
    return refuse("the recursive part of " + recursion->table->name.text() + " selects " +
                  std::to_string(given.size()) + " columns, its beginning " + std::to_string(wanted.size()));
  }
  for (std::size_t index = 0; index < given.size(); ++index) {
    auto shared = common_type(wanted[index].type, given[index].type);
    if (!shared)
      return refuse("column " + wanted[index].name.text() + " of " + recursion->table->name.text() + " is " +
                    describe(wanted[index].type) + " first and " + describe(given[index].type) +
                    " in the recursive part");
  }
  return {};
}

}  // namespace

SourceResult make_subquery_source(const Identifier& name, StatementPtr query, DerivedKind kind) {
  BRIDGE_RETURN_IF_ERROR(check_body(query));
  if (query->query() == nullptr) return refuse("only a query can be a subquery");
  BRIDGE_ASSIGN_OR_RETURN(const std::vector<OutputColumn> outputs, describe_columns(*query));
  BRIDGE_ASSIGN_OR_RETURN(std::vector<Column> columns, make_columns(outputs));
  return finish(name, std::move(columns), {.kind = kind, .body = std::move(query)});
}

SourceResult make_with_source(const Identifier& name, StatementPtr body, Materialization materialization) {
  BRIDGE_RETURN_IF_ERROR(check_body(body));
  BRIDGE_ASSIGN_OR_RETURN(const std::vector<OutputColumn> outputs, describe_columns(*body));
  if (outputs.empty()) return refuse("a write used as a common table must return something");
  BRIDGE_ASSIGN_OR_RETURN(std::vector<Column> columns, make_columns(outputs));
  return finish(name, std::move(columns),
                {.kind = DerivedKind::kWith, .body = std::move(body), .materialization = materialization});
}

SourceResult make_recursion_source(const Identifier& name, const StatementPtr& anchor) {
  BRIDGE_RETURN_IF_ERROR(check_body(anchor));
  if (anchor->query() == nullptr) return refuse("a recursive common table begins with a query");
  BRIDGE_ASSIGN_OR_RETURN(const std::vector<OutputColumn> outputs, describe_columns(*anchor));
  BRIDGE_ASSIGN_OR_RETURN(std::vector<Column> columns, make_columns(outputs));
  return finish(name, std::move(columns), {.kind = DerivedKind::kRecursion});
}

SourceResult make_recursive_source(const SourcePtr& recursion, StatementPtr anchor,
                                   StatementPtr recursive_part, Materialization materialization) {
  if (!recursion || !recursion->derived || recursion->derived->kind != DerivedKind::kRecursion)
    return refuse("a recursive common table needs the source of its rows so far");
  BRIDGE_RETURN_IF_ERROR(check_body(anchor));
  BRIDGE_RETURN_IF_ERROR(check_recursive_part(recursion, recursive_part));
  return finish(recursion->table->name, recursion->table->columns,
                {.kind = DerivedKind::kWith,
                 .body = std::move(anchor),
                 .recursive_part = std::move(recursive_part),
                 .recursion = recursion,
                 .materialization = materialization});
}

SourceResult make_raw_source(const Identifier& name, std::vector<Column> columns, StatementPtr raw) {
  if (columns.empty()) return refuse("raw SQL used as a table needs a column");
  if (!raw || std::get_if<Raw>(&raw->body()) == nullptr) return refuse("raw SQL is missing");
  for (const std::string& piece : std::get_if<Raw>(&raw->body())->pieces) {
    if (piece.find(';') != std::string::npos || piece.find("--") != std::string::npos)
      return make_error(ErrorCode::kUnparameterizedSql,
                        "raw SQL used as a table must hold neither a semicolon nor a line comment");
  }
  return finish(name, std::move(columns), {.kind = DerivedKind::kSubquery, .body = std::move(raw)});
}

SourceResult make_values_source(const Identifier& name, std::vector<Column> columns,
                                std::vector<ExpressionPtr> rows) {
  if (columns.empty()) return refuse("a list of values needs a column");
  if (rows.empty() || rows.size() % columns.size() != 0)
    return refuse("a list of values needs a row, and every row a value for every column");
  BRIDGE_RETURN_IF_ERROR(check_operands(rows));
  for (std::size_t index = 0; index < rows.size(); ++index) {
    Column& column = columns[index % columns.size()];
    BRIDGE_RETURN_IF_ERROR(check_assignable(column.type, rows[index]->type()));
    column.type.is_nullable = column.type.is_nullable || rows[index]->type().is_nullable;
  }
  return finish(name, std::move(columns), {.kind = DerivedKind::kValues, .rows = std::move(rows)});
}

SourceResult make_lists_source(const Identifier& name, std::vector<Column> columns,
                               std::vector<std::vector<types::Value>> lists) {
  if (columns.empty() || columns.size() != lists.size() || lists.front().empty())
    return refuse("lists as rows need a column each, and a row");
  const std::size_t length = lists.front().size();
  std::vector<ExpressionPtr> parameters;
  for (std::size_t index = 0; index < columns.size(); ++index) {
    types::ColumnType type = columns[index].type;
    if (lists[index].size() != length) return refuse("lists as rows are of one length");
    if (type.storage == types::StorageType::kArray) return refuse("a list as a column holds single values");
    type.element = type.storage;
    type.storage = types::StorageType::kArray;
    type.is_nullable = false;
    BRIDGE_ASSIGN_OR_RETURN(
        ExpressionPtr parameter,
        make_parameter(types::Value::of_array(type.element, std::move(lists[index])), type));
    parameters.push_back(std::move(parameter));
  }
  return finish(name, std::move(columns), {.kind = DerivedKind::kLists, .rows = std::move(parameters)});
}

SourcePtr make_version_source(const Identifier& name, std::vector<Column> columns, VersionSource versions) {
  return finish(name, std::move(columns), {.kind = DerivedKind::kVersions, .versions = std::move(versions)});
}

namespace {

bool says_as_of(const Select& select) {
  const auto says = [](const std::shared_ptr<const Select>& operand) { return says_as_of(*operand); };
  return select.as_of || std::any_of(select.operands.begin(), select.operands.end(), says);
}

/// The sources that a derived one is made of.
struct PastSearch {
  bool is_found = false;
  void operator()(const ExpressionPtr&) const {}
  void operator()(const SourcePtr& source) { is_found = is_found || reads_past(*source); }
};

}  // namespace

bool reads_past(const Source& source) {
  if (!source.derived || source.derived->kind == DerivedKind::kRecursion) return false;
  const Derived& derived = *source.derived;
  if (derived.versions) return true;
  const Select* const query = derived.body ? derived.body->query() : nullptr;
  if (query != nullptr && says_as_of(*query)) return true;
  PastSearch search;
  for_each_part(derived, search);
  return search.is_found;
}

SourcePtr make_copy(const SourcePtr& source) {
  return std::make_shared<const Source>(Source{source->table, true, source->derived});
}

}  // namespace bridge::sql
