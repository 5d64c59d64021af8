// Queries, explanations and raw statements as whole statements.
#include "engine/sql/key_lookup.h"
#include "engine/sql/raw_sql.h"
#include "engine/sql/statement_compiler.h"

namespace bridge::sql {

using telemetry::Operation;

Status StatementCompiler::operator()(const Select& select) {
  result_.operation = Operation::kSelect;
  result_.returns_rows = true;
  result_.is_read_only = is_read_only(select);
  result_.is_shareable = result_.is_read_only;
  result_.is_key_lookup = is_key_lookup(select);
  BRIDGE_RETURN_IF_ERROR(compilation_.write_with(select));
  BRIDGE_RETURN_IF_ERROR(compilation_.write_query(select, 0));
  BRIDGE_ASSIGN_OR_RETURN(const std::vector<OutputColumn> columns, describe_columns(select));
  set_columns(columns);
  return {};
}

Status StatementCompiler::operator()(const Explain& explain) {
  if (!explain.query) return make_error(ErrorCode::kQuery, "there is no query to explain");
  result_.operation = Operation::kExplain;
  result_.returns_rows = true;
  result_.has_unknown_columns = true;
  result_.is_read_only = !explain.analyze || is_read_only(*explain.query);
  BRIDGE_RETURN_IF_ERROR(dialect().write_explain(text(), explain.analyze));
  BRIDGE_RETURN_IF_ERROR(compilation_.write_with(*explain.query));
  return compilation_.write_query(*explain.query, 0);
}

Status StatementCompiler::operator()(const Raw& raw) {
  if (raw.pieces.size() != raw.parts.size() + 1)
    return make_error(ErrorCode::kQuery, "raw SQL needs one piece of text more than parts");
  BRIDGE_RETURN_IF_ERROR(check_raw_text(raw.pieces));
  result_.operation = Operation::kRaw;
  result_.returns_rows = true;
  result_.has_unknown_columns = true;
  result_.dirties_session = true;
  WithTables tables;
  tables.add_all_of(raw, 0);
  if (!tables.entries().empty())
    return make_error(ErrorCode::kQuery,
                      "a query with a common table cannot stand inside raw SQL; use a subquery");
  const PartPositions positions(raw);
  text().append_raw(raw.pieces.front());
  for (std::size_t index = 0; index < raw.parts.size(); ++index) {
    BRIDGE_RETURN_IF_ERROR(compilation_.write_raw_part(positions.at(raw.parts[index])));
    text().append_raw(raw.pieces[index + 1]);
  }
  return {};
}

}  // namespace bridge::sql
