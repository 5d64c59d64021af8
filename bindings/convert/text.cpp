// str: exact class, no lone surrogates, no NUL, at most so many code points.
#include <cstring>

#include "bindings/convert/conversions.h"

namespace bridge::python {
namespace {

bool encode(PyObject* object, const Target& target, types::Value& value) {
  if (!PyUnicode_CheckExact(object)) return refuse_class(object, target);
  const auto length = static_cast<std::size_t>(PyUnicode_GET_LENGTH(object));
  if (target.type.max_length != 0 && length > target.type.max_length) {
    return refuse_value(target, "the str is longer than " + describe(target.type));
  }
  std::string characters;
  if (!copy_text(object, target, characters)) return false;
  if (std::memchr(characters.data(), 0, characters.size()) != nullptr)
    return refuse_value(target, "the str contains a NUL character");
  value = types::Value::of_text(std::move(characters));
  return true;
}

class TextReader final : public ObjectReader {
 public:
  using ObjectReader::ObjectReader;
  Status on_text(std::string_view text) override {
    return accept(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), nullptr));
  }
};

}  // namespace

bool copy_text(PyObject* text, const Target& target, std::string& into) {
  Py_ssize_t size = 0;
  const char* characters = PyUnicode_AsUTF8AndSize(text, &size);
  if (characters == nullptr) return refuse_value_from_current(target, "the str contains a lone surrogate");
  into.assign(characters, static_cast<std::size_t>(size));
  return true;
}

const Conversion kTextConversion{encode, nullptr, make_reader_of<TextReader>};

}  // namespace bridge::python
