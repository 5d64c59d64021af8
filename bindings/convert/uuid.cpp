// UUID: exact class, built without its constructor, which would parse and check again.
#include "bindings/convert/conversions.h"
#include "bindings/python_types.h"
#include "bindings/reference.h"

namespace bridge::python {
namespace {

constexpr std::size_t kUuidSize = std::tuple_size_v<types::UuidBytes>;

int to_bytes_of_integer(PyObject* integer, types::UuidBytes& bytes) {
  auto* const number = reinterpret_cast<PyLongObject*>(integer);  // SAFETY: the caller checked PyLong
#if PY_VERSION_HEX >= 0x030D0000
  return _PyLong_AsByteArray(number, bytes.data(), kUuidSize, 0, 0, 1);
#else
  return _PyLong_AsByteArray(number, bytes.data(), kUuidSize, 0, 0);
#endif
}

bool encode(PyObject* object, const Target& target, types::Value& value) {
  if (Py_TYPE(object) != python_types.uuid) return refuse_class(object, target);
  PyObject* const slot = python_types.uuid_int_slot;
  const ScopedReference integer = ScopedReference::steal(Py_TYPE(slot)->tp_descr_get(slot, object, nullptr));
  types::UuidBytes bytes{};
  if (!integer || !PyLong_Check(integer.get()) || to_bytes_of_integer(integer.get(), bytes) != 0) {
    return refuse_value_from_current(target, "the UUID is broken");
  }
  value = types::Value::of_uuid(bytes);
  return true;
}

bool set_slot(PyObject* slot, PyObject* object, PyObject* value) {
  return Py_TYPE(slot)->tp_descr_set(slot, object, value) == 0;
}

PyObject* make_uuid(const types::UuidBytes& bytes) {
  const ScopedReference integer =
      ScopedReference::steal(_PyLong_FromByteArray(bytes.data(), kUuidSize, 0, 0));
  Reference object = Reference::steal(python_types.uuid->tp_alloc(python_types.uuid, 0));
  // UUID refuses __setattr__; its slots do not.
  if (!integer || !object || !set_slot(python_types.uuid_int_slot, object.get(), integer.get()) ||
      !set_slot(python_types.uuid_is_safe_slot, object.get(), python_types.uuid_safety_unknown)) {
    return nullptr;
  }
  if (PyObject_GC_IsTracked(object.get()) == 1)
    PyObject_GC_UnTrack(object.get());  // an int and an enum member make no cycle
  return object.release();
}

class UuidReader final : public ObjectReader {
 public:
  using ObjectReader::ObjectReader;
  Status on_uuid(const types::UuidBytes& value) override { return accept(make_uuid(value)); }
};

}  // namespace

const Conversion kUuidConversion{encode, nullptr, make_reader_of<UuidReader>};

}  // namespace bridge::python
