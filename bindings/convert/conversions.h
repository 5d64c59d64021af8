// What each storage type's file offers to the table in convert.cpp.
#pragma once

#include "bindings/convert/convert.h"

namespace bridge::python {

/// `encode` checks an object that is not None and makes its value; `keep` gives what an attribute holds
/// (null: the object itself, once `encode` has accepted it).
struct Conversion {
  bool (*encode)(PyObject* object, const Target& target, types::Value& value);
  PyObject* (*keep)(PyObject* object, const Target& target);
  std::unique_ptr<ObjectReader> (*make_reader)(const types::ColumnType& type);
};

extern const Conversion kBoolConversion;
extern const Conversion kIntegerConversion;
extern const Conversion kRealConversion;
extern const Conversion kDecimalConversion;
extern const Conversion kTextConversion;
extern const Conversion kBytesConversion;
extern const Conversion kDateConversion;
extern const Conversion kTimeConversion;
extern const Conversion kTimestampConversion;
extern const Conversion kTimestampUtcConversion;
extern const Conversion kIntervalConversion;
extern const Conversion kUuidConversion;
extern const Conversion kJsonConversion;
extern const Conversion kInetConversion;
extern const Conversion kArrayConversion;

template <typename Reader>
std::unique_ptr<ObjectReader> make_reader_of(const types::ColumnType& type) {
  return std::make_unique<Reader>(type);
}

/// Text made of a str with no lone surrogates; false with ValidationError set.
bool copy_text(PyObject* text, const Target& target, std::string& into);

/// The Python object of a JSON text; null with a Python error set.
PyObject* parse_json(PyObject* text);

}  // namespace bridge::python
