// Slots or dict members become values, checked as strictly as anywhere.
#include "bindings/row_encoder.h"

#include <string>

#include "bindings/error_translation.h"
#include "bindings/gil.h"
#include "bindings/instance_state.h"

namespace bridge::python {

Result<bool> RowEncoder::next(std::vector<types::Value>& row) {
  if (!may_touch_python()) return make_error(ErrorCode::kCancelled, "the interpreter is gone");
  const GilHeld gil;
  if (exception_) return make_error(ErrorCode::kValidation, "an earlier row could not be read");
  const Reference item = Reference::steal(PyIter_Next(iterator_.get()));
  if (!item) {
    if (PyErr_Occurred() != nullptr) return fail();
    return false;
  }
  row.resize(columns_.size());
  if (!encode(item.get(), row)) return fail();
  return true;
}

bool RowEncoder::encode(PyObject* item, std::vector<types::Value>& row) {
  const bool is_dict = PyDict_Check(item) != 0;
  if (!is_dict && (!is_instance(item) || as_instance(item)->plan != &plan_)) {
    raise_error(ErrorCode::kValidation,
                plan_.name + ": a row is an instance or a dict, got " + Py_TYPE(item)->tp_name);
    return false;
  }
  for (std::size_t index = 0; index < columns_.size(); ++index) {
    const bool is_encoded = is_dict ? encode_member(item, plan_.attributes[columns_[index]], row[index])
                                    : slot_to_value(as_instance(item), columns_[index], row[index]);
    if (!is_encoded) return false;
  }
  return true;
}

bool RowEncoder::encode_member(PyObject* dict, const Attribute& attribute, types::Value& value) {
  const Reference held = Reference::borrow(PyDict_GetItemWithError(dict, attribute.name.get()));
  if (!held) {
    if (PyErr_Occurred() == nullptr)
      raise_error(ErrorCode::kValidation, attribute.context + ": missing in a row");
    return false;
  }
  const Reference stored = Reference::steal(to_storage(attribute, held.get()));
  return stored && to_value(stored.get(), attribute.target(), value);
}

Error RowEncoder::fail() {
  exception_ = take_raised_exception();
  return make_error(ErrorCode::kValidation, "a row could not be read");
}

}  // namespace bridge::python
