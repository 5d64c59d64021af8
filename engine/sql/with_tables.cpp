// Finds common table expressions wherever they are read.
#include "engine/sql/with_tables.h"

#include <algorithm>

namespace bridge::sql {

void WithTables::Walk::operator()(const ExpressionPtr& part) {
  tables.search(*part, position);
  position += part->parameter_count();
}

void WithTables::Walk::operator()(const SourcePtr& source) {
  tables.add(source, position);
  position += parameter_count_of(source);
}

void WithTables::search(const Expression& expression, std::size_t position) {
  for (const ExpressionPtr& child : expression.children()) {
    search(*child, position);
    position += child->parameter_count();
  }
  if (const Select* const query = find_subquery(expression)) add_all_of(*query, position);
}

void WithTables::add(const SourcePtr& source, std::size_t position) {
  const Derived* const derived = source->derived.get();
  if (derived == nullptr) return tables_.push_back(source);
  const bool is_known = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.source->derived.get() == derived;
  });
  if (is_known) return;
  add_all_of(*derived, position);
  if (derived->kind == DerivedKind::kWith) entries_.push_back({source, position});
}

Status WithTables::check_names() const {
  for (const Entry& entry : entries_) {
    const Identifier& name = entry.source->table->name;
    const auto count = std::count_if(entries_.begin(), entries_.end(),
                                     [&](const Entry& other) { return other.source->table->name == name; });
    const bool is_table = std::any_of(tables_.begin(), tables_.end(), [&](const SourcePtr& table) {
      return table->table->name == name && !table->table->schema;
    });
    if (count > 1 || is_table) {
      return make_error(ErrorCode::kQuery, "a common table cannot be called " + name.text() +
                                               ": another table of the statement has that name");
    }
  }
  return {};
}

}  // namespace bridge::sql
