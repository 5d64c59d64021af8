// Slots or dict members become values, checked as strictly as anywhere.
#include "bindings/row_encoder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "bindings/error_translation.h"
#include "bindings/gil.h"
#include "bindings/instance_state.h"

namespace bridge::python {
namespace {

// Enough that taking the lock costs nothing per row, few enough that other threads wait no longer than for a
// tenth of a millisecond's work.
constexpr std::size_t kRowsPerLock = 128;

bool encode_member(PyObject* dict, const Attribute& attribute, types::Value& value) {
  const ScopedReference held = ScopedReference::borrow(PyDict_GetItemWithError(dict, attribute.name.get()));
  if (!held) {
    if (PyErr_Occurred() == nullptr)
      raise_error(ErrorCode::kValidation, attribute.context + ": missing in a row");
    return false;
  }
  const ScopedReference stored = ScopedReference::steal(to_storage(attribute, held.get()));
  return stored && to_value(stored.get(), attribute.target(), value);
}

// What a dict holds beside the columns that are written would be lost without a word.
bool refuse_unwritten(const ModelPlan& plan, const std::vector<std::size_t>& columns, PyObject* dict) {
  PyObject* key = nullptr;
  for (Py_ssize_t place = 0; PyDict_Next(dict, &place, &key, nullptr) != 0;) {
    const auto is_key = [&](std::size_t column) {
      return PyObject_RichCompareBool(key, plan.attributes[column].name.get(), Py_EQ) == 1;
    };
    if (std::ranges::any_of(columns, is_key)) continue;
    if (PyErr_Occurred() != nullptr) return false;
    const char* const name = PyUnicode_Check(key) != 0 ? PyUnicode_AsUTF8(key) : nullptr;
    PyErr_Clear();  // a key that cannot be UTF-8 is told apart enough
    raise_error(ErrorCode::kValidation, plan.name + ": a row holds " +
                                            (name == nullptr ? "a key that is no text" : name) +
                                            ", which the first row does not name");
    return false;
  }
  return true;
}

}  // namespace

bool encode_row(const ModelPlan& plan, const std::vector<std::size_t>& columns, PyObject* item,
                std::span<types::Value> row) {
  const bool is_dict = PyDict_Check(item) != 0;
  if (!is_dict && (!is_instance(item) || as_instance(item)->plan != &plan)) {
    raise_error(ErrorCode::kValidation,
                plan.name + ": a row is an instance or a dict, got " + Py_TYPE(item)->tp_name);
    return false;
  }
  for (std::size_t index = 0; index < columns.size(); ++index) {
    const bool is_encoded = is_dict ? encode_member(item, plan.attributes[columns[index]], row[index])
                                    : slot_to_value(as_instance(item), columns[index], row[index]);
    if (!is_encoded) return false;
  }
  const bool has_more = is_dict && static_cast<std::size_t>(PyDict_GET_SIZE(item)) > columns.size();
  return !has_more || refuse_unwritten(plan, columns, item);
}

Result<bool> RowEncoder::next(std::vector<types::Value>& row) {
  if (position_ == ready_) {
    if (!has_ended_) BRIDGE_RETURN_IF_ERROR(refill());
    if (position_ == ready_) return false;
  }
  std::swap(row, buffer_[position_++]);  // its storage comes back with the next refill
  return true;
}

Status RowEncoder::refill() {
  if (!may_touch_python()) return make_error(ErrorCode::kCancelled, "the interpreter is gone");
  const GilHeld gil;
  if (exception_) return make_error(ErrorCode::kValidation, "an earlier row could not be read");
  buffer_.resize(kRowsPerLock);
  position_ = ready_ = 0;
  while (ready_ < kRowsPerLock && read_row(buffer_[ready_])) ++ready_;
  has_ended_ = ready_ < kRowsPerLock;
  if (PyErr_Occurred() == nullptr) return {};
  ready_ = 0;
  exception_ = take_raised_exception();
  return make_error(ErrorCode::kValidation, "a row could not be read");
}

bool RowEncoder::read_row(std::vector<types::Value>& row) {
  const ScopedReference item = ScopedReference::steal(PyIter_Next(iterator_.get()));
  if (!item) return false;
  row.resize(columns_.size());
  return encode_row(plan_, columns_, item.get(), row);
}

}  // namespace bridge::python
