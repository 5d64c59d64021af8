// What a verb returns: a coroutine in a wrapper that costs next to nothing.
#pragma once

#include <Python.h>

namespace bridge::python {

/// Makes the type and adds it to the module.
bool add_pending_call_type(PyObject* module);

}  // namespace bridge::python
