// A statement's skeleton: its shape without anybody's values.
#include "engine/sql/expression_factory.h"
#include "engine/sql/shape.h"
#include "engine/sql/statement_parts.h"

namespace bridge::sql {
namespace {

void strip(ExpressionPtr& expression);

void strip(Selection& selection) { strip(selection.expression); }
void strip(Assignment& assignment) { strip(assignment.value); }
void strip(Join& join) { strip(join.condition); }

template <typename Part>
void strip(std::vector<Part>& parts) {
  for (Part& part : parts) strip(part);
}

void strip(Select& select) {
  strip(select.selections);
  strip(select.joins);
  for (std::vector<ExpressionPtr>* const clause :
       {&select.where, &select.group_by, &select.having, &select.order_by, &select.distinct_on})
    strip(*clause);
  strip(select.limit);
  strip(select.offset);
}

void strip(std::shared_ptr<const Select>& query) {
  if (!query || count_parameters(*query) == 0) return;
  auto copy = std::make_shared<Select>(*query);
  strip(*copy);
  query = std::move(copy);
}

void strip(Insert& insert) {
  strip(insert.values);
  strip(insert.query);
  if (insert.on_conflict) {
    strip(insert.on_conflict->assignments);
    strip(insert.on_conflict->where);
  }
  strip(insert.returning);
}

void strip(Update& update) {
  strip(update.assignments);
  strip(update.where);
  strip(update.returning);
}

void strip(Delete& removal) {
  strip(removal.where);
  strip(removal.returning);
}

void strip(Raw& raw) { strip(raw.parts); }
void strip(Explain& explain) { strip(explain.query); }

// What holds no expressions of its own: DDL, whose defaults and checks belong to the table, and control.
template <typename Kind>
void strip(Kind&) {}

// A list's length rounded up is part of the shape: members of no content stand for it.
types::Value make_blank(const types::Value& value) {
  types::Value blank = types::Value::null(value.type);
  blank.element = value.element;
  blank.elements.resize(to_list_bucket(value.elements.size()), types::Value::null(value.element));
  return blank;
}

Payload strip_payload(Payload payload) {
  if (auto* const parameter = std::get_if<Parameter>(&payload))
    parameter->value = make_blank(parameter->value);
  if (auto* const node = std::get_if<InSubquery>(&payload)) strip(node->query);
  if (auto* const node = std::get_if<Exists>(&payload)) strip(node->query);
  if (auto* const node = std::get_if<ScalarSubquery>(&payload)) strip(node->query);
  return payload;
}

void strip(ExpressionPtr& expression) {
  if (!expression || expression->parameter_count() == 0) return;
  std::vector<ExpressionPtr> children(expression->children().begin(), expression->children().end());
  strip(children);
  expression = ExpressionFactory::replace_values(*expression, strip_payload(expression->payload()),
                                                 std::move(children));
}

}  // namespace

StatementPtr strip_values(const Statement& statement) {
  StatementBody body = statement.body();
  std::visit([](auto& kind) { strip(kind); }, body);
  return make_statement(std::move(body));
}

}  // namespace bridge::sql
