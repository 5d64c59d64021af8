// Statements written as sentences.
#include "engine/sql/fluent/statement_builder.h"

#include "engine/sql/select_rules.h"

namespace bridge::sql::fluent {
namespace {

/// Appends the term's node, or keeps its error if it is the first.
void take(std::vector<ExpressionPtr>& into, const Term& term, std::optional<Error>& error) {
  ExpressionResult node = term.node();
  if (node) {
    into.push_back(std::move(node).value());
  } else if (!error) {
    error = std::move(node).error();
  }
}

void note(Status status, std::optional<Error>& error) {
  if (!status && !error) error = std::move(status).error();
}

Result<Assignment> to_assignment(const Entity& entity, std::string_view column, const Operand& value) {
  BRIDGE_ASSIGN_OR_RETURN(const std::size_t index, entity.index_of(column));
  BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr node, value.beside(entity.table().columns[index].type));
  return Assignment{index, std::move(node)};
}

Result<StatementPtr> finish(StatementBody body, std::optional<Error>& error) {
  if (error) return std::move(*error);
  return make_statement(std::move(body));
}

}  // namespace

SelectBuilder::SelectBuilder(const std::vector<Term>& columns) {
  std::vector<ExpressionPtr> nodes;
  for (const Term& column : columns) take(nodes, column, error_);
  for (ExpressionPtr& node : nodes) select_.selections.push_back(Selection{nullptr, std::move(node)});
}

SelectBuilder& SelectBuilder::from(const Entity& entity) {
  select_.from.push_back(entity.source());
  return *this;
}

SelectBuilder& SelectBuilder::add(std::vector<ExpressionPtr>& clause, const Term& term) {
  take(clause, term, error_);
  return *this;
}

SelectBuilder& SelectBuilder::add_join(JoinKind kind, const Entity& entity, const Term& condition) {
  std::vector<ExpressionPtr> nodes;
  take(nodes, condition, error_);
  if (!nodes.empty()) select_.joins.push_back(Join{kind, entity.source(), std::move(nodes.front())});
  return *this;
}

SelectBuilder& SelectBuilder::limit(std::int64_t rows) {
  std::vector<ExpressionPtr> nodes;
  take(nodes, Term(make_parameter(types::Value::of_int64(rows), {.storage = types::StorageType::kInt64})),
       error_);
  if (!nodes.empty()) select_.limit = std::move(nodes.front());
  return *this;
}

SelectBuilder& SelectBuilder::distinct() {
  select_.is_distinct = true;
  return *this;
}

Result<StatementPtr> SelectBuilder::build() {
  if (!error_) note(check_select(select_, Capabilities::of(Capability::kGroupByKey)), error_);
  return finish(std::move(select_), error_);
}

InsertBuilder::InsertBuilder(Entity entity, const std::vector<std::string_view>& columns)
    : entity_(std::move(entity)) {
  insert_.source = entity_.source();
  insert_.row_count = 0;
  for (const std::string_view name : columns) {
    Result<std::size_t> index = entity_.index_of(name);
    if (index) {
      insert_.columns.push_back(*index);
    } else {
      note(std::move(index).error(), error_);
    }
  }
}

InsertBuilder& InsertBuilder::values(std::initializer_list<Literal> row) {
  if (!error_) note(add_row(row), error_);
  return *this;
}

Status InsertBuilder::add_row(std::initializer_list<Literal> row) {
  if (row.size() != insert_.columns.size()) {
    return make_error(ErrorCode::kQuery, "a row has " + std::to_string(row.size()) + " values for " +
                                             std::to_string(insert_.columns.size()) + " columns");
  }
  std::size_t position = 0;
  for (const Literal& literal : row) {
    const types::ColumnType& type = insert_.source->table->columns[insert_.columns[position++]].type;
    BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr node, Operand(literal).beside(type));
    insert_.values.push_back(std::move(node));
  }
  ++insert_.row_count;
  return {};
}

InsertBuilder& InsertBuilder::on_conflict(const std::vector<std::string_view>& key) {
  insert_.on_conflict.emplace();
  for (const std::string_view name : key) {
    Result<std::size_t> index = entity_.index_of(name);
    if (index) {
      insert_.on_conflict->target.push_back(*index);
    } else {
      note(std::move(index).error(), error_);
    }
  }
  return *this;
}

InsertBuilder& InsertBuilder::set(std::string_view column, const Operand& value) {
  note(assign(column, value), error_);
  return *this;
}

Status InsertBuilder::assign(std::string_view column, const Operand& value) {
  if (!insert_.on_conflict)
    return make_error(ErrorCode::kQuery, "an insert sets columns only after on_conflict");
  BRIDGE_ASSIGN_OR_RETURN(Assignment assignment, to_assignment(entity_, column, value));
  insert_.on_conflict->action = OnConflict::Action::kUpdate;
  insert_.on_conflict->assignments.push_back(std::move(assignment));
  return {};
}

InsertBuilder& InsertBuilder::returning(const Term& term) {
  std::vector<ExpressionPtr> nodes;
  take(nodes, term, error_);
  if (!nodes.empty()) insert_.returning.push_back(Selection{nullptr, std::move(nodes.front())});
  return *this;
}

Result<StatementPtr> InsertBuilder::build() { return finish(std::move(insert_), error_); }

UpdateBuilder& UpdateBuilder::set(std::string_view column, const Operand& value) {
  note(assign(column, value), error_);
  return *this;
}

Status UpdateBuilder::assign(std::string_view column, const Operand& value) {
  BRIDGE_ASSIGN_OR_RETURN(Assignment assignment, to_assignment(entity_, column, value));
  update_.assignments.push_back(std::move(assignment));
  return {};
}

UpdateBuilder& UpdateBuilder::where(const Term& condition) {
  take(update_.where, condition, error_);
  return *this;
}

UpdateBuilder& UpdateBuilder::everywhere() {
  update_.is_everywhere = true;
  return *this;
}

Result<StatementPtr> UpdateBuilder::build() { return finish(std::move(update_), error_); }

DeleteBuilder& DeleteBuilder::where(const Term& condition) {
  take(delete_.where, condition, error_);
  return *this;
}

DeleteBuilder& DeleteBuilder::everywhere() {
  delete_.is_everywhere = true;
  return *this;
}

Result<StatementPtr> DeleteBuilder::build() { return finish(std::move(delete_), error_); }

}  // namespace bridge::sql::fluent
