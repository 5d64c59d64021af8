// Writes what rows are read from: tables, subqueries, common tables, lists of values.
#include <utility>

#include "engine/sql/compilation.h"
#include "engine/sql/output_columns.h"
#include "engine/sql/recursion_rules.h"

namespace bridge::sql {
namespace {

// Names of all columns of a table in parentheses.
void write_names(SqlWriter& text, const Table& table) {
  text.words("(");
  for (std::size_t index = 0; index < table.columns.size(); ++index) {
    if (index > 0) text.words(", ");
    text.identifier(table.columns[index].name);
  }
  text.words(")");
}

bool has_bounds(const types::ColumnType& type) { return type.max_length > 0 || type.precision > 0; }

// The beginning of a recursive table says the types of its columns; where the rows that follow are bounded
// otherwise, they are those of the type without bounds. Empty when nothing has to be cast.
Result<std::vector<types::ColumnType>> find_wider_types(const Derived& derived) {
  BRIDGE_ASSIGN_OR_RETURN(const auto first, describe_columns(*derived.body));
  BRIDGE_ASSIGN_OR_RETURN(const auto next, describe_columns(*derived.recursive_part));
  std::vector<types::ColumnType> types;
  bool is_needed = false;
  for (std::size_t index = 0; index < first.size(); ++index) {
    types::ColumnType type = first[index].type;
    const types::ColumnType& other = next[index].type;
    const bool differs = type.storage != other.storage || type.max_length != other.max_length ||
                         type.precision != other.precision || type.scale != other.scale;
    if (differs && (has_bounds(type) || type.storage != other.storage)) {
      BRIDGE_ASSIGN_OR_RETURN(type, common_type(type, other));
      type.max_length = type.precision = type.scale = 0;
      is_needed = true;
    }
    types.push_back(type);
  }
  if (!is_needed) types.clear();
  return types;
}

}  // namespace

bool Compilation::is_being_written(const Source& source) const {
  return nesting_ > 0 && written_table_ != nullptr && source.table->name == written_table_->name &&
         source.table->schema == written_table_->schema;
}

Status Compilation::write_source(const SourcePtr& source, std::size_t position) {
  const SourceUse* const use = scopes_.find(source.get());
  if (source->derived && use != nullptr) {
    const Identifier name = use->name;  // a copy, as queries inside it make the list of uses move
    return write_derived(source, name, position);
  }
  const bool may_differ = as_of_ == nullptr;  // the past does not change with what is written
  if (may_differ && use != nullptr && is_being_written(*source) &&
      dialect_.write_snapshot(text_, *source->table)) {
    text_.words(" AS ").identifier(use->name);
    return {};
  }
  text_.table(*source->table);
  if (as_of_ != nullptr && !dialect_.says_as_of_once())
    BRIDGE_RETURN_IF_ERROR(dialect_.write_as_of(text_, *as_of_));
  if (use != nullptr && use->is_renamed) text_.words(" AS ").identifier(use->name);
  return {};
}

Status Compilation::write_derived(const SourcePtr& source, const Identifier& name, std::size_t position) {
  switch (source->derived->kind) {
    case DerivedKind::kRecursion:
      if (source->derived.get() != recursion_) {
        return make_error(ErrorCode::kQuery, "the rows so far of " + source->table->name.text() +
                                                 " can only be read in its recursive part, which goes on "
                                                 "from a query that begins it");
      }
      [[fallthrough]];
    case DerivedKind::kWith:
      text_.identifier(source->table->name);
      if (name != source->table->name) text_.words(" AS ").identifier(name);
      return {};
    case DerivedKind::kValues:
    case DerivedKind::kLists:
      return dialect_.write_values_source(*this, source, name, position);
    case DerivedKind::kVersions:
      BRIDGE_RETURN_IF_ERROR(dialect_.write_version_source(text_, *source->derived->versions));
      text_.words(" AS ").identifier(name);
      return {};
    case DerivedKind::kLateral:
      if (!dialect_.capabilities().has(Capability::kLateral)) {
        return make_error(
            ErrorCode::kUnsupportedFeature,
            std::string(dialect_.name()) +
                " has no lateral subqueries; use a scalar subquery for each column, or a window "
                "function in a subquery that is joined");
      }
      text_.words("LATERAL ");
      [[fallthrough]];
    case DerivedKind::kSubquery:
      break;
  }
  text_.words("(");
  if (const auto* const raw = std::get_if<Raw>(&source->derived->body->body())) {
    BRIDGE_RETURN_IF_ERROR(write_raw(*raw, position));
    text_.words(") AS ").identifier(name);
    return {};
  }
  BRIDGE_RETURN_IF_ERROR(write_query(
      *source->derived->body->query(), position,
      {.is_isolated = source->derived->kind != DerivedKind::kLateral, .names = source->table.get()}));
  text_.words(") AS ").identifier(name);
  return {};
}

Status Compilation::write_rows(const SourcePtr& source, std::size_t position) {
  const std::size_t width = source->table->columns.size();
  text_.words("VALUES ");
  const std::vector<ExpressionPtr>& rows = source->derived->rows;
  if (source->derived->kind == DerivedKind::kLists) {
    write_members(rows, position);
    return {};
  }
  for (std::size_t index = 0; index < rows.size(); ++index) {
    const bool begins_row = index % width == 0;
    if (index > 0) text_.words(begins_row ? SqlWriter::Words("), ") : SqlWriter::Words(", "));
    if (begins_row) text_.words("(");
    BRIDGE_RETURN_IF_ERROR(write({rows[index].get(), position}));
    position += rows[index]->parameter_count();
  }
  text_.words(")");
  return {};
}

// As many rows as lists are compiled for: the last one stands there again and again, which changes nothing
// for rows that are matched.
void Compilation::write_members(const std::vector<ExpressionPtr>& lists, std::size_t position) {
  const std::size_t rows = to_list_bucket(lists.front()->as<Parameter>()->value.elements.size());
  for (std::size_t row = 0; row < rows; ++row) {
    text_.words(row > 0 ? SqlWriter::Words(", (") : SqlWriter::Words("("));
    for (std::size_t column = 0; column < lists.size(); ++column) {
      if (column > 0) text_.words(", ");
      write_member({lists[column].get(), position + column}, row);
    }
    text_.words(")");
  }
}

Status Compilation::write_sources(const std::vector<SourcePtr>& sources, const PartPositions& positions) {
  bool is_first = true;
  for (const SourcePtr& source : sources) {
    if (!is_first) text_.words(", ");
    is_first = false;
    BRIDGE_RETURN_IF_ERROR(write_source(source, positions.at(source)));
  }
  return {};
}

Status Compilation::write_with_tables(const WithTables& tables) {
  if (tables.entries().empty()) return {};
  BRIDGE_RETURN_IF_ERROR(tables.check_names());
  bool is_recursive = false;
  for (const WithTables::Entry& entry : tables.entries())
    is_recursive = is_recursive || entry.source->derived->recursive_part != nullptr;
  text_.words(is_recursive ? SqlWriter::Words("WITH RECURSIVE ") : SqlWriter::Words("WITH "));
  bool is_first = true;
  for (const WithTables::Entry& entry : tables.entries()) {
    if (!is_first) text_.words(", ");
    is_first = false;
    BRIDGE_RETURN_IF_ERROR(write_with_table(entry));
  }
  text_.words(" ");
  return {};
}

Status Compilation::write_with_table(const WithTables::Entry& entry) {
  const Derived& derived = *entry.source->derived;
  text_.identifier(entry.source->table->name);
  write_names(text_, *entry.source->table);
  text_.words(" AS ");
  const bool may_hint = dialect_.capabilities().has(Capability::kMaterializedHints);
  if (may_hint && derived.materialization != Materialization::kDefault) {
    text_.words(derived.materialization == Materialization::kAlways ? SqlWriter::Words("MATERIALIZED ")
                                                                    : SqlWriter::Words("NOT MATERIALIZED "));
  }
  text_.words("(");
  if (derived.recursive_part) {
    BRIDGE_RETURN_IF_ERROR(write_recursive_table(derived, entry.position));
  } else if (const Select* const query = derived.body->query()) {
    BRIDGE_RETURN_IF_ERROR(write_query(*query, entry.position, {.is_isolated = true}));
  } else {
    BRIDGE_RETURN_IF_ERROR(write_writing_table(derived, entry.position));
  }
  text_.words(")");
  return {};
}

Status Compilation::write_recursive_table(const Derived& derived, std::size_t position) {
  BRIDGE_ASSIGN_OR_RETURN(const std::vector<types::ColumnType> types, find_wider_types(derived));
  const bool needs_cast = !types.empty() && dialect_.needs_equal_types_in_recursion();
  const Select& anchor = *derived.body->query();
  const Select& part = *derived.recursive_part->query();
  if (has_clauses_in_recursion(part) && !dialect_.capabilities().has(Capability::kClausesInRecursion)) {
    return make_error(
        ErrorCode::kUnsupportedFeature,
        std::string(dialect_.name()) +
            " has no groups, order, limits, windows and set operations in the recursive part of "
            "a common table; say them in the query around it");
  }
  BRIDGE_RETURN_IF_ERROR(
      write_set_operand(anchor, position, {.is_isolated = true, .types = needs_cast ? &types : nullptr}));
  text_.words(" UNION ALL ");
  const Derived* const outer = std::exchange(recursion_, derived.recursion->derived.get());
  Status status = write_set_operand(part, position + count_parameters(anchor), {.is_isolated = true});
  recursion_ = outer;
  return status;
}

}  // namespace bridge::sql
