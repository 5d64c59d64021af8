// Life and death of instances: allocation in one block, collection, deallocation.
#include "bindings/instance_type.h"

#include <structmember.h>

#include <algorithm>
#include <cstddef>

#include "bindings/counting.h"
#include "bindings/ffi_guard.h"
#include "bindings/identity_map.h"
#include "bindings/load_group.h"

namespace bridge::python {

static_assert(sizeof(PyObject*) == sizeof(std::uint64_t),
              "bit words and references share an instance's items");

PyTypeObject* instance_type = nullptr;
PyObject* unset_object = nullptr;

namespace {

PyObject* create(PyTypeObject* type, PyObject* /*arguments*/, PyObject* /*keywords*/) {
  ModelPlan* plan = find_plan(type);
  if (plan == nullptr) {
    raise_error(ErrorCode::kModel, std::string(type->tp_name) + " has no plan: it is no complete model");
    return nullptr;
  }
  InstanceObject* instance = make_instance(*plan);
  return instance == nullptr ? nullptr : as_object(instance);
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  InstanceObject* instance = as_instance(self);
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(instance->extension);
  PyObject* const group = reinterpret_cast<PyObject*>(instance->group);  // SAFETY: begins with PyObject_HEAD
  Py_VISIT(group);
  Py_VISIT(instance->plan->self);
  const Py_ssize_t count = instance->plan->object_count();
  for (Py_ssize_t index = 0; index < count; ++index) Py_VISIT(instance->items[index]);
  return 0;
}

// Keys stay: the identity table must still find its entry when the instance goes.
int clear(PyObject* self) {
  InstanceObject* instance = as_instance(self);
  Py_CLEAR(instance->extension);
  leave_group(instance);
  const Py_ssize_t count = instance->plan->object_count();
  for (Py_ssize_t index = 0; index < count; ++index) Py_CLEAR(instance->items[index]);
  return 0;
}

void deallocate(PyObject* self) {
  InstanceObject* instance = as_instance(self);
  PyTypeObject* type = Py_TYPE(self);
  if (PyObject_GC_IsTracked(self) == 1) PyObject_GC_UnTrack(self);
  if (instance->weak_references != nullptr) PyObject_ClearWeakRefs(self);
  if (instance->identity_table != nullptr) instance->identity_table->remove(instance);
  clear(self);
  PyObject* plan = instance->plan->self;
  type->tp_free(self);
  let_go(plan);
  let_go(type);  // instances of heap types own a reference to their type
}

PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(InstanceObject, weak_references), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};
PyType_Slot slots[] = {
    {Py_tp_new, guarded_slot<"Instance.__new__", &create>},
    {Py_tp_traverse, guarded_slot<"Instance.traverse", &traverse>},
    {Py_tp_clear, guarded_slot<"Instance.clear", &clear>},
    {Py_tp_dealloc, guarded_slot<"Instance.dealloc", &deallocate>},
    {Py_tp_members, members},
    {0, nullptr},
};
PyType_Spec specification = {"bridgeorm._engine.Instance", static_cast<int>(offsetof(InstanceObject, items)),
                             static_cast<int>(sizeof(PyObject*)),
                             Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE, slots};

PyObject* describe_unset(PyObject* /*self*/) { return PyUnicode_FromString("UNSET"); }

PyType_Slot unset_slots[] = {
    {Py_tp_repr, guarded_slot<"UNSET.__repr__", &describe_unset>},
    {0, nullptr},
};
PyType_Spec unset_specification = {"bridgeorm._engine.Unset", sizeof(PyObject), 0,
                                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, unset_slots};

bool add_unset(PyObject* module) {
  const Reference type = Reference::steal(PyType_FromSpec(&unset_specification));
  if (!type) return false;
  // SAFETY: it is a type
  unset_object =
      reinterpret_cast<PyTypeObject*>(type.get())->tp_alloc(reinterpret_cast<PyTypeObject*>(type.get()), 0);
  return unset_object != nullptr && PyModule_AddObjectRef(module, "UNSET", unset_object) == 0;
}

}  // namespace

bool add_instance_type(PyObject* module) {
  instance_type =
      reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&specification));  // SAFETY: it makes a type
  return instance_type != nullptr && PyModule_AddType(module, instance_type) == 0 && add_unset(module);
}

InstanceObject* make_instance(ModelPlan& plan) {
  auto* instance = PyObject_GC_NewVar(InstanceObject, plan.type(), plan.item_count());
  if (instance == nullptr) return nullptr;
  hold(plan.self);
  instance->weak_references = nullptr;
  instance->plan = &plan;
  instance->extension = nullptr;
  instance->group = nullptr;
  instance->identity_table = nullptr;
  instance->identity_number = 0;
  instance->identity_bytes = nullptr;
  instance->group_index = 0;
  instance->is_persistent = false;
  instance->is_marked = false;
  std::fill_n(instance->items, plan.item_count(), nullptr);
  return instance;
}

void track_instance(InstanceObject* instance) {
  if (PyObject_GC_IsTracked(as_object(instance)) == 0) PyObject_GC_Track(as_object(instance));
}

}  // namespace bridge::python
