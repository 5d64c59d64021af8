// Attribute access on instances, straight to the slot.
#include "bindings/column_descriptor.h"

#include "bindings/counting.h"
#include "bindings/ffi_guard.h"
#include "bindings/instance_state.h"

namespace bridge::python {

PyTypeObject* column_descriptor_type = nullptr;

namespace {

ColumnDescriptorObject* descriptor_of(PyObject* self) {
  // SAFETY: slots are called with objects of their type only
  return reinterpret_cast<ColumnDescriptorObject*>(self);
}

// The instance whose slot is meant, or null with a Python error set.
InstanceObject* instance_for(ColumnDescriptorObject* descriptor, PyObject* owner) {
  if (descriptor->plan == nullptr) {
    raise_error(ErrorCode::kModel, "this column belongs to no complete model");
    return nullptr;
  }
  if (!is_instance(owner) || as_instance(owner)->plan != descriptor->plan) {
    PyErr_Format(PyExc_TypeError, "%s is no column of a %s",
                 descriptor->plan->attributes[descriptor->column].context.c_str(), Py_TYPE(owner)->tp_name);
    return nullptr;
  }
  return as_instance(owner);
}

PyObject* get(PyObject* self, PyObject* owner, PyObject* /*cls*/) {
  if (owner == nullptr || owner == Py_None) return share(self);
  ColumnDescriptorObject* descriptor = descriptor_of(self);
  InstanceObject* instance = instance_for(descriptor, owner);
  return instance == nullptr ? nullptr : read_loaded_slot(instance, descriptor->column);
}

int set(PyObject* self, PyObject* owner, PyObject* value) {
  ColumnDescriptorObject* descriptor = descriptor_of(self);
  InstanceObject* instance = instance_for(descriptor, owner);
  if (instance == nullptr) return -1;
  if (value == nullptr) {
    raise_error(ErrorCode::kValidation,
                descriptor->plan->attributes[descriptor->column].context + ": a column cannot be deleted");
    return -1;
  }
  return assign_slot(instance, descriptor->column, value, Change::kChanged) ? 0 : -1;
}

PyObject* create(PyTypeObject* type, PyObject* /*arguments*/, PyObject* /*keywords*/) {
  return type->tp_alloc(type, 0);
}

PyObject* set_name(PyObject* self, PyObject* arguments) {
  PyObject* owner = nullptr;
  PyObject* name = nullptr;
  if (PyArg_ParseTuple(arguments, "O!U:__set_name__", &PyType_Type, &owner, &name) == 0) return nullptr;
  Py_XSETREF(descriptor_of(self)->name, share(name));
  Py_RETURN_NONE;
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  if (descriptor_of(self)->plan != nullptr) Py_VISIT(descriptor_of(self)->plan->self);
  return 0;
}

int clear(PyObject* self) {
  ColumnDescriptorObject* descriptor = descriptor_of(self);
  Py_CLEAR(descriptor->name);
  if (descriptor->plan != nullptr) {
    PyObject* plan = std::exchange(descriptor->plan, nullptr)->self;
    let_go(plan);
  }
  return 0;
}

void deallocate(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  clear(self);
  type->tp_free(self);
  let_go(type);
}

PyMethodDef methods[] = {
    {"__set_name__", guarded_method<"ColumnDescriptor.__set_name__", &set_name>, METH_VARARGS,
     "Remembers the attribute's name."},
    {nullptr, nullptr, 0, nullptr},
};
PyType_Slot slots[] = {
    {Py_tp_new, guarded_slot<"ColumnDescriptor.__new__", &create>},
    {Py_tp_descr_get, guarded_slot<"ColumnDescriptor.__get__", &get>},
    {Py_tp_descr_set, guarded_slot<"ColumnDescriptor.__set__", &set>},
    {Py_tp_traverse, guarded_slot<"ColumnDescriptor.traverse", &traverse>},
    {Py_tp_clear, guarded_slot<"ColumnDescriptor.clear", &clear>},
    {Py_tp_dealloc, guarded_slot<"ColumnDescriptor.dealloc", &deallocate>},
    {Py_tp_methods, methods},
    {0, nullptr},
};
PyType_Spec specification = {"bridgeorm._engine.ColumnDescriptor", sizeof(ColumnDescriptorObject), 0,
                             Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE, slots};

}  // namespace

bool add_column_descriptor_type(PyObject* module) {
  column_descriptor_type =
      reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&specification));  // SAFETY: it makes a type
  return column_descriptor_type != nullptr && PyModule_AddType(module, column_descriptor_type) == 0;
}

void attach_descriptor(ColumnDescriptorObject* descriptor, ModelPlan& plan, std::size_t column) {
  PyObject* former = descriptor->plan == nullptr ? nullptr : descriptor->plan->self;
  hold(plan.self);
  descriptor->plan = &plan;
  descriptor->column = column;
  let_go(former);
}

}  // namespace bridge::python
