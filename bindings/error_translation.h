// Turns the engine's errors into the Python classes registered for their codes.
#pragma once

#include <Python.h>

#include <string>

#include "engine/base/error.h"

namespace bridge::python {

/// Remembers the class raised for each error code named in `classes` (a dict). Names the engine does not know
/// are left aside: Python alone raises those. False with TypeError set when a name is no str or a value no
/// exception class.
bool register_error_classes(PyObject* classes);

/// The exception for an error, as a new reference; null with a Python error set when it could not be made.
PyObject* make_exception(const Error& error) noexcept;
/// Raises the exception for an error.
void raise_error(const Error& error) noexcept;
/// Shortest way to raise one.
void raise_error(ErrorCode code, std::string message) noexcept;
/// Raises the exception for `code` with the exception raised now as its cause; exceptions that are no errors
/// (KeyboardInterrupt, lack of memory) stay as they are.
void raise_error_from_current(ErrorCode code, std::string message) noexcept;

}  // namespace bridge::python
