// Relations of many objects at once: who belongs to which key, and lists handed out to their owners.
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <vector>

#include "bindings/ffi_guard.h"
#include "bindings/gil.h"
#include "bindings/instance_state.h"
#include "bindings/instance_type.h"
#include "bindings/load_group.h"
#include "bindings/nodes.h"
#include "bindings/reference.h"

namespace bridge::python {
namespace {

// Throws what Python has raised.
void demand(bool holds) {
  if (!holds) throw nb::python_error();
}

InstanceObject* require(PyObject* object) {
  if (!is_instance(object)) throw nb::type_error("expected an Instance");
  return as_instance(object);
}

Reference read_part(InstanceObject* instance, std::size_t column) {
  if (column >= instance->plan->attributes.size()) {
    raise_error(ErrorCode::kModel, instance->plan->name + " has no such column");
    throw nb::python_error();
  }
  Reference part = Reference::steal(read_slot(instance, column));
  demand(static_cast<bool>(part));
  return part;
}

// The value of the only column; of several a tuple, or the part that makes them no key: NULL or UNSET.
Reference key_of(InstanceObject* instance, const std::vector<std::size_t>& columns) {
  if (columns.size() == 1) return read_part(instance, columns.front());
  Reference key = Reference::steal(PyTuple_New(static_cast<Py_ssize_t>(columns.size())));
  demand(static_cast<bool>(key));
  bool has_null = false;
  for (std::size_t index = 0; index < columns.size(); ++index) {
    Reference part = read_part(instance, columns[index]);
    if (part.get() == unset_object) return part;
    has_null = has_null || part.get() == Py_None;
    PyTuple_SET_ITEM(key.get(), static_cast<Py_ssize_t>(index), part.release());
  }
  return has_null ? Reference::borrow(Py_None) : key;
}

// Adds to the list of a key, which is made with its first member.
void append(PyObject* groups, PyObject* key, PyObject* member) {
  PyObject* members = PyDict_GetItemWithError(groups, key);
  if (members != nullptr) {
    if (PyList_Check(members) == 0) throw nb::type_error("groups hold lists");
    return demand(PyList_Append(members, member) == 0);
  }
  demand(PyErr_Occurred() == nullptr);
  const Reference made = Reference::steal(PyList_New(1));
  demand(static_cast<bool>(made));
  PyList_SET_ITEM(made.get(), 0, share(member));
  demand(PyDict_SetItem(groups, key, made.get()) == 0);
}

// Objects are only added, so there is nothing yet for the collector to find. By index: hashing a key may run
// Python code, which may change the list.
void gather(nb::dict groups, nb::list instances, const std::vector<std::size_t>& columns) {
  const CollectorPaused paused;
  for (Py_ssize_t index = 0; index < PyList_GET_SIZE(instances.ptr()); ++index) {
    const Reference instance = Reference::borrow(PyList_GET_ITEM(instances.ptr(), index));
    const Reference key = key_of(require(instance.get()), columns);
    append(groups.ptr(), key.get(), instance.get());
  }
}

void gather_linked(nb::dict groups, nb::list rows) {
  const CollectorPaused paused;
  for (Py_ssize_t index = 0; index < PyList_GET_SIZE(rows.ptr()); ++index) {
    const Reference row = Reference::borrow(PyList_GET_ITEM(rows.ptr(), index));
    const Py_ssize_t width = PyTuple_Check(row.get()) == 0 ? 0 : PyTuple_GET_SIZE(row.get());
    if (width < 2) throw nb::type_error("expected tuples of a member and its key");
    const Reference key = width == 2 ? Reference::borrow(PyTuple_GET_ITEM(row.get(), 1))
                                     : Reference::steal(PyTuple_GetSlice(row.get(), 1, width));
    demand(static_cast<bool>(key));
    append(groups.ptr(), key.get(), PyTuple_GET_ITEM(row.get(), 0));
  }
}

// A list of the owner's own, so that owners of one key do not change each other's.
void put_list(InstanceObject* owner, PyObject* attribute, PyObject* members) {
  const Reference own = Reference::steal(
      members == nullptr ? PyList_New(0) : PyList_GetSlice(members, 0, PyList_GET_SIZE(members)));
  demand(static_cast<bool>(own));
  if (owner->extension == nullptr) {
    owner->extension = PyDict_New();
    demand(owner->extension != nullptr);
    track_instance(owner);
  }
  demand(PyDict_SetItem(owner->extension, attribute, own.get()) == 0);
}

void hand_out(nb::dict owners, nb::dict groups, nb::str attribute) {
  const CollectorPaused paused;
  const Reference keys = Reference::steal(PyDict_Items(owners.ptr()));
  demand(static_cast<bool>(keys));
  for (Py_ssize_t place = 0; place < PyList_GET_SIZE(keys.get()); ++place) {
    PyObject* entry = PyList_GET_ITEM(keys.get(), place);
    const Reference members =
        Reference::borrow(PyDict_GetItemWithError(groups.ptr(), PyTuple_GET_ITEM(entry, 0)));
    demand(members || PyErr_Occurred() == nullptr);
    PyObject* listed = PyTuple_GET_ITEM(entry, 1);
    if (PyList_Check(listed) == 0 || (members && PyList_Check(members.get()) == 0))
      throw nb::type_error("groups hold lists");
    for (Py_ssize_t index = 0; index < PyList_GET_SIZE(listed); ++index) {
      const Reference owner = Reference::borrow(PyList_GET_ITEM(listed, index));
      put_list(require(owner.get()), attribute.ptr(), members.get());
    }
  }
}

// By index: leaving a group may drop its last reference and run Python code.
void group_apart(nb::list instances, std::uint64_t origin) {
  // SAFETY: both begin with PyObject_HEAD
  const Reference group = Reference::steal(reinterpret_cast<PyObject*>(make_load_group(origin)));
  demand(static_cast<bool>(group));
  for (Py_ssize_t index = 0; index < PyList_GET_SIZE(instances.ptr()); ++index) {
    const Reference object = Reference::borrow(PyList_GET_ITEM(instances.ptr(), index));
    InstanceObject* instance = require(object.get());
    if (!instance->plan->has_relations) continue;
    join_group(reinterpret_cast<LoadGroupObject*>(group.get()), instance);  // SAFETY: made above
  }
}

}  // namespace

void bind_relations(nb::module_& module) {
  def_guarded(module, "gather", &gather, nb::arg("groups"), nb::arg("instances"), nb::arg("columns"));
  def_guarded(module, "gather_linked", &gather_linked, nb::arg("groups"), nb::arg("rows"));
  def_guarded(module, "group_apart", &group_apart, nb::arg("instances"), nb::arg("origin"));
  def_guarded(module, "hand_out", &hand_out, nb::arg("owners"), nb::arg("groups"), nb::arg("attribute"));
}

}  // namespace bridge::python
