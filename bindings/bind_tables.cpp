// Tables and their uses in statements.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "bindings/ffi_guard.h"
#include "bindings/nodes.h"

namespace bridge::python {
namespace {

using OptionalText = std::optional<std::string>;
using ColumnDescription = std::tuple<std::string, types::ColumnType, bool, std::string, std::optional<Node>,
                                     std::vector<std::string>>;
using ForeignKeyDescription = std::tuple<OptionalText, std::vector<std::size_t>, OptionalText, std::string,
                                         std::vector<std::string>, std::string, std::string, bool>;
using UniqueDescription = std::tuple<OptionalText, std::vector<std::size_t>, bool>;
using CheckDescription = std::tuple<OptionalText, nb::callable>;
using IndexDescription = std::tuple<OptionalText, std::vector<Node>, bool>;
using TextIndexDescription = std::tuple<OptionalText, std::vector<std::size_t>, std::string>;

constexpr NamedEnumerator<sql::Generation> kGenerations[] = {{"none", sql::Generation::kNone},
                                                             {"identity", sql::Generation::kIdentity},
                                                             {"expression", sql::Generation::kExpression}};
constexpr NamedEnumerator<sql::ReferentialAction> kActions[] = {
    {"no_action", sql::ReferentialAction::kNoAction},
    {"restrict", sql::ReferentialAction::kRestrict},
    {"cascade", sql::ReferentialAction::kCascade},
    {"set_null", sql::ReferentialAction::kSetNull},
    {"set_default", sql::ReferentialAction::kSetDefault}};

Result<std::optional<Identifier>> optional_identifier(const OptionalText& text) {
  if (!text) return std::optional<Identifier>();
  BRIDGE_ASSIGN_OR_RETURN(Identifier name, Identifier::make(*text));
  return std::optional<Identifier>(std::move(name));
}

Result<sql::Column> make_column(const ColumnDescription& description) {
  const auto& [name, type, is_key, generation_name, default_node, labels] = description;
  BRIDGE_ASSIGN_OR_RETURN(Identifier identifier, Identifier::make(name));
  BRIDGE_ASSIGN_OR_RETURN(const sql::Generation generation,
                          find_enumerator(kGenerations, generation_name, "generation"));
  return sql::Column{std::move(identifier),
                     type,
                     is_key,
                     generation,
                     default_node ? default_node->expression : nullptr,
                     labels};
}

Result<sql::ForeignKey> make_foreign_key(const ForeignKeyDescription& description) {
  const auto& [name, columns, schema, table, target_columns, on_delete, on_update, is_deferred] = description;
  BRIDGE_ASSIGN_OR_RETURN(std::optional<Identifier> own_name, optional_identifier(name));
  BRIDGE_ASSIGN_OR_RETURN(std::optional<Identifier> target_schema, optional_identifier(schema));
  BRIDGE_ASSIGN_OR_RETURN(Identifier target_table, Identifier::make(table));
  std::vector<Identifier> targets;
  for (const std::string& column : target_columns) {
    BRIDGE_ASSIGN_OR_RETURN(Identifier target, Identifier::make(column));
    targets.push_back(std::move(target));
  }
  BRIDGE_ASSIGN_OR_RETURN(const sql::ReferentialAction delete_action,
                          find_enumerator(kActions, on_delete, "referential action"));
  BRIDGE_ASSIGN_OR_RETURN(const sql::ReferentialAction update_action,
                          find_enumerator(kActions, on_update, "referential action"));
  return sql::ForeignKey{std::move(own_name),
                         columns,
                         std::move(target_schema),
                         std::move(target_table),
                         std::move(targets),
                         delete_action,
                         update_action,
                         is_deferred};
}

Result<Table> finish(sql::Table table) {
  BRIDGE_ASSIGN_OR_RETURN(sql::TablePtr made, sql::make_table(std::move(table)));
  return Table{std::move(made)};
}

Result<Table> make_table(const std::string& name, const OptionalText& schema,
                         const std::vector<ColumnDescription>& columns,
                         const std::vector<ForeignKeyDescription>& foreign_keys,
                         const std::vector<UniqueDescription>& uniques) {
  BRIDGE_ASSIGN_OR_RETURN(Identifier own_name, Identifier::make(name));
  sql::Table table{.name = std::move(own_name),
                   .schema = {},
                   .columns = {},
                   .foreign_keys = {},
                   .unique_constraints = {},
                   .checks = {},
                   .indexes = {}};
  BRIDGE_ASSIGN_OR_RETURN(table.schema, optional_identifier(schema));
  for (const ColumnDescription& description : columns) {
    BRIDGE_ASSIGN_OR_RETURN(sql::Column column, make_column(description));
    table.columns.push_back(std::move(column));
  }
  for (const ForeignKeyDescription& description : foreign_keys) {
    BRIDGE_ASSIGN_OR_RETURN(sql::ForeignKey foreign_key, make_foreign_key(description));
    table.foreign_keys.push_back(std::move(foreign_key));
  }
  for (const auto& [constraint_name, members, is_deferred] : uniques) {
    BRIDGE_ASSIGN_OR_RETURN(std::optional<Identifier> identifier, optional_identifier(constraint_name));
    table.unique_constraints.push_back({std::move(identifier), members, is_deferred});
  }
  return finish(std::move(table));
}

// Checks are built by a function of the table's own source, since they name columns of a table that was not
// there before.
Result<Table> with_checks(const Table& base, const std::vector<CheckDescription>& checks,
                          const std::vector<IndexDescription>& indexes,
                          const std::vector<TextIndexDescription>& text_indexes) {
  sql::Table table = *base.table;
  const Source source{std::make_shared<const sql::Source>(sql::Source{base.table})};
  for (const auto& [name, build] : checks) {
    BRIDGE_ASSIGN_OR_RETURN(std::optional<Identifier> identifier, optional_identifier(name));
    const nb::object condition = build(source);
    if (!nb::isinstance<Node>(condition))
      return make_error(ErrorCode::kModel, "a check is built by a function that returns a Node");
    table.checks.push_back({std::move(identifier), nb::cast<const Node&>(condition).expression});
  }
  for (const auto& [name, keys, is_unique] : indexes) {
    BRIDGE_ASSIGN_OR_RETURN(std::optional<Identifier> identifier, optional_identifier(name));
    table.indexes.push_back({std::move(identifier), unwrap(keys), is_unique});
  }
  for (const auto& [name, columns, language] : text_indexes) {
    BRIDGE_ASSIGN_OR_RETURN(std::optional<Identifier> identifier, optional_identifier(name));
    table.text_indexes.push_back({std::move(identifier), columns, language});
  }
  return finish(std::move(table));
}

std::string table_name(const Table& table) { return table.table->name.text(); }
std::vector<std::string> column_names(const Table& table) {
  std::vector<std::string> names;
  for (const sql::Column& column : table.table->columns) names.push_back(column.name.text());
  return names;
}

void construct_source(Source* self, const Table& table, bool is_aliased) {
  new (self) Source{std::make_shared<const sql::Source>(sql::Source{table.table, is_aliased})};
}
Result<Node> source_column(const Source& source, std::size_t index) {
  return wrap(sql::make_column(source.source, index));
}

}  // namespace

void bind_tables(nb::module_& module) {
  nb::class_<Node> node(module, "Node", nb::is_final());  // first, as tables name it
  nb::class_<Table> table(module, "Table", nb::is_final());
  def_property_guarded(table, "name", &table_name);
  def_property_guarded(table, "column_names", &column_names);
  nb::class_<Source> source(module, "Source", nb::is_final());
  def_guarded(source, "__init__", &construct_source, nb::arg("table"), nb::kw_only(),
              nb::arg("aliased") = false);
  def_guarded(source, "column", &source_column, nb::arg("index"));
  def_guarded(module, "make_table", &make_table, nb::arg("name"), nb::arg("schema").none(),
              nb::arg("columns"), nb::arg("foreign_keys"), nb::arg("uniques"));
  def_guarded(module, "with_checks", &with_checks, nb::arg("table"), nb::arg("checks"), nb::arg("indexes"),
              nb::arg("text_indexes") = nb::make_tuple());
}

}  // namespace bridge::python
