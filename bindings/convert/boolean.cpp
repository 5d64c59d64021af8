// bool: nothing but True and False.
#include "bindings/convert/conversions.h"

#include "bindings/counting.h"

namespace bridge::python {
namespace {

bool encode(PyObject* object, const Target& target, types::Value& value) {
  if (!PyBool_Check(object)) return refuse_class(object, target);
  value = types::Value::of_bool(object == Py_True);
  return true;
}

class BoolReader final : public ObjectReader {
 public:
  using ObjectReader::ObjectReader;
  Status on_bool(bool value) override { return accept(share(value ? Py_True : Py_False)); }
};

}  // namespace

const Conversion kBoolConversion{encode, nullptr, make_reader_of<BoolReader>};

}  // namespace bridge::python
