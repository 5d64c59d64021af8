// The group type: a list of borrowed members, and a dict for what the Python side notes about them.
#include "bindings/load_group.h"

#include <structmember.h>

#include <cstddef>
#include <new>

#include "bindings/counting.h"
#include "bindings/ffi_guard.h"
#include "bindings/instance_type.h"
#include "bindings/reference.h"

namespace bridge::python {

PyTypeObject* load_group_type = nullptr;

namespace {

LoadGroupObject* group_of(PyObject* self) {
  // SAFETY: slots are called with objects of their type only
  return reinterpret_cast<LoadGroupObject*>(self);
}
template <typename Object>
PyObject* object_of(Object* object) {
  return reinterpret_cast<PyObject*>(object);  // SAFETY: both begin with PyObject_HEAD
}

PyObject* members(PyObject* self, PyObject* /*unused*/) {
  Reference list = Reference::steal(PyList_New(0));
  if (!list) return nullptr;
  const LoadGroupObject* group = group_of(self);
  for (std::size_t index = 0; index < group->members.size();
       ++index) {  // by index: appending may run the collector and change members
    InstanceObject* member = group->members[index];
    if (member != nullptr && PyList_Append(list.get(), object_of(member)) != 0) return nullptr;
  }
  return list.release();
}

PyObject* get_origin(PyObject* self, void* /*unused*/) {
  return PyLong_FromUnsignedLongLong(group_of(self)->origin);
}

// From here on a member can be reached from its own group: the collector must know all of them.
void track_members(LoadGroupObject* group) {
  for (InstanceObject* member : group->members) {
    if (member != nullptr) track_instance(member);
  }
}

PyObject* get_state(PyObject* self, void* /*unused*/) {
  LoadGroupObject* group = group_of(self);
  if (group->state == nullptr) {
    PyObject* created = PyDict_New();
    if (created == nullptr) return nullptr;
    group->state = created;
    track_members(group);
  }
  return share(group->state);
}

int set_state(PyObject* self, PyObject* value, void* /*unused*/) {
  if (value == nullptr || PyDict_Check(value) == 0) {
    PyErr_SetString(PyExc_TypeError, "state is a dict");
    return -1;
  }
  Py_XSETREF(group_of(self)->state, share(value));
  track_members(group_of(self));
  return 0;
}

PyObject* get_handle(PyObject* self, void* /*unused*/) {
  PyObject* reference = group_of(self)->handle;
  return reference == nullptr ? share(Py_None) : PyObject_CallNoArgs(reference);
}

// Weakly: a handle may come to hold members, which the collector need not know as long as nothing of theirs
// leads back to them.
int set_handle(PyObject* self, PyObject* value, void* /*unused*/) {
  if (value == nullptr) {
    PyErr_SetString(PyExc_TypeError, "handle cannot be deleted");
    return -1;
  }
  PyObject* reference = PyWeakref_NewRef(value, nullptr);
  if (reference == nullptr) return -1;
  Py_XSETREF(group_of(self)->handle, reference);
  return 0;
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(group_of(self)->state);
  Py_VISIT(group_of(self)->handle);
  return 0;
}

int clear(PyObject* self) {
  Py_CLEAR(group_of(self)->state);
  Py_CLEAR(group_of(self)->handle);
  return 0;
}

void deallocate(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  LoadGroupObject* group = group_of(self);
  if (group->weak_references != nullptr) PyObject_ClearWeakRefs(self);
  Py_CLEAR(group->state);
  Py_CLEAR(group->handle);
  group->members.~vector();
  type->tp_free(self);
  let_go(type);
}

PyMethodDef methods[] = {
    {"members", guarded_method<"LoadGroup.members", &members>, METH_NOARGS,
     "Those still alive, in order of arrival."},
    {nullptr, nullptr, 0, nullptr},
};
PyGetSetDef properties[] = {
    {"origin", &GuardedSlot<"LoadGroup.origin", &get_origin>::call, nullptr, nullptr, nullptr},
    {"handle", &GuardedSlot<"LoadGroup.handle", &get_handle>::call,
     &GuardedSlot<"LoadGroup.handle", &set_handle>::call, nullptr, nullptr},
    {"state", &GuardedSlot<"LoadGroup.state", &get_state>::call,
     &GuardedSlot<"LoadGroup.state", &set_state>::call, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};
PyMemberDef fields[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(LoadGroupObject, weak_references), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};
PyType_Slot slots[] = {
    {Py_tp_traverse, guarded_slot<"LoadGroup.traverse", &traverse>},
    {Py_tp_clear, guarded_slot<"LoadGroup.clear", &clear>},
    {Py_tp_dealloc, guarded_slot<"LoadGroup.dealloc", &deallocate>},
    {Py_tp_methods, methods},
    {Py_tp_getset, properties},
    {Py_tp_members, fields},
    {0, nullptr},
};
PyType_Spec specification = {"bridgeorm._engine.LoadGroup", sizeof(LoadGroupObject), 0,
                             Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
                             slots};

}  // namespace

bool add_load_group_type(PyObject* module) {
  load_group_type =
      reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&specification));  // SAFETY: it makes a type
  return load_group_type != nullptr && PyModule_AddType(module, load_group_type) == 0;
}

LoadGroupObject* make_load_group(std::uint64_t origin) {
  PyObject* object = load_group_type->tp_alloc(load_group_type, 0);
  if (object == nullptr) return nullptr;
  LoadGroupObject* group = group_of(object);
  new (&group->members) std::vector<InstanceObject*>();
  group->origin = origin;
  return group;
}

void join_group(LoadGroupObject* group, InstanceObject* instance) {
  if (instance->group == group) return;
  group->members.push_back(instance);
  leave_group(instance);
  hold(object_of(group));
  instance->group = group;
  instance->group_index = group->members.size() - 1;
  if (group->state != nullptr) track_instance(instance);
}

void leave_group(InstanceObject* instance) {
  LoadGroupObject* group = instance->group;
  if (group == nullptr) return;
  group->members[instance->group_index] = nullptr;
  instance->group = nullptr;
  let_go(object_of(group));
}

}  // namespace bridge::python
