// bytes: bytes, bytearray and memoryview going out, bytes coming in.
#include "bindings/convert/conversions.h"

#include "bindings/counting.h"

namespace bridge::python {
namespace {

bool is_accepted(PyObject* object) {
  return PyBytes_CheckExact(object) || PyByteArray_CheckExact(object) || PyMemoryView_Check(object);
}

bool encode(PyObject* object, const Target& target, types::Value& value) {
  if (!is_accepted(object)) return refuse_class(object, target);
  Py_buffer view;
  if (PyObject_GetBuffer(object, &view, PyBUF_SIMPLE) != 0)
    return refuse_value_from_current(target, "the buffer is not contiguous");
  std::string copied(static_cast<const char*>(view.buf), static_cast<std::size_t>(view.len));
  PyBuffer_Release(&view);
  value = types::Value::of_text(types::StorageType::kBytes, std::move(copied));
  return true;
}

// A copy: whoever holds the bytearray may change it later.
PyObject* keep(PyObject* object, const Target& target) {
  if (PyBytes_CheckExact(object)) return share(object);
  types::Value value;
  if (!encode(object, target, value)) return nullptr;
  return PyBytes_FromStringAndSize(value.text.data(), static_cast<Py_ssize_t>(value.text.size()));
}

class BytesReader final : public ObjectReader {
 public:
  using ObjectReader::ObjectReader;
  Status on_bytes(ByteSpan bytes) override {
    const std::string_view view = to_text(bytes);
    return accept(PyBytes_FromStringAndSize(view.data(), static_cast<Py_ssize_t>(view.size())));
  }
};

}  // namespace

const Conversion kBytesConversion{encode, keep, make_reader_of<BytesReader>};

}  // namespace bridge::python
