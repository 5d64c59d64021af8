// The hot type: the awaitable result of one operation.
#pragma once

#include <Python.h>

#include <functional>
#include <memory>

#include "bindings/host.h"
#include "bindings/reference.h"
#include "engine/base/error.h"

namespace bridge::python {

/// Done once; whoever awaits or waits then gets the same result or exception, without suspending. Whoever
/// leaves a suspended await cancels it for all: in flight the operation, afterwards a result that nobody
/// took.
struct PendingObject {
  PyObject_HEAD std::shared_ptr<Host> host;
  std::function<void()> cancel;  ///< lets go of the operation in flight; empty once done
  PyObject* result;
  PyObject* exception;
  PyObject* futures;  ///< list of asyncio futures to wake, made with the first suspended await
  bool is_done;
  bool is_taken;  ///< somebody was handed the result
};

extern PyTypeObject* pending_type;

bool add_pending_type(PyObject* module);
/// A new pending result; null with a Python error set.
PendingObject* make_pending(std::shared_ptr<Host> host);
/// Ends it well; a second ending is ignored. Never raises.
void settle_pending(PendingObject* pending, Reference result) noexcept;
/// Ends it with an exception.
void fail_pending(PendingObject* pending, Reference exception) noexcept;
/// Ends it with an error of the engine, translated.
void fail_pending(PendingObject* pending, const Error& error) noexcept;

inline PyObject* as_object(PendingObject* pending) {
  // SAFETY: begins with PyObject_HEAD
  return reinterpret_cast<PyObject*>(pending);
}

}  // namespace bridge::python
