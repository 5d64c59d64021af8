// float: finite floats, and ints that a float holds exactly.
#include <cmath>

#include "bindings/convert/conversions.h"
#include "bindings/counting.h"
#include "bindings/reference.h"

namespace bridge::python {
namespace {

// Answers whether the int survived; a Python error is set only for lack of memory.
bool to_exact_real(PyObject* integer, double& real) {
  real = PyLong_AsDouble(integer);
  if (real == -1.0 && PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    return false;
  }
  const Reference back = Reference::steal(PyLong_FromDouble(real));
  return back && PyObject_RichCompareBool(integer, back.get(), Py_EQ) == 1;
}

bool read(PyObject* object, const Target& target, double& real) {
  if (PyFloat_CheckExact(object)) {
    real = PyFloat_AS_DOUBLE(object);
    return std::isfinite(real) || refuse_value(target, "NaN and infinities are refused");
  }
  if (!PyLong_CheckExact(object)) return refuse_class(object, target);
  return to_exact_real(object, real) || refuse_value(target, "the int has no exact float");
}

bool encode(PyObject* object, const Target& target, types::Value& value) {
  double real = 0;
  if (!read(object, target, real)) return false;
  value = types::Value::of_real(real);
  return true;
}

PyObject* keep(PyObject* object, const Target& target) {
  double real = 0;
  if (!read(object, target, real)) return nullptr;
  return PyFloat_CheckExact(object) ? share(object) : PyFloat_FromDouble(real);
}

class RealReader final : public ObjectReader {
 public:
  using ObjectReader::ObjectReader;
  Status on_real(double value) override { return accept(PyFloat_FromDouble(value)); }
};

}  // namespace

const Conversion kRealConversion{encode, keep, make_reader_of<RealReader>};

}  // namespace bridge::python
