// Decimal: finite, and only what fits precision and scale without rounding; ints are exact decimals.
#include <string_view>

#include "bindings/convert/conversions.h"
#include "bindings/counting.h"
#include "bindings/python_types.h"
#include "bindings/reference.h"
#include "engine/types/decimal.h"

namespace bridge::python {
namespace {

// Beyond it plain notation of a short number would be longer than any database takes.
constexpr long kMaxExponent = static_cast<long>(types::kMaxDecimalDigits);

constexpr std::string_view kUnreadable = "the Decimal cannot be read";

// Keeps `Decimal("1E+1000000")` from becoming a megabyte of zeroes.
bool has_sane_exponent(PyObject* object, const Target& target) {
  const ScopedReference exponent = ScopedReference::steal(PyObject_CallMethod(object, "adjusted", nullptr));
  if (!exponent) return refuse_value_from_current(target, kUnreadable);
  const long adjusted = PyLong_AsLong(exponent.get());
  if (adjusted == -1 && PyErr_Occurred() != nullptr) return refuse_value_from_current(target, kUnreadable);
  return (adjusted <= kMaxExponent && adjusted >= -kMaxExponent) ||
         refuse_value(target, "the Decimal is out of range");
}

// Plain notation of a Decimal, or the text that says it is none.
bool format_plain(PyObject* object, const Target& target, std::string& digits) {
  const ScopedReference specification = ScopedReference::steal(PyUnicode_FromString("f"));
  const Reference text =
      specification ? Reference::steal(PyObject_Format(object, specification.get())) : Reference();
  if (!text) return refuse_value_from_current(target, kUnreadable);
  return copy_text(text.get(), target, digits);
}

// Drops what stands in front of the digits and carries no value: the sign of zero.
void normalise_zero(std::string& digits) {
  if (digits.starts_with('-') && digits.find_first_not_of("-0.") == std::string::npos) digits.erase(0, 1);
}

bool fits(std::string_view digits, const types::ColumnType& type) {
  if (type.precision == 0) return true;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  const std::size_t point = digits.find('.');
  std::string_view whole = digits.substr(0, point);
  std::string_view fraction = point == std::string_view::npos ? std::string_view{} : digits.substr(point + 1);
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  return fraction.size() <= type.scale && whole.size() + type.scale <= type.precision;
}

// Most Decimals are written plainly as they are, and str() is the cheapest way to write them.
bool is_plain_as_text(PyObject* object, const Target& target, std::string& digits) {
  const ScopedReference text = ScopedReference::steal(PyObject_Str(object));
  if (!text) {
    PyErr_Clear();  // the thorough way will say what is wrong with it
    return false;
  }
  return copy_text(text.get(), target, digits) && types::is_plain_decimal(digits);
}

bool read_decimal(PyObject* object, const Target& target, std::string& digits) {
  if (is_plain_as_text(object, target, digits)) {
    normalise_zero(digits);
    return true;
  }
  if (!has_sane_exponent(object, target) || !format_plain(object, target, digits)) return false;
  normalise_zero(digits);
  if (!types::is_plain_decimal(digits))
    return refuse_value(target, "NaN, infinities and over-long Decimals are refused");
  return true;
}

bool read_integer(PyObject* object, const Target& target, std::string& digits) {
  const ScopedReference text = ScopedReference::steal(
      PyObject_Str(object));  // refuses more digits than sys.set_int_max_str_digits allows
  if (!text) return refuse_value_from_current(target, "the int is out of range");
  if (!copy_text(text.get(), target, digits)) return false;
  return types::is_plain_decimal(digits) || refuse_value(target, "the int is out of range");
}

bool encode(PyObject* object, const Target& target, types::Value& value) {
  std::string digits;
  if (PyLong_CheckExact(object)) {
    if (!read_integer(object, target, digits)) return false;
  } else if (Py_TYPE(object) == python_types.decimal) {
    if (!read_decimal(object, target, digits)) return false;
  } else {
    return refuse_class(object, target);
  }
  if (!fits(digits, target.type))
    return refuse_value(target, "the number does not fit " + describe(target.type) + " without rounding");
  value = types::Value::of_text(types::StorageType::kDecimal, std::move(digits));
  return true;
}

PyObject* keep(PyObject* object, const Target& target) {
  types::Value unused;
  if (!encode(object, target, unused)) return nullptr;
  if (!PyLong_CheckExact(object)) return share(object);
  // SAFETY: every type is an object
  return PyObject_CallOneArg(reinterpret_cast<PyObject*>(python_types.decimal), object);
}

class DecimalReader final : public ObjectReader {
 public:
  using ObjectReader::ObjectReader;
  Status on_decimal(std::string_view digits) override {
    const ScopedReference text = ScopedReference::steal(
        PyUnicode_DecodeASCII(digits.data(), static_cast<Py_ssize_t>(digits.size()), nullptr));
    if (!text) return accept(nullptr);
    // SAFETY: every type is an object
    return accept(PyObject_CallOneArg(reinterpret_cast<PyObject*>(python_types.decimal), text.get()));
  }
};

}  // namespace

const Conversion kDecimalConversion{encode, keep, make_reader_of<DecimalReader>};

}  // namespace bridge::python
