// IdentityMap: key to live instance.
#include <nanobind/stl/optional.h>

#include <optional>

#include "bindings/ffi_guard.h"
#include "bindings/identity_map.h"
#include "bindings/instance_type.h"
#include "bindings/nodes.h"

namespace bridge::python {
namespace {

InstanceObject* require(nb::handle object) {
  if (!is_instance(object.ptr())) throw nb::type_error("expected an Instance");
  return as_instance(object.ptr());
}

void construct(nb::pointer_and_handle<IdentityMap> self) {
  auto* map = new (self.p) IdentityMap();
  map->self = self.h.ptr();
}

std::optional<nb::object> find(IdentityMap& map, const ModelPlan& plan, nb::handle key) {
  RowKey row_key;
  if (!read_key(plan, key.ptr(), row_key)) throw nb::python_error();
  InstanceObject* found = map.table_of(plan).find(row_key);
  return found == nullptr ? std::nullopt : std::optional(nb::borrow(as_object(found)));
}

void add(IdentityMap& map, nb::handle object) {
  InstanceObject* instance = require(object);
  RowKey key;
  if (read_key(instance, key)) return map.table_of(*instance->plan).add(key, instance);
  if (PyErr_Occurred() == nullptr)
    raise_error(ErrorCode::kNotLoaded, instance->plan->name + " has no key yet");
}

void remove(IdentityMap& map, nb::handle object) {
  InstanceObject* instance = require(object);
  if (instance->identity_table != nullptr && &instance->identity_table->owner() == &map)
    instance->identity_table->remove(instance);
}

// Objects whose deallocation has begun are out of their table already.
nb::list members(IdentityMap& map, const ModelPlan& plan) {
  nb::list found;
  for (InstanceObject* instance : map.table_of(plan).members()) found.append(nb::borrow(as_object(instance)));
  return found;
}

std::size_t size(const IdentityMap& map) { return map.size(); }

}  // namespace

void bind_identity(nb::module_& module) {
  nb::class_<IdentityMap> map(module, "IdentityMap", nb::is_final(), nb::is_weak_referenceable());
  def_guarded(map, "__init__", &construct);
  def_guarded(map, "find", &find, nb::arg("plan"), nb::arg("key"));
  def_guarded(map, "add", &add, nb::arg("instance"));
  def_guarded(map, "remove", &remove, nb::arg("instance"));
  def_guarded(map, "members", &members, nb::arg("plan"));
  def_guarded(map, "__len__", &size);
}

}  // namespace bridge::python
