// Tables of live instances, and how a key becomes bytes that compare.
#include "bindings/identity_map.h"

#include "bindings/convert/convert.h"
#include "bindings/error_translation.h"
#include "bindings/instance_state.h"
#include "bindings/model_plan.h"
#include "bindings/row_key.h"

namespace bridge::python {

InstanceObject* IdentityTable::find(const RowKey& key) const {
  if (key.is_number) {
    const auto found = by_number_.find(key.number);
    return found == by_number_.end() ? nullptr : found->second;
  }
  const auto found = by_bytes_.find(key.bytes);
  return found == by_bytes_.end() ? nullptr : found->second;
}

void IdentityTable::reserve(std::size_t count) { by_number_.reserve(by_number_.size() + count); }

void IdentityTable::add(const RowKey& key, InstanceObject* instance) {
  if (instance->identity_table != nullptr) instance->identity_table->remove(instance);
  InstanceObject** place = nullptr;
  if (key.is_number) {
    place = &by_number_[key.number];
    instance->identity_number = key.number;
    instance->identity_bytes = nullptr;
  } else {
    const auto entry = by_bytes_.try_emplace(key.bytes, nullptr).first;
    place = &entry->second;
    instance->identity_bytes = &entry->first;
  }
  if (*place != nullptr) (*place)->identity_table = nullptr;
  *place = instance;
  instance->identity_table = this;
}

void IdentityTable::remove(InstanceObject* instance) {
  if (instance->identity_bytes != nullptr)
    by_bytes_.erase(by_bytes_.find(*instance->identity_bytes));
  else
    by_number_.erase(instance->identity_number);
  instance->identity_table = nullptr;
}

std::vector<InstanceObject*> IdentityTable::members() const {
  std::vector<InstanceObject*> members;
  members.reserve(size());
  for (const auto& [key, instance] : by_number_) members.push_back(instance);
  for (const auto& [key, instance] : by_bytes_) members.push_back(instance);
  return members;
}

void IdentityTable::remove_all() {
  for (const auto& [number, instance] : by_number_) instance->identity_table = nullptr;
  for (const auto& [bytes, instance] : by_bytes_) instance->identity_table = nullptr;
  by_number_.clear();
  by_bytes_.clear();
}

IdentityMap::~IdentityMap() {
  for (const auto& [table, identities] : tables_) identities->remove_all();
}

IdentityTable& IdentityMap::table_of(const ModelPlan& plan) {
  std::unique_ptr<IdentityTable>& place = tables_[plan.table.get()];
  if (!place) {
    place = std::make_unique<IdentityTable>(*this);
    keepers_.push_back(plan.table);  // its address must not be reused while it is a key here
  }
  return *place;
}

std::size_t IdentityMap::size() const {
  std::size_t total = 0;
  for (const auto& [table, identities] : tables_) total += identities->size();
  return total;
}

bool read_key(InstanceObject* instance, RowKey& key) {
  const ModelPlan& plan = *instance->plan;
  RowKeyWriter writer(plan, key);
  for (const std::size_t column : plan.key) {
    const Attribute& attribute = plan.attributes[column];
    PyObject* held = instance->items[column];
    if (held == nullptr || held == Py_None) return false;
    const ScopedReference stored = ScopedReference::steal(to_storage(attribute, held));
    types::Value value;
    if (!stored || !to_value(stored.get(), attribute.target(), value)) return false;
    writer.add(value);
  }
  return !plan.key.empty();
}

bool read_key(const ModelPlan& plan, PyObject* values, RowKey& key) {
  if (PyTuple_Check(values) == 0 || PyTuple_GET_SIZE(values) != static_cast<Py_ssize_t>(plan.key.size()) ||
      plan.key.empty()) {
    raise_error(ErrorCode::kValidation,
                plan.name + ": the key is a tuple of " + std::to_string(plan.key.size()) + " values");
    return false;
  }
  RowKeyWriter writer(plan, key);
  for (std::size_t part = 0; part < plan.key.size(); ++part) {
    const Attribute& attribute = plan.attributes[plan.key[part]];
    const Reference stored =
        Reference::steal(to_storage(attribute, PyTuple_GET_ITEM(values, static_cast<Py_ssize_t>(part))));
    types::Value value;
    if (!stored || !to_value(stored.get(), attribute.target(), value)) return false;
    if (value.is_null) {
      raise_error(ErrorCode::kValidation, attribute.context + ": a key is never None");
      return false;
    }
    writer.add(value);
  }
  return true;
}

}  // namespace bridge::python
