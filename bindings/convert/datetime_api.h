// CPython's datetime C API, whose table every file would otherwise load for itself.
#pragma once

#include <Python.h>
#include <datetime.h>

namespace bridge::python {

/// The one table; valid after `load_datetime_api`.
extern PyDateTime_CAPI* datetime_api;

/// Loads the table. False with a Python error set.
bool load_datetime_api();

/// Exact classes, as subclasses may hold more than the database can.
inline bool is_exact_date(PyObject* object) { return Py_TYPE(object) == datetime_api->DateType; }
inline bool is_exact_datetime(PyObject* object) { return Py_TYPE(object) == datetime_api->DateTimeType; }
inline bool is_exact_time(PyObject* object) { return Py_TYPE(object) == datetime_api->TimeType; }
inline bool is_exact_timedelta(PyObject* object) { return Py_TYPE(object) == datetime_api->DeltaType; }

}  // namespace bridge::python
