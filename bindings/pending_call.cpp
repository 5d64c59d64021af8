// The wrapper type: everything a coroutine can be asked for is asked of the one inside.
#include "bindings/pending_call.h"

#include "bindings/counting.h"
#include "bindings/ffi_guard.h"
#include "bindings/reference.h"

namespace bridge::python {
namespace {

struct PendingCallObject {
  PyObject_HEAD PyObject* coroutine;  ///< never null, but while the collector takes the object apart
};

PyTypeObject* pending_call_type = nullptr;

PyObject*& coroutine_of(PyObject* self) {
  // SAFETY: slots are called with objects of their type only
  return reinterpret_cast<PendingCallObject*>(self)->coroutine;
}

// The coroutine, for as long as it is busy: what it runs may drop the last reference to its wrapper.
Reference borrow_coroutine(PyObject* self) {
  Reference coroutine = Reference::borrow(coroutine_of(self));
  if (!coroutine) PyErr_SetString(PyExc_RuntimeError, "this coroutine has been taken apart");
  return coroutine;
}

PyObject* create(PyTypeObject* type, PyObject* arguments, PyObject* keywords) {
  PyObject* coroutine = nullptr;
  if (keywords != nullptr && PyDict_GET_SIZE(keywords) > 0) {
    PyErr_SetString(PyExc_TypeError, "a pending call takes a coroutine, not by keyword");
    return nullptr;
  }
  if (PyArg_UnpackTuple(arguments, "PendingCall", 1, 1, &coroutine) == 0) return nullptr;
  if (PyCoro_CheckExact(coroutine) == 0) {
    PyErr_SetString(PyExc_TypeError, "a pending call takes a coroutine");
    return nullptr;
  }
  PyObject* self = type->tp_alloc(type, 0);
  if (self != nullptr) coroutine_of(self) = share(coroutine);
  return self;
}

PyObject* begin_await(PyObject* self) {
  const Reference coroutine = borrow_coroutine(self);
  return coroutine ? Py_TYPE(coroutine.get())->tp_as_async->am_await(coroutine.get()) : nullptr;
}

PySendResult send_on(PyObject* self, PyObject* value, PyObject** result) {
  *result = nullptr;
  const Reference coroutine = borrow_coroutine(self);
  return coroutine ? PyIter_Send(coroutine.get(), value, result) : PYGEN_ERROR;
}

// Asks the coroutine for one of its methods.
PyObject* call_method(PyObject* self, const char* name, PyObject* arguments) {
  const Reference coroutine = borrow_coroutine(self);
  if (!coroutine) return nullptr;
  const Reference method = Reference::steal(PyObject_GetAttrString(coroutine.get(), name));
  return method ? PyObject_CallObject(method.get(), arguments) : nullptr;
}

PyObject* send_method(PyObject* self, PyObject* arguments) { return call_method(self, "send", arguments); }
PyObject* throw_method(PyObject* self, PyObject* arguments) { return call_method(self, "throw", arguments); }
PyObject* close_method(PyObject* self, PyObject* /*unused*/) { return call_method(self, "close", nullptr); }

PyObject* represent(PyObject* self) {
  const Reference coroutine = borrow_coroutine(self);
  if (!coroutine) return nullptr;
  const Reference name = Reference::steal(PyObject_GetAttrString(coroutine.get(), "__name__"));
  return name ? PyUnicode_FromFormat("<pending %U>", name.get()) : nullptr;
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(coroutine_of(self));
  return 0;
}

int clear(PyObject* self) {
  Py_CLEAR(coroutine_of(self));
  return 0;
}

void deallocate(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  Py_CLEAR(coroutine_of(self));
  type->tp_free(self);
  let_go(type);
}

PyMethodDef methods[] = {
    {"send", guarded_method<"PendingCall.send", &send_method>, METH_VARARGS,
     "Goes on until the next suspension."},
    {"throw", guarded_method<"PendingCall.throw", &throw_method>, METH_VARARGS,
     "Raises inside the coroutine."},
    {"close", guarded_method<"PendingCall.close", &close_method>, METH_NOARGS,
     "Ends the coroutine where it stands."},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyType_Slot slots[] = {
    {Py_tp_new, guarded_slot<"PendingCall.__new__", &create>},
    {Py_am_await, guarded_slot<"PendingCall.__await__", &begin_await>},
    {Py_am_send, guarded_slot<"PendingCall.am_send", &send_on>},
    {Py_tp_repr, guarded_slot<"PendingCall.__repr__", &represent>},
    {Py_tp_traverse, guarded_slot<"PendingCall.traverse", &traverse>},
    {Py_tp_clear, guarded_slot<"PendingCall.clear", &clear>},
    {Py_tp_dealloc, guarded_slot<"PendingCall.dealloc", &deallocate>},
    {Py_tp_methods, methods},
    {0, nullptr},
};
PyType_Spec specification = {"bridgeorm._engine.PendingCall", sizeof(PendingCallObject), 0,
                             Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE, slots};

}  // namespace

bool add_pending_call_type(PyObject* module) {
  pending_call_type =
      reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&specification));  // SAFETY: it makes a type
  return pending_call_type != nullptr && PyModule_AddType(module, pending_call_type) == 0;
}

}  // namespace bridge::python
