// Keys become values, checked as strictly as any other.
#include "bindings/lookup_key.h"

#include <string>

#include "bindings/error_translation.h"
#include "bindings/instance_state.h"

namespace bridge::python {
namespace {

bool refuse_length(const ModelPlan& plan, Py_ssize_t given) {
  std::string problem = "the key of ";
  problem += plan.name;
  problem += " has " + std::to_string(plan.key.size());
  problem += " columns, " + std::to_string(given);
  problem += " were given";
  raise_error(ErrorCode::kQuery, problem);
  return false;
}

bool add_part(const Attribute& attribute, PyObject* part, std::vector<types::Value>& values) {
  const Reference stored = Reference::steal(to_storage(attribute, part));
  return stored && to_value(stored.get(), attribute.target(), values.emplace_back());
}

}  // namespace

bool to_key_values(const ModelPlan& plan, PyObject* key, std::vector<types::Value>& values) {
  const bool is_tuple = PyTuple_Check(key) != 0;
  const Py_ssize_t given = is_tuple ? PyTuple_GET_SIZE(key) : 1;
  if (static_cast<std::size_t>(given) != plan.key.size()) return refuse_length(plan, given);
  values.reserve(plan.key.size());
  for (Py_ssize_t index = 0; index < given; ++index) {
    PyObject* part = is_tuple ? PyTuple_GET_ITEM(key, index) : key;
    if (!add_part(plan.attributes[plan.key[static_cast<std::size_t>(index)]], part, values)) return false;
  }
  return true;
}

}  // namespace bridge::python
