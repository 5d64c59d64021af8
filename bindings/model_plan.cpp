// Builds model plans and finds them by class.
#include "bindings/model_plan.h"

#include <unordered_map>

#include "bindings/instance_type.h"

namespace bridge::python {
namespace {

constexpr Py_ssize_t kBitsPerWord = 64;

// Guarded by the interpreter lock. Never destroyed, since plans may outlive static destructors.
std::unordered_map<PyTypeObject*, ModelPlan*>& plans() {
  static auto* const registry = new std::unordered_map<PyTypeObject*, ModelPlan*>();
  return *registry;
}

Error refuse(const ModelPlan& plan, std::string_view problem) {
  return make_error(ErrorCode::kModel, plan.name + ": " + std::string(problem));
}

Reference callable_or_nothing(PyObject* object) {
  return object == nullptr || object == Py_None ? Reference() : Reference::borrow(object);
}

bool is_mutable(types::StorageType type) {
  return type == types::StorageType::kJson || type == types::StorageType::kArray;
}

}  // namespace

ModelPlan::~ModelPlan() {
  const auto found = plans().find(type());
  if (found != plans().end() && found->second == this) plans().erase(found);
}

Status fill_plan(ModelPlan& plan, PyObject* cls, const sql::TablePtr& table,
                 const std::vector<AttributeDescription>& attributes) {
  if (PyType_Check(cls) == 0 ||
      PyType_IsSubtype(reinterpret_cast<PyTypeObject*>(cls), instance_type) == 0) {  // SAFETY: checked first
    return make_error(ErrorCode::kModel, "a plan is made for a subclass of Instance");
  }
  plan.cls = Reference::borrow(cls);
  const char* const full_name = plan.type()->tp_name;
  plan.name = std::string(full_name);
  plan.name.erase(0, plan.name.rfind('.') + 1);
  plan.table = table;
  if (attributes.size() != table->columns.size())
    return refuse(plan, "attributes and columns differ in number");
  plan.attributes.reserve(attributes.size());
  for (const AttributeDescription& description : attributes) {
    Attribute& attribute = plan.attributes.emplace_back();
    attribute.name = Reference::borrow(description.name);
    const char* const name = PyUnicode_AsUTF8(description.name);
    if (name == nullptr) {
      PyErr_Clear();
      return refuse(plan, "an attribute's name is no text");
    }
    attribute.context = plan.name + "." + name;
    attribute.type = description.type;
    attribute.to_storage = callable_or_nothing(description.to_storage);
    attribute.from_storage = callable_or_nothing(description.from_storage);
    if (is_mutable(description.type.storage)) attribute.snapshot = plan.snapshot_count++;
  }
  plan.slot_count = static_cast<Py_ssize_t>(plan.attributes.size());
  plan.word_count = (plan.slot_count + kBitsPerWord - 1) / kBitsPerWord;
  return {};
}

Status set_plan_key(ModelPlan& plan, const std::vector<std::size_t>& key) {
  for (const std::size_t column : key) {
    if (column >= plan.attributes.size()) return refuse(plan, "a key column does not exist");
    if (plan.attributes[column].is_key) return refuse(plan, "a key column is named twice");
    plan.attributes[column].is_key = true;
  }
  plan.key = key;
  return {};
}

Status set_plan_watched(ModelPlan& plan, PyObject* on_change, const std::vector<std::size_t>& watched) {
  plan.on_change = callable_or_nothing(on_change);
  for (const std::size_t column : watched) {
    if (column >= plan.attributes.size()) return refuse(plan, "a watched column does not exist");
    plan.attributes[column].is_watched = static_cast<bool>(plan.on_change);
  }
  return {};
}

void enlist_plan(ModelPlan& plan) { plans()[plan.type()] = &plan; }

ModelPlan* find_plan(PyTypeObject* type) {
  const auto found = plans().find(type);
  return found == plans().end() ? nullptr : found->second;
}

int traverse_plan(const ModelPlan& plan, visitproc visit, void* arg) {
  Py_VISIT(plan.cls.get());
  Py_VISIT(plan.on_change.get());
  for (const Attribute& attribute : plan.attributes) {
    Py_VISIT(attribute.to_storage.get());
    Py_VISIT(attribute.from_storage.get());
  }
  return 0;
}

void clear_plan(ModelPlan& plan) {
  plan.on_change.reset();
  for (Attribute& attribute : plan.attributes) {
    attribute.is_watched = false;
    attribute.to_storage.reset();
    attribute.from_storage.reset();
  }
  const auto found = plans().find(plan.type());
  if (found != plans().end() && found->second == &plan) plans().erase(found);
  plan.cls.reset();
}

}  // namespace bridge::python
