// JSON: dict, list, str, int, float, bool and None of exact classes, names that are str, bounded depth, no
// NaN.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include "bindings/convert/conversions.h"
#include "bindings/counting.h"
#include "bindings/python_types.h"
#include "bindings/reference.h"
#include "engine/base/limits.h"

namespace bridge::python {
namespace {

bool check_document(PyObject* object, const Target& target, std::size_t depth);

constexpr std::string_view kLoneSurrogate = "the JSON document contains a lone surrogate";

bool is_encodable(PyObject* text) {
  if (PyUnicode_IS_ASCII(text) || PyUnicode_AsUTF8(text) != nullptr) return true;
  PyErr_Clear();
  return false;
}

bool check_members(PyObject* dict, const Target& target, std::size_t depth) {
  PyObject* name = nullptr;
  PyObject* member = nullptr;
  Py_ssize_t position = 0;
  while (PyDict_Next(dict, &position, &name, &member) != 0) {
    if (!PyUnicode_CheckExact(name)) return refuse_value(target, "a name in the JSON document is no str");
    if (!is_encodable(name)) return refuse_value(target, kLoneSurrogate);
    if (!check_document(member, target, depth)) return false;
  }
  return true;
}

bool check_elements(PyObject* list, const Target& target, std::size_t depth) {
  for (Py_ssize_t index = 0; index < PyList_GET_SIZE(list); ++index) {
    if (!check_document(PyList_GET_ITEM(list, index), target, depth)) return false;
  }
  return true;
}

// No Python code runs in here, so that nothing changes under the walk. A cycle ends at the depth limit.
bool check_document(PyObject* object, const Target& target, std::size_t depth) {
  if (PyUnicode_CheckExact(object)) return is_encodable(object) || refuse_value(target, kLoneSurrogate);
  if (PyLong_CheckExact(object) || PyBool_Check(object) || object == Py_None) return true;
  if (PyFloat_CheckExact(object)) {
    return std::isfinite(PyFloat_AS_DOUBLE(object)) || refuse_value(target, "NaN and infinities are no JSON");
  }
  if (depth >= kMaxJsonDepth) return refuse_value(target, "the JSON document is nested too deeply");
  if (PyDict_CheckExact(object)) return check_members(object, target, depth + 1);
  if (PyList_CheckExact(object)) return check_elements(object, target, depth + 1);
  return refuse_class(object, target);
}

// The number with all its digits, the point after them, and a zero: jsonb makes 1e+16 the integer it equals.
void append_plain(std::string& text, std::string_view number) {
  double value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
  char digits[std::numeric_limits<double>::max_exponent10 + std::numeric_limits<double>::max_digits10];
  const auto written = std::to_chars(std::begin(digits), std::end(digits), value, std::chars_format::fixed);
  if (read.ec != std::errc{} || written.ec != std::errc{}) {
    text += number;
    return;
  }
  text.append(std::begin(digits), written.ptr);
  text += ".0";
}

constexpr std::string_view kNumberCharacters = "0123456789+-.e";

// Writes numbers like 1e+16 out. The text is what Python's encoder made, so numbers begin where it says.
std::string with_plain_numbers(const std::string& json) {
  std::string text;
  bool is_in_string = false;
  for (std::size_t place = 0; place < json.size();) {
    const char character = json[place];
    const bool is_number = !is_in_string && (character == '-' || (character >= '0' && character <= '9'));
    std::size_t end = place + 1;
    if (is_number) {
      end = std::min(json.find_first_not_of(kNumberCharacters, place), json.size());
      const std::string_view number = std::string_view(json).substr(place, end - place);
      if (number.find("e+") != std::string_view::npos)
        append_plain(text, number);
      else
        text += number;
    } else {
      if (character == '"') is_in_string = !is_in_string;
      if (is_in_string && character == '\\' && end < json.size()) ++end;
      text.append(json, place, end - place);
    }
    place = end;
  }
  return text;
}

bool encode(PyObject* object, const Target& target, types::Value& value) {
  if (!check_document(object, target, 0)) return false;
  const Reference text = Reference::steal(PyObject_CallOneArg(python_types.json_encode, object));
  if (!text) return refuse_value_from_current(target, "the JSON document cannot be written");
  std::string characters;
  if (!copy_text(text.get(), target, characters)) return false;
  if (characters.find("e+") != std::string::npos) characters = with_plain_numbers(characters);
  value = types::Value::of_text(types::StorageType::kJson, std::move(characters));
  return true;
}

PyObject* keep(PyObject* object, const Target& target) {
  return check_document(object, target, 0) ? share(object) : nullptr;
}

// Depth is counted before parsing: Python's parser recurses.
bool is_too_deep(PyObject* text) {
  std::size_t depth = 0;
  bool is_in_string = false;
  const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
  const int kind = PyUnicode_KIND(text);
  const void* characters = PyUnicode_DATA(text);
  for (Py_ssize_t index = 0; index < length; ++index) {
    const Py_UCS4 character = PyUnicode_READ(kind, characters, index);
    if (is_in_string) {
      if (character == '\\')
        ++index;
      else if (character == '"')
        is_in_string = false;
    } else if (character == '"') {
      is_in_string = true;
    } else if (character == '{' || character == '[') {
      if (++depth > kMaxJsonDepth) return true;
    } else if ((character == '}' || character == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

class JsonReader final : public ObjectReader {
 public:
  using ObjectReader::ObjectReader;
  Status on_json(std::string_view json) override {
    const Reference text =
        Reference::steal(PyUnicode_DecodeUTF8(json.data(), static_cast<Py_ssize_t>(json.size()), nullptr));
    return accept(text ? parse_json(text.get()) : nullptr);
  }
};

}  // namespace

PyObject* parse_json(PyObject* text) {
  if (is_too_deep(text)) {
    PyErr_SetString(PyExc_ValueError, "the stored JSON is nested too deeply");
    return nullptr;
  }
  return PyObject_CallOneArg(python_types.json_decode, text);
}

const Conversion kJsonConversion{encode, keep, make_reader_of<JsonReader>};

}  // namespace bridge::python
