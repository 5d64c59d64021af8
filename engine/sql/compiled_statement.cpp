// Puts a statement's values into the order of its text's placeholders.
#include "engine/sql/compiled_statement.h"

#include <algorithm>

#include "engine/sql/shape.h"

namespace bridge::sql {
namespace {

Error mismatch() {
  return make_error(ErrorCode::kInternal, "a statement was bound to the text of another shape");
}

// `value_at(position)` answers the value of a parameter, or null where there is none.
template <typename ValueAt>
Result<std::vector<types::Value>> arrange(const CompiledStatement& compiled, ValueAt value_at) {
  std::vector<types::Value> values;
  values.reserve(compiled.parameters.size());
  for (const ParameterSlot& slot : compiled.parameters) {
    const types::Value* value = value_at(slot.position);
    if (value == nullptr) return mismatch();
    if (slot.element == ParameterSlot::kWhole) {
      values.push_back(*value);
      continue;
    }
    if (value->elements.empty()) return mismatch();
    const auto element = std::min(static_cast<std::size_t>(slot.element), value->elements.size() - 1);
    values.push_back(value->elements[element]);
  }
  return values;
}

// Whether `count` values already stand as the text wants them.
bool are_in_order(const std::vector<ParameterSlot>& slots, std::size_t count) {
  if (slots.size() != count) return false;
  std::size_t position = 0;
  return std::all_of(slots.begin(), slots.end(), [&](const ParameterSlot& slot) {
    return slot.position == position++ && slot.element == ParameterSlot::kWhole;
  });
}

}  // namespace

Result<std::vector<types::Value>> bind_values(const Statement& statement, const CompiledStatement& compiled) {
  const std::vector<const Parameter*> parameters = collect_parameters(statement);
  return arrange(compiled, [&](std::size_t position) {
    return position < parameters.size() ? &parameters[position]->value : nullptr;
  });
}

Result<std::vector<types::Value>> arrange_values(std::vector<types::Value> given,
                                                 const CompiledStatement& compiled) {
  if (are_in_order(compiled.parameters, given.size())) return given;
  return arrange(compiled,
                 [&](std::size_t position) { return position < given.size() ? &given[position] : nullptr; });
}

}  // namespace bridge::sql
