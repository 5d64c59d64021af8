// What the Python side does with instances: making, reading, comparing, marking.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <vector>

#include "bindings/column_descriptor.h"
#include "bindings/counting.h"
#include "bindings/ffi_guard.h"
#include "bindings/identity_map.h"
#include "bindings/instance_state.h"
#include "bindings/load_group.h"
#include "bindings/nodes.h"

namespace bridge::python {
namespace {

// The instance behind a handle; TypeError otherwise.
InstanceObject* require(nb::handle object) {
  if (!is_instance(object.ptr())) throw nb::type_error("expected an Instance");
  return as_instance(object.ptr());
}

std::size_t require_column(InstanceObject* instance, std::size_t column) {
  if (column < instance->plan->attributes.size()) return column;
  raise_error(ErrorCode::kModel, instance->plan->name + " has no such column");
  throw nb::python_error();
}

void attach_column(nb::handle descriptor, ModelPlan& plan, std::size_t index) {
  if (PyObject_TypeCheck(descriptor.ptr(), column_descriptor_type) == 0)
    throw nb::type_error("expected a ColumnDescriptor");
  if (index >= plan.attributes.size())
    return raise_error(ErrorCode::kModel, plan.name + " has no such column");
  // SAFETY: checked above
  attach_descriptor(reinterpret_cast<ColumnDescriptorObject*>(descriptor.ptr()), plan, index);
}

nb::object new_instance(ModelPlan& plan, const std::vector<nb::object>& values) {
  if (values.size() != plan.attributes.size()) {
    raise_error(ErrorCode::kModel, plan.name + ": values and columns differ in number");
    return {};
  }
  if (plan.type() == nullptr) {
    raise_error(ErrorCode::kModel, plan.name + " has been taken apart");
    return {};
  }
  InstanceObject* instance = make_instance(plan);
  if (instance == nullptr) return {};
  nb::object owned = nb::steal(as_object(instance));
  for (std::size_t column = 0; column < values.size(); ++column) {
    if (values[column].ptr() != unset_object &&
        !assign_slot(instance, column, values[column].ptr(), Change::kChanged))
      return {};
  }
  return owned;
}

nb::object columns_of(nb::handle object) {
  InstanceObject* instance = require(object);
  nb::object tuple = nb::steal(PyTuple_New(instance->plan->slot_count));
  for (std::size_t column = 0; tuple.is_valid() && column < instance->plan->attributes.size(); ++column) {
    PyObject* value = read_slot(instance, column);
    if (value == nullptr) return {};
    PyTuple_SET_ITEM(tuple.ptr(), static_cast<Py_ssize_t>(column), value);
  }
  return tuple;
}

nb::object peek(nb::handle object, std::size_t index) {
  InstanceObject* instance = require(object);
  return nb::steal(read_slot(instance, require_column(instance, index)));
}

void poke(nb::handle object, std::size_t index, nb::handle value, bool is_change) {
  InstanceObject* instance = require(object);
  static_cast<void>(assign_slot(instance, require_column(instance, index), value.ptr(),
                                is_change ? Change::kChanged : Change::kNone));
}

std::vector<std::size_t> changed_columns(nb::handle object) {
  InstanceObject* instance = require(object);
  std::vector<std::size_t> changed;
  for (std::size_t column = 0; column < instance->plan->attributes.size(); ++column) {
    if (differs_from_database(instance, column)) changed.push_back(column);
  }
  return changed;
}

void mark_instance_clean(nb::handle object) { static_cast<void>(mark_clean(require(object))); }
bool is_persistent(nb::handle object) { return require(object)->is_persistent; }
void set_persistent(nb::handle object, bool is_persistent) { require(object)->is_persistent = is_persistent; }

Result<std::vector<Node>> parameters_of(nb::handle object, const std::vector<std::size_t>& indices) {
  InstanceObject* instance = require(object);
  std::vector<Node> nodes;
  for (const std::size_t index : indices) {
    types::Value value;
    if (!slot_to_value(instance, require_column(instance, index), value)) throw nb::python_error();
    BRIDGE_ASSIGN_OR_RETURN(
        Node node, wrap(sql::make_parameter(std::move(value), instance->plan->attributes[index].type)));
    nodes.push_back(std::move(node));
  }
  return nodes;
}

std::optional<nb::object> key_of(nb::handle object) {
  InstanceObject* instance = require(object);
  const std::vector<std::size_t>& key = instance->plan->key;
  nb::object tuple = nb::steal(PyTuple_New(static_cast<Py_ssize_t>(key.size())));
  for (std::size_t part = 0; tuple.is_valid() && part < key.size(); ++part) {
    PyObject* value = instance->items[key[part]];
    if (value == nullptr || value == Py_None) return std::nullopt;
    PyTuple_SET_ITEM(tuple.ptr(), static_cast<Py_ssize_t>(part), share(value));
  }
  if (!tuple.is_valid()) throw nb::python_error();
  return key.empty() ? std::nullopt : std::optional(tuple);
}

nb::object extension(nb::handle object) {
  InstanceObject* instance = require(object);
  if (instance->extension == nullptr) {
    instance->extension = PyDict_New();
    track_instance(instance);
  }
  return nb::borrow(instance->extension);
}

std::optional<nb::object> existing_extension(nb::handle object) {
  PyObject* found = require(object)->extension;
  return found == nullptr ? std::nullopt : std::optional(nb::borrow(found));
}

std::optional<nb::object> load_group(nb::handle object) {
  LoadGroupObject* group = require(object)->group;
  if (group == nullptr) return std::nullopt;
  return nb::borrow(reinterpret_cast<PyObject*>(group));  // SAFETY: begins with PyObject_HEAD
}

std::optional<nb::object> identity_map_of(nb::handle object) {
  const IdentityTable* table = require(object)->identity_table;
  return table == nullptr ? std::nullopt : std::optional(nb::borrow(table->owner().self));
}

}  // namespace

void bind_instances(nb::module_& module) {
  def_guarded(module, "attach_column", &attach_column, nb::arg("descriptor"), nb::arg("plan"),
              nb::arg("index"));
  def_guarded(module, "new_instance", &new_instance, nb::arg("plan"), nb::arg("values"));
  def_guarded(module, "columns_of", &columns_of, nb::arg("instance"));
  def_guarded(module, "peek", &peek, nb::arg("instance"), nb::arg("index"));
  def_guarded(module, "poke", &poke, nb::arg("instance"), nb::arg("index"), nb::arg("value").none(),
              nb::arg("changed"));
  def_guarded(module, "changed_columns", &changed_columns, nb::arg("instance"));
  def_guarded(module, "mark_clean", &mark_instance_clean, nb::arg("instance"));
  def_guarded(module, "is_persistent", &is_persistent, nb::arg("instance"));
  def_guarded(module, "set_persistent", &set_persistent, nb::arg("instance"), nb::arg("persistent"));
  def_guarded(module, "parameters_of", &parameters_of, nb::arg("instance"), nb::arg("indices"));
  def_guarded(module, "key_of", &key_of, nb::arg("instance"));
  def_guarded(module, "extension", &extension, nb::arg("instance"));
  def_guarded(module, "existing_extension", &existing_extension, nb::arg("instance"));
  def_guarded(module, "load_group", &load_group, nb::arg("instance"));
  def_guarded(module, "identity_map_of", &identity_map_of, nb::arg("instance"));
}

}  // namespace bridge::python
