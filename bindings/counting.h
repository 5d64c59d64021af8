// Raw reference counts, each in one place: for what cannot be a Reference, such as slots of C structs and
// results of C callbacks.
#pragma once

#include <Python.h>

namespace bridge::python {

/// One more reference to `object`, owned by whoever takes it; null stays null. The interpreter lock is held.
inline PyObject* share(PyObject* object) {
  // SAFETY: the count goes up with the reference handed out, which its taker gives back by let_go, a
  // Reference or Py_CLEAR.
  return Py_XNewRef(object);
}

/// One more reference, for a pointer of another type that is kept elsewhere. The interpreter lock is held.
inline void hold(PyObject* object) {
  // SAFETY: given back by the let_go of whoever forgets the kept pointer.
  Py_INCREF(object);
}

/// Gives one owned reference back; null is nothing. May run any Python code. The interpreter lock is held.
inline void let_go(PyObject* object) {
  // SAFETY: the caller owned that reference and uses the pointer no more.
  Py_XDECREF(object);
}

inline void let_go(PyTypeObject* type) {
  // SAFETY: every type is an object; the count as above.
  let_go(reinterpret_cast<PyObject*>(type));
}

}  // namespace bridge::python
