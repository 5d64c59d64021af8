// IP addresses: the six classes of `ipaddress`; what has a prefix comes back as an interface, the rest as an
// address.
#include <algorithm>
#include <span>

#include "bindings/convert/conversions.h"
#include "bindings/python_types.h"
#include "bindings/reference.h"

namespace bridge::python {
namespace {

bool encode(PyObject* object, const Target& target, types::Value& value) {
  const std::span<PyTypeObject* const> accepted(python_types.ip_types);
  if (std::find(accepted.begin(), accepted.end(), Py_TYPE(object)) == accepted.end())
    return refuse_class(object, target);
  const Reference text = Reference::steal(PyObject_Str(object));
  if (!text) return refuse_value_from_current(target, "the address is broken");
  std::string characters;
  if (!copy_text(text.get(), target, characters)) return false;
  value = types::Value::of_text(types::StorageType::kInet, std::move(characters));
  return true;
}

class InetReader final : public ObjectReader {
 public:
  using ObjectReader::ObjectReader;
  Status on_inet(std::string_view address) override {
    const Reference text = Reference::steal(
        PyUnicode_DecodeASCII(address.data(), static_cast<Py_ssize_t>(address.size()), nullptr));
    if (!text) return accept(nullptr);
    const bool has_prefix = address.find('/') != std::string_view::npos;
    return accept(
        PyObject_CallOneArg(has_prefix ? python_types.ip_interface : python_types.ip_address, text.get()));
  }
};

}  // namespace

const Conversion kInetConversion{encode, nullptr, make_reader_of<InetReader>};

}  // namespace bridge::python
