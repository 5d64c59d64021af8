// One strong reference to a Python object, safe to drop from any thread.
#pragma once

#include <Python.h>

#include <utility>

#include "bindings/counting.h"
#include "bindings/gil.h"

namespace bridge::python {

/// Owns one reference. Copying and reading need the interpreter lock; destroying takes it where it is not
/// held, and leaks once the interpreter is gone.
class Reference {
 public:
  Reference() = default;
  static Reference steal(PyObject* object) { return Reference(object); }
  static Reference borrow(PyObject* object) { return Reference(share(object)); }
  Reference(const Reference& other) : object_(share(other.object_)) {}
  Reference(Reference&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Reference& operator=(Reference other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Reference() { reset(); }

  PyObject* get() const { return object_; }
  PyObject* release() { return std::exchange(object_, nullptr); }
  PyObject* new_reference() const { return share(object_); }
  explicit operator bool() const { return object_ != nullptr; }

  void reset() noexcept {
    PyObject* object = std::exchange(object_, nullptr);
    if (object == nullptr || !may_touch_python()) return;
    if (PyGILState_Check() == 1) {
      let_go(object);
      return;
    }
    const GilHeld gil;
    let_go(object);
  }

 private:
  explicit Reference(PyObject* object) : object_(object) {}
  PyObject* object_ = nullptr;
};

/// The same within one scope, throughout which the lock is held: costs no question who holds it. For what is
/// done for every value of every row.
class ScopedReference {
 public:
  static ScopedReference steal(PyObject* object) { return ScopedReference(object); }
  static ScopedReference borrow(PyObject* object) { return ScopedReference(share(object)); }
  ScopedReference(const ScopedReference&) = delete;
  ScopedReference& operator=(const ScopedReference&) = delete;
  ~ScopedReference() { let_go(object_); }

  PyObject* get() const { return object_; }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  explicit ScopedReference(PyObject* object) : object_(object) {}
  PyObject* object_;
};

/// Takes the raised exception out of the interpreter as an object; empty where none is raised.
inline Reference take_raised_exception() {
#if PY_VERSION_HEX >= 0x030C0000
  return Reference::steal(PyErr_GetRaisedException());
#else
  PyObject* type = nullptr;
  PyObject* value = nullptr;
  PyObject* traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  if (type == nullptr) return {};
  PyErr_NormalizeException(&type, &value, &traceback);
  if (traceback != nullptr) PyException_SetTraceback(value, traceback);
  let_go(traceback);
  let_go(type);
  return Reference::steal(value);
#endif
}

/// Raises `exception` itself.
inline void raise_exception(PyObject* exception) {
  // SAFETY: every type is an object
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception)), exception);
}

}  // namespace bridge::python
