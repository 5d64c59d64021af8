// Awaiting and waiting: one asyncio future per suspended await, woken when the operation has ended.
#include "bindings/pending_type.h"

#include <chrono>
#include <new>

#include "bindings/counting.h"
#include "bindings/ffi_guard.h"
#include "bindings/python_types.h"

namespace bridge::python {

PyTypeObject* pending_type = nullptr;

namespace {

/// The iterator of one await.
struct AwaitObject {
  PyObject_HEAD PendingObject* pending;
  PyObject* future;  ///< what it suspends on
};

PyTypeObject* await_type = nullptr;

PendingObject* pending_of(PyObject* self) {
  return reinterpret_cast<PendingObject*>(self);  // SAFETY: slots are called with objects of their type only
}
AwaitObject* await_of(PyObject* self) {
  return reinterpret_cast<AwaitObject*>(self);  // SAFETY: slots are called with objects of their type only
}

// A new reference to the result, or null with the exception raised.
PyObject* outcome_of(PendingObject* pending) {
  if (pending->exception == nullptr) {
    pending->is_taken = true;
    return share(pending->result);
  }
  // The traceback of an earlier raise is not part of this one.
  PyException_SetTraceback(pending->exception, Py_None);
  raise_exception(pending->exception);
  return nullptr;
}

// Ends the operation from this side. What it did so far is undone or drained by the engine.
void cancel_operation(PendingObject* pending) {
  if (pending->is_done || !pending->cancel) return;
  const auto cancel = std::exchange(pending->cancel, nullptr);
  cancel();
  pending->host->end_entry(false);
}

// A result that came too late for the one who left. The pending object may live on in a traceback, and must
// not keep what it holds, such as an open transaction, for as long.
void drop_untaken_result(PendingObject* pending) {
  if (!pending->is_done || pending->is_taken || pending->result == nullptr) return;
  pending->exception = PyObject_CallNoArgs(python_types.cancelled_error);
  if (pending->exception == nullptr)
    PyErr_WriteUnraisable(as_object(pending));
  else
    Py_CLEAR(pending->result);
}

// The awaiting caller leaves.
void abandon_await(AwaitObject* awaiting) {
  if (awaiting->pending == nullptr) return;
  cancel_operation(awaiting->pending);
  // Only an await that has suspended stands for a caller who would have taken the result.
  if (awaiting->future != nullptr) drop_untaken_result(awaiting->pending);
}

// The future to suspend on, marked as asyncio's own await marks it.
bool suspend(AwaitObject* awaiting) {
  PendingObject* pending = awaiting->pending;
  if (const Status status = pending->host->check(); !status) {
    raise_error(status.error());
    return false;
  }
  if (pending->futures == nullptr) pending->futures = PyList_New(0);
  Py_XSETREF(awaiting->future, pending->host->make_future());
  return pending->futures != nullptr && awaiting->future != nullptr &&
         PyList_Append(pending->futures, awaiting->future) == 0 &&
         PyObject_SetAttr(awaiting->future, python_names.future_blocking, Py_True) == 0;
}

PySendResult send_await(PyObject* self, PyObject* /*value*/, PyObject** result) {
  AwaitObject* awaiting = await_of(self);
  *result = nullptr;
  if (awaiting->pending == nullptr) {
    PyErr_SetString(PyExc_RuntimeError, "this await has ended");
    return PYGEN_ERROR;
  }
  Host& host = *awaiting->pending->host;
  if (awaiting->pending->is_done) {
    // Answers that come at once would keep every other task waiting: a bare yield lets them run.
    if (awaiting->future == nullptr && host.is_asyncio() && host.owes_turn()) {
      *result = share(Py_None);
      return PYGEN_NEXT;
    }
    *result = outcome_of(awaiting->pending);
    Py_CLEAR(awaiting->future);
    return *result == nullptr ? PYGEN_ERROR : PYGEN_RETURN;
  }
  if (!suspend(awaiting)) return PYGEN_ERROR;
  host.note_suspension();
  *result = share(awaiting->future);
  return PYGEN_NEXT;
}

// The generator protocol's way of returning.
PyObject* raise_stop_iteration(PyObject* result) {
  const Reference owned = Reference::steal(result);
  const Reference stop = Reference::steal(PyObject_CallOneArg(PyExc_StopIteration, owned.get()));
  if (stop) raise_exception(stop.get());
  return nullptr;
}

PyObject* next_await(PyObject* self) {
  PyObject* result = nullptr;
  switch (send_await(self, Py_None, &result)) {
    case PYGEN_NEXT:
      return result;
    case PYGEN_RETURN:
      return raise_stop_iteration(result);
    case PYGEN_ERROR:
      return nullptr;
  }
  return nullptr;
}

PyObject* send_method(PyObject* self, PyObject* /*value*/) { return next_await(self); }

// Raises what a generator's throw() was given: an instance, or a class with an optional value.
void raise_thrown(PyObject* type, PyObject* value) {
  if (PyExceptionInstance_Check(type)) {
    raise_exception(type);
  } else if (PyExceptionClass_Check(type)) {
    PyErr_SetObject(type, value == Py_None ? nullptr : value);
  } else {
    PyErr_SetString(PyExc_TypeError, "throw() takes an exception");
  }
}

constexpr Py_ssize_t kThrowArguments = 3;  // class, value, traceback

PyObject* throw_method(PyObject* self, PyObject* arguments) {
  PyObject* type = nullptr;
  PyObject* value = Py_None;
  PyObject* traceback = Py_None;
  if (PyArg_UnpackTuple(arguments, "throw", 1, kThrowArguments, &type, &value, &traceback) == 0)
    return nullptr;
  AwaitObject* awaiting = await_of(self);
  abandon_await(awaiting);
  Py_CLEAR(awaiting->future);
  raise_thrown(type, value);
  return nullptr;
}

PyObject* close_method(PyObject* self, PyObject* /*unused*/) {
  AwaitObject* awaiting = await_of(self);
  // Only an await that has suspended stands for a caller who now leaves.
  if (awaiting->future != nullptr) abandon_await(awaiting);
  Py_CLEAR(awaiting->future);
  Py_RETURN_NONE;
}

int traverse_await(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  AwaitObject* awaiting = await_of(self);
  if (awaiting->pending != nullptr) Py_VISIT(as_object(awaiting->pending));
  Py_VISIT(awaiting->future);
  return 0;
}

int clear_await(PyObject* self) {
  AwaitObject* awaiting = await_of(self);
  Py_CLEAR(awaiting->future);
  PendingObject* pending = std::exchange(awaiting->pending, nullptr);
  if (pending != nullptr) let_go(as_object(pending));
  return 0;
}

void deallocate_await(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  clear_await(self);
  type->tp_free(self);
  let_go(type);
}

PyObject* begin_await(PyObject* self) {
  PyObject* object = await_type->tp_alloc(await_type, 0);
  if (object != nullptr) await_of(object)->pending = pending_of(share(self));
  return object;
}

// How long an interrupted wait lets the engine clean up before the interrupt goes on.
constexpr std::chrono::seconds kDrainLimit{2};

// After a signal: the operation is let go of, and the interrupt raised again once the engine has drained it.
void abandon_wait(PendingObject* pending) {
  const Reference interrupt = take_raised_exception();
  cancel_operation(pending);
  const TimePoint give_up_at = pending->host->loop().now() + kDrainLimit;
  while (!pending->is_done && pending->host->loop().now() < give_up_at &&
         pending->host->wait_until(pending->is_done)) {
  }
  PyErr_Clear();
  raise_exception(interrupt.get());
}

PyObject* wait(PyObject* self, PyObject* /*unused*/) {
  PendingObject* pending = pending_of(self);
  const Reference alive = Reference::borrow(self);
  const bool was_started = static_cast<bool>(pending->cancel);
  if (!pending->host->wait_until(pending->is_done)) {
    if (was_started && PyErr_ExceptionMatches(PyExc_Exception) == 0) abandon_wait(pending);
    return nullptr;
  }
  return outcome_of(pending);
}

PyObject* cancel(PyObject* self, PyObject* /*unused*/) {
  PendingObject* pending = pending_of(self);
  if (!pending->is_done) {
    if (const Status status = pending->host->check(); !status) {
      raise_error(status.error());
      return nullptr;
    }
  }
  const Reference alive = Reference::borrow(self);
  cancel_operation(pending);
  Py_RETURN_NONE;
}

PyObject* get_done(PyObject* self, void* /*unused*/) {
  return PyBool_FromLong(pending_of(self)->is_done ? 1 : 0);
}

int refuse_truth(PyObject* /*self*/) {
  PyErr_SetString(PyExc_TypeError, "a pending result has no truth value: await it, or call wait()");
  return -1;
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  PendingObject* pending = pending_of(self);
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(pending->result);
  Py_VISIT(pending->exception);
  Py_VISIT(pending->futures);
  return 0;
}

int clear(PyObject* self) {
  PendingObject* pending = pending_of(self);
  Py_CLEAR(pending->result);
  Py_CLEAR(pending->exception);
  Py_CLEAR(pending->futures);
  return 0;
}

void deallocate(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  PendingObject* pending = pending_of(self);
  clear(self);
  using Cancel = std::function<void()>;
  pending->cancel.~Cancel();
  pending->host.~shared_ptr();
  type->tp_free(self);
  let_go(type);
}

PyMethodDef methods[] = {
    {"wait", guarded_method<"Pending.wait", &wait>, METH_NOARGS,
     "Waits for the result in a thread that may block."},
    {"cancel", guarded_method<"Pending.cancel", &cancel>, METH_NOARGS, "Lets go of the operation."},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyGetSetDef properties[] = {
    {"done", &GuardedSlot<"Pending.done", &get_done>::call, nullptr, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};
PyType_Slot slots[] = {
    {Py_am_await, guarded_slot<"Pending.__await__", &begin_await>},
    {Py_nb_bool, guarded_slot<"Pending.__bool__", &refuse_truth>},
    {Py_tp_traverse, guarded_slot<"Pending.traverse", &traverse>},
    {Py_tp_clear, guarded_slot<"Pending.clear", &clear>},
    {Py_tp_dealloc, guarded_slot<"Pending.dealloc", &deallocate>},
    {Py_tp_methods, methods},
    {Py_tp_getset, properties},
    {0, nullptr},
};
PyType_Spec specification = {"bridgeorm._engine.Pending", sizeof(PendingObject), 0,
                             Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
                             slots};

PyMethodDef await_methods[] = {
    {"send", guarded_method<"Pending.send", &send_method>, METH_O, nullptr},
    {"throw", guarded_method<"Pending.throw", &throw_method>, METH_VARARGS, nullptr},
    {"close", guarded_method<"Pending.close", &close_method>, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyType_Slot await_slots[] = {
    {Py_am_send, guarded_slot<"Pending.send", &send_await>},
    {Py_tp_iter,
     reinterpret_cast<void*>(&PyObject_SelfIter)},  // SAFETY: CPython keeps slots as void pointers
    {Py_tp_iternext, guarded_slot<"Pending.next", &next_await>},
    {Py_tp_traverse, guarded_slot<"Pending.await.traverse", &traverse_await>},
    {Py_tp_clear, guarded_slot<"Pending.await.clear", &clear_await>},
    {Py_tp_dealloc, guarded_slot<"Pending.await.dealloc", &deallocate_await>},
    {Py_tp_methods, await_methods},
    {0, nullptr},
};
PyType_Spec await_specification = {
    "bridgeorm._engine.PendingAwait", sizeof(AwaitObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION, await_slots};

// A future the task has cancelled in the meantime is left alone.
void wake(PyObject* future) {
  const Reference done = Reference::steal(PyObject_CallMethodNoArgs(future, python_names.done));
  if (done.get() == Py_False) {
    static_cast<void>(Reference::steal(PyObject_CallMethodOneArg(future, python_names.set_result, Py_None)));
  }
  if (PyErr_Occurred() != nullptr) PyErr_WriteUnraisable(future);
}

void finish(PendingObject* pending) {
  pending->is_done = true;
  pending->cancel = nullptr;
  const Reference futures = Reference::steal(std::exchange(pending->futures, nullptr));
  if (!futures || pending->host->is_closed()) return;
  for (Py_ssize_t index = 0; index < PyList_GET_SIZE(futures.get()); ++index)
    wake(PyList_GET_ITEM(futures.get(), index));
}

}  // namespace

bool add_pending_type(PyObject* module) {
  pending_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&specification));  // SAFETY: it makes a type
  await_type =
      reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&await_specification));  // SAFETY: it makes a type
  return pending_type != nullptr && await_type != nullptr && PyModule_AddType(module, pending_type) == 0;
}

PendingObject* make_pending(std::shared_ptr<Host> host) {
  PyObject* object = pending_type->tp_alloc(pending_type, 0);
  if (object == nullptr) return nullptr;
  PendingObject* pending = pending_of(object);
  new (&pending->host) std::shared_ptr<Host>(std::move(host));
  new (&pending->cancel) std::function<void()>();
  return pending;
}

void settle_pending(PendingObject* pending, Reference result) noexcept {
  if (pending->is_done) return;
  if (!result) return fail_pending(pending, take_raised_exception());
  pending->result = result.release();
  finish(pending);
}

void fail_pending(PendingObject* pending, Reference exception) noexcept {
  if (pending->is_done) return;
  if (!exception) exception = take_raised_exception();
  pending->exception = exception ? exception.release() : PyObject_CallNoArgs(PyExc_MemoryError);
  finish(pending);
}

void fail_pending(PendingObject* pending, const Error& error) noexcept {
  if (pending->is_done) return;
  if (error.code() == ErrorCode::kCancelled && pending->host->is_asyncio()) {
    fail_pending(pending, Reference::steal(PyObject_CallNoArgs(python_types.cancelled_error)));
  } else {
    fail_pending(pending, Reference::steal(make_exception(error)));
  }
}

}  // namespace bridge::python
