// A statement's skeleton: its shape without anybody's values.
#include <map>

#include "engine/sql/expression_factory.h"
#include "engine/sql/shape.h"
#include "engine/sql/statement_parts.h"

namespace bridge::sql {
namespace {

/// Whether values stand inside rows that the statement makes for itself.
struct DerivedValuesSearch {
  bool found = false;

  void operator()(const ExpressionPtr& expression) {
    if (found) return;
    for (const ExpressionPtr& child : expression->children()) (*this)(child);
    if (const Select* const query = find_subquery(*expression)) for_each_part(*query, *this);
  }
  void operator()(const SourcePtr& source) { found = found || parameter_count_of(source) > 0; }
};

// A list's length rounded up is part of the shape: members of no content stand for it.
types::Value make_blank(const types::Value& value) {
  types::Value blank = types::Value::null(value.type);
  blank.element = value.element;
  blank.elements.resize(to_list_bucket(value.elements.size()), types::Value::null(value.element));
  return blank;
}

/// Replaces values in a copy of a statement. A source whose rows hold values is replaced as well, by the same
/// skeleton wherever the statement speaks of it.
class Stripper {
 public:
  explicit Stripper(bool replaces_sources) : replaces_sources_(replaces_sources) {}

  StatementPtr stripped(const Statement& statement) {
    StatementBody body = statement.body();
    std::visit([this](auto& kind) { strip(kind); }, body);
    return make_statement(std::move(body));
  }

 private:
  template <typename Part>
  void strip(std::vector<Part>& parts) {
    for (Part& part : parts) strip(part);
  }

  void strip(Selection& selection) {
    strip(selection.entity);
    strip(selection.expression);
  }
  void strip(Assignment& assignment) { strip(assignment.value); }
  void strip(Join& join) {
    strip(join.source);
    strip(join.condition);
  }

  void strip(Select& select) {
    strip(select.operands);
    strip(select.selections);
    strip(select.from);
    strip(select.joins);
    for (std::vector<ExpressionPtr>* const clause :
         {&select.where, &select.group_by, &select.having, &select.order_by, &select.distinct_on})
      strip(*clause);
    strip(select.limit);
    strip(select.offset);
    strip(select.lock.of);
  }

  void strip(std::shared_ptr<const Select>& query) {
    if (!query || (count_parameters(*query) == 0 && !replaces_sources_)) return;
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
    strip(update.from);
    strip(update.where);
    strip(update.returning);
  }

  void strip(Delete& removal) {
    strip(removal.from);
    strip(removal.where);
    strip(removal.returning);
  }

  void strip(Raw& raw) { strip(raw.parts); }
  void strip(VersionChange::Word& word) { strip(word.value); }
  void strip(VersionChange& change) { strip(change.words); }
  void strip(Explain& explain) {
    strip(explain.query);
    strip(explain.other);
  }

  // What holds no expressions of its own: DDL, whose defaults and checks belong to the table, and control.
  template <typename Kind>
  void strip(Kind&) {}

  void strip(StatementPtr& statement) {
    if (statement) statement = stripped(*statement);
  }

  void strip(SourcePtr& source) {
    if (!source || parameter_count_of(source) == 0) return;
    if (const auto found = sources_.find(source.get()); found != sources_.end()) {
      source = found->second;
      return;
    }
    auto copy = std::make_shared<Source>(*source);
    copy->derived = stripped(source->derived);
    sources_.emplace(source.get(), copy);
    source = std::move(copy);
  }

  // Two uses of one common table stay uses of one.
  std::shared_ptr<const Derived> stripped(const std::shared_ptr<const Derived>& original) {
    if (const auto found = derived_.find(original.get()); found != derived_.end()) return found->second;
    auto copy = std::make_shared<Derived>(*original);
    strip(copy->body);
    strip(copy->recursion);
    strip(copy->recursive_part);
    strip(copy->rows);
    derived_.emplace(original.get(), copy);
    return copy;
  }

  Payload stripped(Payload payload) {
    if (auto* const parameter = std::get_if<Parameter>(&payload))
      parameter->value = make_blank(parameter->value);
    if (auto* const node = std::get_if<ColumnReference>(&payload)) strip(node->source);
    if (auto* const node = std::get_if<InSubquery>(&payload)) strip(node->query);
    if (auto* const node = std::get_if<Exists>(&payload)) strip(node->query);
    if (auto* const node = std::get_if<ScalarSubquery>(&payload)) strip(node->query);
    return payload;
  }

  void strip(ExpressionPtr& expression) {
    if (!expression || (expression->parameter_count() == 0 && !replaces_sources_)) return;
    std::vector<ExpressionPtr> children(expression->children().begin(), expression->children().end());
    strip(children);
    expression =
        ExpressionFactory::replace_values(*expression, stripped(expression->payload()), std::move(children));
  }

  bool replaces_sources_;
  std::map<const Source*, SourcePtr> sources_;
  std::map<const Derived*, std::shared_ptr<const Derived>> derived_;
};

}  // namespace

StatementPtr strip_values(const Statement& statement) {
  DerivedValuesSearch search;
  std::visit([&](const auto& body) { for_each_part(body, search); }, statement.body());
  return Stripper(search.found).stripped(statement);
}

}  // namespace bridge::sql
