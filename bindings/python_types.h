// The classes of Python's standard library that values are made of, looked up once.
#pragma once

#include <Python.h>

namespace bridge::python {

/// Borrowed for as long as the process lives; filled by `load_python_types`.
struct PythonTypes {
  PyTypeObject* decimal = nullptr;
  PyTypeObject* uuid = nullptr;
  PyObject* uuid_int_slot = nullptr;      ///< member descriptor of UUID.int
  PyObject* uuid_is_safe_slot = nullptr;  ///< member descriptor of UUID.is_safe
  PyObject* uuid_safety_unknown = nullptr;
  PyObject* ip_address = nullptr;
  PyObject* ip_interface = nullptr;
  PyTypeObject* ip_types[6] = {};          ///< address, interface and network of both versions
  PyObject* json_decode = nullptr;         ///< decode(text), refusing NaN and infinities
  PyObject* json_encode = nullptr;         ///< encode(value): compact, UTF-8 kept
  PyObject* json_encode_sorted = nullptr;  ///< the same with members in order of name: for comparing
  PyObject* cancelled_error = nullptr;
  PyObject* running_loop = nullptr;  ///< asyncio's _get_running_loop
};

extern PythonTypes python_types;

/// Interned names of what is called on futures and loops once per operation.
struct PythonNames {
  PyObject* create_future = nullptr;
  PyObject* call_soon = nullptr;
  PyObject* done = nullptr;
  PyObject* set_result = nullptr;
  PyObject* future_blocking = nullptr;  ///< how asyncio marks a future that is being awaited
};

extern PythonNames python_names;

/// Looks everything up and readies the datetime C API of every file that uses it. False with a Python error
/// set.
bool load_python_types();

}  // namespace bridge::python
