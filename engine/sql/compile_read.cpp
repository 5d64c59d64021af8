// Queries, explanations and raw statements as whole statements.
#include "engine/sql/key_lookup.h"
#include "engine/sql/statement_compiler.h"

namespace bridge::sql {

using telemetry::Operation;

namespace {

// They stand before a whole statement, whose beginning is raw text here.
Status refuse_with_tables(const Raw& raw) {
  WithTables tables;
  tables.add_all_of(raw, 0);
  if (tables.entries().empty()) return {};
  return make_error(ErrorCode::kQuery,
                    "a query with a common table cannot stand inside raw SQL; use a subquery");
}

}  // namespace

Status StatementCompiler::operator()(const Select& select) {
  result_.operation = Operation::kSelect;
  result_.returns_rows = true;
  result_.is_read_only = is_read_only(select);
  result_.is_shareable = result_.is_read_only;
  result_.is_key_lookup = is_key_lookup(select);
  compilation_.set_as_of(select.as_of);
  BRIDGE_RETURN_IF_ERROR(compilation_.write_with(select));
  BRIDGE_RETURN_IF_ERROR(compilation_.write_query(select, 0));
  BRIDGE_ASSIGN_OR_RETURN(const std::vector<OutputColumn> columns, describe_columns(select));
  set_columns(columns);
  return {};
}

Status StatementCompiler::operator()(const Explain& explain) {
  BRIDGE_RETURN_IF_ERROR(dialect().write_explain(text(), explain));
  BRIDGE_RETURN_IF_ERROR(write_explained(explain));
  // Whatever the explained statement gives, its plan is what comes back.
  result_.operation = Operation::kExplain;
  result_.returns_rows = true;
  result_.has_unknown_columns = true;
  result_.columns.clear();
  result_.bulk_text.clear();
  return {};
}

Status StatementCompiler::write_explained(const Explain& explain) {
  if (explain.query) {
    result_.is_read_only = !explain.analyze || is_read_only(*explain.query);
    compilation_.set_as_of(explain.query->as_of);
    BRIDGE_RETURN_IF_ERROR(compilation_.write_with(*explain.query));
    return compilation_.write_query(*explain.query, 0);
  }
  const StatementBody* const body = explain.other ? &explain.other->body() : nullptr;
  if (const auto* const insertion = body == nullptr ? nullptr : std::get_if<Insert>(body))
    return (*this)(*insertion);
  if (const auto* const change = body == nullptr ? nullptr : std::get_if<Update>(body))
    return (*this)(*change);
  if (const auto* const removal = body == nullptr ? nullptr : std::get_if<Delete>(body))
    return (*this)(*removal);
  const auto* const raw = body == nullptr ? nullptr : std::get_if<Raw>(body);
  if (raw == nullptr) return make_error(ErrorCode::kQuery, "there is no query to explain");
  result_.dirties_session = explain.analyze;
  BRIDGE_RETURN_IF_ERROR(refuse_with_tables(*raw));
  return compilation_.write_raw(*raw);
}

Status StatementCompiler::operator()(const Raw& raw) {
  result_.operation = Operation::kRaw;
  result_.returns_rows = true;
  result_.has_unknown_columns = raw.result_types.empty();
  for (const types::ColumnType& type : raw.result_types) result_.columns.push_back({"", type});
  result_.dirties_session = true;
  BRIDGE_RETURN_IF_ERROR(refuse_with_tables(raw));
  return compilation_.write_raw(raw);
}

// Its answer has the columns that the database gives it.
Status StatementCompiler::operator()(const VersionChange& change) {
  result_.operation = Operation::kVersion;
  result_.returns_rows = true;
  result_.has_unknown_columns = true;
  return dialect().write_version_change(compilation_, change, PartPositions(change));
}

}  // namespace bridge::sql
