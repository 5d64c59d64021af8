// Integers of 16, 32 and 64 bits: exact ints within their range, bool is none.
#include <cstdint>
#include <limits>

#include "bindings/convert/conversions.h"

namespace bridge::python {
namespace {

template <typename Narrow>
bool fits(std::int64_t number) {
  return number >= std::numeric_limits<Narrow>::min() && number <= std::numeric_limits<Narrow>::max();
}

bool is_in_range(types::StorageType type, std::int64_t number) {
  if (type == types::StorageType::kInt16) return fits<std::int16_t>(number);
  if (type == types::StorageType::kInt32) return fits<std::int32_t>(number);
  return true;
}

bool encode(PyObject* object, const Target& target, types::Value& value) {
  if (!PyLong_CheckExact(object)) return refuse_class(object, target);
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
  if (overflow != 0 || !is_in_range(target.type.storage, number)) {
    return refuse_value(target, "the int is out of range for " + describe(target.type));
  }
  value = types::Value::of_integer(target.type.storage, number);
  return true;
}

class IntegerReader final : public ObjectReader {
 public:
  using ObjectReader::ObjectReader;
  Status on_integer(std::int64_t value) override { return accept(PyLong_FromLongLong(value)); }
};

}  // namespace

const Conversion kIntegerConversion{encode, nullptr, make_reader_of<IntegerReader>};

}  // namespace bridge::python
