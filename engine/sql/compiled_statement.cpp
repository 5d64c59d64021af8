// Puts a statement's values into the order of its text's placeholders.
#include "engine/sql/compiled_statement.h"

#include <algorithm>

#include "engine/sql/shape.h"

namespace bridge::sql {
namespace {

Error mismatch() {
  return make_error(ErrorCode::kInternal, "a statement was bound to the text of another shape");
}

}  // namespace

Result<std::vector<types::Value>> bind_values(const Statement& statement, const CompiledStatement& compiled) {
  const std::vector<const Parameter*> parameters = collect_parameters(statement);
  std::vector<types::Value> values;
  values.reserve(compiled.parameters.size());
  for (const ParameterSlot& slot : compiled.parameters) {
    if (slot.position >= parameters.size()) return mismatch();
    const types::Value& value = parameters[slot.position]->value;
    if (slot.element == ParameterSlot::kWhole) {
      values.push_back(value);
      continue;
    }
    if (value.elements.empty()) return mismatch();
    const auto element = std::min(static_cast<std::size_t>(slot.element), value.elements.size() - 1);
    values.push_back(value.elements[element]);
  }
  return values;
}

}  // namespace bridge::sql
