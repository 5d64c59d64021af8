// Columns, values and returned things of writes.
#include "engine/sql/write_rules.h"

#include <algorithm>

#include "engine/sql/expression_factory.h"
#include "engine/sql/operand_types.h"
#include "engine/sql/output_columns.h"

namespace bridge::sql {
namespace {

Error refuse(std::string problem) { return make_error(ErrorCode::kQuery, std::move(problem)); }

Status check_value(const Column& column, const ExpressionPtr& value) {
  if (!value) return refuse("column " + column.name.text() + " is given no value");
  if (value->as<DefaultValue>() != nullptr) return {};
  if (value->has_aggregate())
    return refuse("an aggregate function cannot be the value of column " + column.name.text());
  if (has_window(*value))
    return refuse("a window function cannot be the value of column " + column.name.text());
  auto status = check_assignable(column.type, value->type());
  if (status) return {};
  return refuse("column " + column.name.text() + ": " + status.error().message());
}

Status check_query(const Insert& insert) {
  BRIDGE_ASSIGN_OR_RETURN(const std::vector<OutputColumn> selected, describe_columns(*insert.query));
  if (selected.size() != insert.columns.size())
    return refuse("an insert from a query must select one value for every column: there are " +
                  std::to_string(insert.columns.size()) + " columns of " + insert.source->table->name.text() +
                  ", the query selects " + std::to_string(selected.size()));
  for (std::size_t index = 0; index < selected.size(); ++index) {
    const Column& column = insert.source->table->columns[insert.columns[index]];
    auto status = check_assignable(column.type, selected[index].type);
    if (!status) return refuse("column " + column.name.text() + ": " + status.error().message());
  }
  return {};
}

Status check_distinct_columns(const Insert& insert) {
  for (auto column = insert.columns.begin(); column != insert.columns.end(); ++column) {
    if (std::find(column + 1, insert.columns.end(), *column) != insert.columns.end())
      return refuse("column " + insert.source->table->columns[*column].name.text() + " is inserted twice");
  }
  return {};
}

}  // namespace

Status check_column(const Table& table, std::size_t column) {
  if (column < table.columns.size()) return {};
  return refuse("table " + table.name.text() + " has no column of that index");
}

Status check_assignments(const Table& table, const std::vector<Assignment>& assignments) {
  for (const Assignment& assignment : assignments) {
    BRIDGE_RETURN_IF_ERROR(check_column(table, assignment.column));
    BRIDGE_RETURN_IF_ERROR(check_value(table.columns[assignment.column], assignment.value));
  }
  return {};
}

Status check_insert(const Insert& insert) {
  const Table& table = *insert.source->table;
  for (const std::size_t column : insert.columns) BRIDGE_RETURN_IF_ERROR(check_column(table, column));
  BRIDGE_RETURN_IF_ERROR(check_distinct_columns(insert));
  if (insert.query && !insert.values.empty()) return refuse("an insert takes values or a query, not both");
  if (insert.query && insert.columns.empty()) return refuse("an insert from a query must name its columns");
  if (insert.query) return check_query(insert);
  if (insert.row_count == 0) return refuse("an insert needs a row");
  if (insert.columns.empty() && (insert.row_count > 1 || !insert.values.empty()))
    return refuse("an insert of several rows must name a column");
  if (!insert.values.empty() && insert.values.size() != insert.row_count * insert.columns.size()) {
    return refuse("an insert must give every row a value for every column");
  }
  for (std::size_t index = 0; index < insert.values.size(); ++index) {
    BRIDGE_RETURN_IF_ERROR(
        check_value(table.columns[insert.columns[index % insert.columns.size()]], insert.values[index]));
  }
  return {};
}

Status check_returning(const std::vector<Selection>& returning) {
  for (const Selection& selection : returning) {
    if (!selection.expression) continue;
    if (selection.expression->has_aggregate())
      return refuse("an aggregate function cannot be returned by a write");
    if (has_window(*selection.expression))
      return refuse("a window function cannot be returned by a write; select from it as a common table");
  }
  return {};
}

}  // namespace bridge::sql
