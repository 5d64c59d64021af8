// Opens the capsules of a source, and calls its producer with the lock let go.
#include "bindings/arrow_rows.h"

#include <cerrno>

#include "bindings/arrow_capsules.h"
#include "bindings/error_translation.h"
#include "bindings/gil.h"
#include "bindings/instance_state.h"

namespace bridge::python {
namespace {

// Producers take the lock themselves where they need it, maybe in threads of their own.
int call_unlocked(const std::function<int()>& call) {
  if (!may_touch_python()) return ECANCELED;
  if (PyGILState_Check() == 0) return call();
  const GilReleased released;
  return call();
}

template <typename Struct>
Struct* capsule_content(nb::handle capsule) {
  auto* held = static_cast<Struct*>(PyCapsule_GetPointer(capsule.ptr(), kCapsuleName<Struct>));
  if (held == nullptr) throw nb::python_error();
  return held;
}

constexpr const char* kStreamMethod = "__arrow_c_stream__";
constexpr const char* kArrayMethod = "__arrow_c_array__";

}  // namespace

Result<std::unique_ptr<arrow::StreamRows>> open_arrow_rows(nb::handle source) {
  if (nb::hasattr(source, kStreamMethod)) {
    const nb::object capsule = source.attr(kStreamMethod)();
    return arrow::StreamRows::open(*capsule_content<ArrowArrayStream>(capsule), &call_unlocked);
  }
  if (!nb::hasattr(source, kArrayMethod))
    return make_error(ErrorCode::kValidation, "the source has no Arrow interface");
  const nb::object pair = source.attr(kArrayMethod)();
  if (PyTuple_Check(pair.ptr()) == 0 || PyTuple_GET_SIZE(pair.ptr()) != 2)
    return make_error(ErrorCode::kValidation, "the source's Arrow array is no pair of capsules");
  return arrow::StreamRows::open(*capsule_content<ArrowSchema>(PyTuple_GET_ITEM(pair.ptr(), 0)),
                                 *capsule_content<ArrowArray>(PyTuple_GET_ITEM(pair.ptr(), 1)));
}

Result<bool> ArrowRowSource::next(std::vector<types::Value>& row) {
  row.resize(from_stream_ + defaults_.size());
  BRIDGE_ASSIGN_OR_RETURN(const bool is_row, rows_->next(row));
  if (!is_row) return false;
  for (std::size_t index = 0; index < defaults_.size(); ++index)
    BRIDGE_RETURN_IF_ERROR(make(defaults_[index], row[from_stream_ + index]));
  return true;
}

Status ArrowRowSource::make(const ArrowDefault& made, types::Value& value) {
  if (!made.factory) {
    value = made.constant;
    return {};
  }
  if (!may_touch_python()) return make_error(ErrorCode::kCancelled, "the interpreter is gone");
  const GilHeld gil;
  const Reference object = Reference::steal(PyObject_CallNoArgs(made.factory.get()));
  const Reference stored = object ? Reference::steal(to_storage(*made.attribute, object.get())) : Reference();
  if (stored && to_value(stored.get(), made.attribute->target(), value)) return {};
  exception_ = take_raised_exception();
  return make_error(ErrorCode::kValidation, "a default could not be made");
}

}  // namespace bridge::python
