// Inserts, updates and deletes.
#include "engine/sql/output_columns.h"
#include "engine/sql/select_rules.h"
#include "engine/sql/statement_compiler.h"
#include "engine/sql/write_rules.h"

namespace bridge::sql {
namespace {

using telemetry::Operation;

Error refuse(std::string problem) { return make_error(ErrorCode::kQuery, std::move(problem)); }

std::vector<Operand> to_operands(const std::vector<Assignment>& assignments, const PartPositions& positions) {
  std::vector<Operand> operands;
  operands.reserve(assignments.size());
  for (const Assignment& assignment : assignments) operands.push_back(positions.at(assignment.value));
  return operands;
}

}  // namespace

// A write whose rows are read by the rest of the statement.
Status Compilation::write_writing_table(const Derived& derived, std::size_t position) {
  if (!dialect_.capabilities().has(Capability::kWritingCommonTables)) {
    return make_error(ErrorCode::kUnsupportedFeature,
                      std::string(dialect_.name()) +
                          " has no common tables that write; run the write with returning(), then the query");
  }
  scopes_.open_isolated();
  CompiledStatement ignored;
  BRIDGE_RETURN_IF_ERROR(std::visit(StatementCompiler(*this, ignored, position), derived.body->body()));
  scopes_.close();  // the write's own
  scopes_.close();
  return {};
}

void Compilation::write_column_names(const Table& table, const std::vector<std::size_t>& columns) {
  for (std::size_t index = 0; index < columns.size(); ++index) {
    if (index > 0) text_.words(", ");
    text_.identifier(table.columns[columns[index]].name);
  }
}

Status Compilation::write_assignments(const Table& table, const std::vector<Assignment>& assignments,
                                      const std::vector<Operand>& values, const Source* qualifier) {
  const SourceUse* const use = qualifier == nullptr ? nullptr : scopes_.find(qualifier);
  BRIDGE_ASSIGN_OR_RETURN(const std::vector<std::size_t> order,
                          dialect_.order_assignments(table, assignments));
  for (std::size_t place = 0; place < assignments.size(); ++place) {
    const std::size_t index = order.empty() ? place : order[place];
    const Column& column = table.columns[assignments[index].column];
    if (place > 0) text_.words(", ");
    if (use != nullptr) text_.identifier(use->name).words(".");
    text_.identifier(column.name).words(" = ");
    if (values[index].node->as<DefaultValue>() != nullptr) {
      BRIDGE_RETURN_IF_ERROR(dialect_.write_default_value(*this, column));
    } else {
      BRIDGE_RETURN_IF_ERROR(dialect_.write_stored(*this, values[index], column));
    }
  }
  return {};
}

Status StatementCompiler::operator()(const Insert& insert) {
  BRIDGE_RETURN_IF_ERROR(check_insert(insert));
  const bool is_bulk =
      insert.values.empty() && !insert.query && !insert.columns.empty() && insert.returning.empty();
  result_.operation = is_bulk ? Operation::kBulkInsert : Operation::kInsert;
  BRIDGE_RETURN_IF_ERROR(begin(insert));
  const PartPositions positions(insert, position_);
  text().words("INSERT INTO ").table(*insert.source->table);
  BRIDGE_RETURN_IF_ERROR(write_insert_body(insert, positions));
  compilation_.scopes().open();  // only now: values and query do not see the target
  BRIDGE_RETURN_IF_ERROR(compilation_.scopes().add(*insert.source));
  BRIDGE_RETURN_IF_ERROR(write_conflict(insert, positions));
  const bool is_reread = !insert.returning.empty() && !is_nested_ && dialect().rereads_inserts();
  BRIDGE_RETURN_IF_ERROR(is_reread ? plan_rereading(insert, positions)
                                   : write_returning(insert.returning, positions));
  return is_bulk ? write_bulk_text(insert) : Status{};
}

Status StatementCompiler::write_insert_body(const Insert& insert, const PartPositions& positions) {
  if (insert.columns.empty()) return dialect().write_default_row(text());
  text().words(" (");
  compilation_.write_column_names(*insert.source->table, insert.columns);
  text().words(") ");
  if (!insert.query) return write_values(insert, positions);
  return dialect().write_insert_query(compilation_, insert, position_);
}

Status StatementCompiler::write_values(const Insert& insert, const PartPositions& positions) {
  const std::size_t limit = dialect().limits().max_rows_per_values;
  if (insert.row_count > limit) {
    return refuse("an insert of " + std::to_string(insert.row_count) +
                  " rows is too large for one statement of " + std::string(dialect().name()) +
                  ", which takes " + std::to_string(limit));
  }
  text().words("VALUES ");
  for (std::size_t row = 0; row < insert.row_count; ++row) {
    text().words(row > 0 ? SqlWriter::Words(", (") : SqlWriter::Words("("));
    if (insert.values.empty()) {
      write_outside_row(insert, row);
    } else {
      BRIDGE_RETURN_IF_ERROR(write_row(insert, row, positions));
    }
    text().words(")");
  }
  return {};
}

Status StatementCompiler::write_row(const Insert& insert, std::size_t row, const PartPositions& positions) {
  const std::size_t width = insert.columns.size();
  for (std::size_t index = 0; index < width; ++index) {
    if (index > 0) text().words(", ");
    const Operand value = positions.at(insert.values[row * width + index]);
    const Column& column = insert.source->table->columns[insert.columns[index]];
    if (value.node->as<DefaultValue>() != nullptr) {
      BRIDGE_RETURN_IF_ERROR(dialect().write_default_value(compilation_, column));
    } else {
      BRIDGE_RETURN_IF_ERROR(dialect().write_stored(compilation_, value, column));
    }
  }
  return {};
}

void StatementCompiler::write_outside_row(const Insert& insert, std::size_t row) {
  const std::size_t width = insert.columns.size();
  for (std::size_t index = 0; index < width; ++index) {
    if (index > 0) text().words(", ");
    text().placeholder({.position = static_cast<std::uint32_t>(row * width + index),
                        .type = insert.source->table->columns[insert.columns[index]].type});
  }
}

Status StatementCompiler::write_conflict(const Insert& insert, const PartPositions& positions) {
  if (!insert.on_conflict) return {};
  const OnConflict& conflict = *insert.on_conflict;
  const Table& table = *insert.source->table;
  for (const std::size_t column : conflict.target) BRIDGE_RETURN_IF_ERROR(check_column(table, column));
  if (conflict.action == OnConflict::Action::kUpdate) {
    if (conflict.target.empty())
      return refuse("an upsert that updates must name the columns of the key that conflicts");
    if (conflict.assignments.empty()) return refuse("an upsert that updates must set a column");
    result_.is_upsert = true;
    result_.given_rows = insert.query ? 0 : insert.row_count;
  }
  BRIDGE_RETURN_IF_ERROR(check_assignments(table, conflict.assignments));
  if (conflict.where)
    BRIDGE_RETURN_IF_ERROR(check_row_condition(*conflict.where, "the condition of an upsert"));
  compilation_.set_excluded(table);
  compilation_.qualify_columns(true);
  BRIDGE_RETURN_IF_ERROR(dialect().write_conflict(
      compilation_, {insert, to_operands(conflict.assignments, positions), positions.at(conflict.where)}));
  compilation_.qualify_columns(false);
  return {};
}

Status StatementCompiler::write_returning(const std::vector<Selection>& returning,
                                          const PartPositions& positions) {
  if (returning.empty()) return {};
  if (!dialect().can_return(result_.operation)) {
    return make_error(
        ErrorCode::kUnsupportedFeature,
        std::string(dialect().name()) +
            " has no RETURNING here; select the rows again by their key, in the same transaction");
  }
  BRIDGE_RETURN_IF_ERROR(check_returning(returning));
  result_.returns_rows = true;
  text().words(" RETURNING ");
  set_columns(describe_columns(returning));
  return compilation_.write_selections(returning, positions);
}

Status StatementCompiler::write_bulk_text(const Insert& insert) {
  SqlWriter target(dialect());
  BRIDGE_RETURN_IF_ERROR(dialect().write_bulk_target(target, insert));
  BRIDGE_RETURN_IF_ERROR(target.status());
  result_.bulk_text = target.take_text();
  return {};
}

Status StatementCompiler::write_where(const std::vector<ExpressionPtr>& where,
                                      const PartPositions& positions) {
  std::vector<Operand> conditions;
  for (const ExpressionPtr& condition : where) {
    BRIDGE_RETURN_IF_ERROR(check_row_condition(*condition, "where"));
    conditions.push_back(positions.at(condition));
  }
  if (conditions.empty()) return {};
  text().words(" WHERE ");
  return compilation_.write_conjunction(conditions);
}

// Where rows cannot be matched with other sources directly, they are those for which a match exists.
Status StatementCompiler::write_removal_where(const Delete& removal, const PartPositions& positions) {
  if (removal.from.empty()) return write_where(removal.where, positions);
  for (const SourcePtr& source : removal.from) BRIDGE_RETURN_IF_ERROR(compilation_.scopes().add(*source));
  const bool has_using = dialect().capabilities().has(Capability::kDeleteUsing);
  if (!has_using && !removal.returning.empty()) {
    for (const Selection& selection : removal.returning) {
      if (!selection.entity || selection.entity == removal.source) continue;
      return make_error(ErrorCode::kUnsupportedFeature,
                        std::string(dialect().name()) +
                            " has no delete that returns other tables; select those rows first");
    }
  }
  text().words(has_using ? SqlWriter::Words(" USING ") : SqlWriter::Words(" WHERE EXISTS (SELECT 1 FROM "));
  if (!has_using) compilation_.begin_nested();
  BRIDGE_RETURN_IF_ERROR(compilation_.write_sources(removal.from, positions));
  BRIDGE_RETURN_IF_ERROR(write_where(removal.where, positions));
  if (has_using) return {};
  compilation_.end_nested();
  text().words(")");
  return {};
}

Status StatementCompiler::operator()(const Update& update) {
  const Table& table = *update.source->table;
  if (update.where.empty() && !update.is_everywhere)
    return refuse("an update of " + table.name.text() +
                  " needs a where; say everywhere() to change all rows");
  if (update.assignments.empty()) return refuse("an update of " + table.name.text() + " must set a column");
  BRIDGE_RETURN_IF_ERROR(check_assignments(table, update.assignments));
  result_.operation = Operation::kUpdate;
  BRIDGE_RETURN_IF_ERROR(begin(update));
  const PartPositions positions(update, position_);
  compilation_.scopes().open();
  BRIDGE_RETURN_IF_ERROR(compilation_.scopes().add(*update.source));
  for (const SourcePtr& source : update.from) BRIDGE_RETURN_IF_ERROR(compilation_.scopes().add(*source));
  compilation_.set_written(table);
  text().words("UPDATE ");
  BRIDGE_RETURN_IF_ERROR(compilation_.write_source(update.source));
  const bool is_source_first = dialect().has_sources_before_set();
  if (is_source_first)
    BRIDGE_RETURN_IF_ERROR(dialect().write_update_sources(compilation_, update, positions));
  text().words(" SET ");
  const Source* const qualifier = is_source_first && !update.from.empty() ? update.source.get() : nullptr;
  BRIDGE_RETURN_IF_ERROR(compilation_.write_assignments(
      table, update.assignments, to_operands(update.assignments, positions), qualifier));
  if (!is_source_first)
    BRIDGE_RETURN_IF_ERROR(dialect().write_update_sources(compilation_, update, positions));
  BRIDGE_RETURN_IF_ERROR(write_where(update.where, positions));
  return write_returning(update.returning, positions);
}

Status StatementCompiler::operator()(const Delete& removal) {
  const Table& table = *removal.source->table;
  if (removal.where.empty() && !removal.is_everywhere)
    return refuse("a delete from " + table.name.text() +
                  " needs a where; say everywhere() to delete all rows");
  result_.operation = Operation::kDelete;
  BRIDGE_RETURN_IF_ERROR(begin(removal));
  const PartPositions positions(removal, position_);
  compilation_.scopes().open();
  BRIDGE_RETURN_IF_ERROR(compilation_.scopes().add(*removal.source));
  compilation_.set_written(table);
  text().words("DELETE FROM ");
  BRIDGE_RETURN_IF_ERROR(compilation_.write_source(removal.source));
  BRIDGE_RETURN_IF_ERROR(write_removal_where(removal, positions));
  return write_returning(removal.returning, positions);
}

}  // namespace bridge::sql
