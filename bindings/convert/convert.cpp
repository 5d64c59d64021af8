// The table of conversions, and what all of them share.
#include "bindings/convert/convert.h"

#include "bindings/convert/conversions.h"
#include "bindings/convert/datetime_api.h"
#include "bindings/counting.h"
#include "bindings/error_translation.h"
#include "bindings/python_types.h"

namespace bridge::python {
namespace {

const Conversion& conversion_of(types::StorageType type) {
  using types::StorageType;
  switch (type) {
    case StorageType::kBool:
      return kBoolConversion;
    case StorageType::kInt16:
    case StorageType::kInt32:
    case StorageType::kInt64:
      return kIntegerConversion;
    case StorageType::kFloat64:
      return kRealConversion;
    case StorageType::kDecimal:
      return kDecimalConversion;
    case StorageType::kText:
      return kTextConversion;
    case StorageType::kBytes:
      return kBytesConversion;
    case StorageType::kDate:
      return kDateConversion;
    case StorageType::kTime:
      return kTimeConversion;
    case StorageType::kTimestamp:
      return kTimestampConversion;
    case StorageType::kTimestampUtc:
      return kTimestampUtcConversion;
    case StorageType::kInterval:
      return kIntervalConversion;
    case StorageType::kUuid:
      return kUuidConversion;
    case StorageType::kJson:
      return kJsonConversion;
    case StorageType::kInet:
      return kInetConversion;
    case StorageType::kArray:
      return kArrayConversion;
  }
  return kTextConversion;
}

// Keeps the wire text of a cell as it is.
class TextKeeper final : public ObjectReader {
 public:
  using ObjectReader::ObjectReader;
  Status on_decimal(std::string_view digits) override { return keep(digits); }
  Status on_json(std::string_view text) override { return keep(text); }

 private:
  Status keep(std::string_view text) {
    return accept(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), nullptr));
  }
};

bool is_address(PyTypeObject* type) {
  for (PyTypeObject* known : python_types.ip_types) {
    if (type == known) return true;
  }
  return false;
}

}  // namespace

Status ObjectReader::refuse(std::string_view received) const {
  std::string message = "expected ";
  message.append(describe(type_)).append(", got ").append(received);
  return make_error(ErrorCode::kDecode, std::move(message));
}

bool to_value(PyObject* object, const Target& target, types::Value& value) {
  if (object != Py_None) return conversion_of(target.type.storage).encode(object, target, value);
  if (!target.type.is_nullable) return refuse_class(object, target);
  value = types::Value::null(target.type.storage);
  value.element = target.type.element;
  return true;
}

PyObject* to_attribute(PyObject* object, const Target& target) {
  if (object == Py_None) {
    if (target.type.is_nullable) return share(object);
    refuse_class(object, target);
    return nullptr;
  }
  const Conversion& conversion = conversion_of(target.type.storage);
  if (conversion.keep != nullptr) return conversion.keep(object, target);
  types::Value unused;
  return conversion.encode(object, target, unused) ? share(object) : nullptr;
}

std::unique_ptr<ObjectReader> make_reader(const types::ColumnType& type) {
  return conversion_of(type.storage).make_reader(type);
}

std::unique_ptr<ObjectReader> make_text_reader(const types::ColumnType& type) {
  return std::make_unique<TextKeeper>(type);
}

PyObject* decode_text(PyObject* text, const Target& target) {
  PyObject* object = nullptr;
  if (target.type.storage == types::StorageType::kJson) {
    object = parse_json(text);
  } else {
    // SAFETY: every type is an object
    object = PyObject_CallOneArg(reinterpret_cast<PyObject*>(python_types.decimal), text);
  }
  if (object == nullptr) {
    raise_error_from_current(ErrorCode::kDecode, std::string(target.context) + ": the stored " +
                                                     describe(target.type) + " cannot be read");
  }
  return object;
}

bool infer_type(PyObject* object, std::string_view context, types::ColumnType& type) {
  using types::StorageType;
  PyTypeObject* const known = Py_TYPE(object);
  if (PyBool_Check(object))
    type.storage = StorageType::kBool;
  else if (PyLong_CheckExact(object))
    type.storage = StorageType::kInt64;
  else if (PyFloat_CheckExact(object))
    type.storage = StorageType::kFloat64;
  else if (PyUnicode_CheckExact(object))
    type.storage = StorageType::kText;
  else if (PyBytes_CheckExact(object))
    type.storage = StorageType::kBytes;
  else if (known == python_types.decimal)
    type.storage = StorageType::kDecimal;
  else if (is_exact_date(object))
    type.storage = StorageType::kDate;
  else if (is_exact_time(object))
    type.storage = StorageType::kTime;
  else if (is_exact_datetime(object))
    type.storage =
        PyDateTime_DATE_GET_TZINFO(object) == Py_None ? StorageType::kTimestamp : StorageType::kTimestampUtc;
  else if (is_exact_timedelta(object))
    type.storage = StorageType::kInterval;
  else if (known == python_types.uuid)
    type.storage = StorageType::kUuid;
  else if (PyDict_CheckExact(object) || PyList_CheckExact(object))
    type.storage = StorageType::kJson;
  else if (is_address(known))
    type.storage = StorageType::kInet;
  else {
    raise_error(ErrorCode::kValidation, std::string(context) + ": no storage type holds a " + known->tp_name);
    return false;
  }
  return true;
}

std::string describe(const types::ColumnType& type) {
  std::string text(types::to_name(type.storage));
  if (type.storage == types::StorageType::kArray) text.append(" of ").append(types::to_name(type.element));
  if (type.storage == types::StorageType::kDecimal && type.precision > 0) {
    text.append("(")
        .append(std::to_string(type.precision))
        .append(", ")
        .append(std::to_string(type.scale))
        .append(")");
  }
  if (type.storage == types::StorageType::kText && type.max_length > 0)
    text.append("(").append(std::to_string(type.max_length)).append(")");
  return text;
}

bool refuse_class(PyObject* object, const Target& target) {
  std::string problem = "expected ";
  problem.append(describe(target.type))
      .append(", got ")
      .append(object == Py_None ? "None" : Py_TYPE(object)->tp_name);
  return refuse_value(target, problem);
}

bool refuse_value(const Target& target, std::string_view problem) {
  raise_error(ErrorCode::kValidation, std::string(target.context).append(": ").append(problem));
  return false;
}

bool refuse_value_from_current(const Target& target, std::string_view problem) {
  raise_error_from_current(ErrorCode::kValidation, std::string(target.context).append(": ").append(problem));
  return false;
}

}  // namespace bridge::python
