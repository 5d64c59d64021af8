// Turns the engine's errors into the Python classes registered for their codes.
#include "bindings/error_translation.h"

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "bindings/counting.h"
#include "bindings/reference.h"

namespace bridge::python {
namespace {

constexpr std::array kCodes = {
#define BRIDGE_ENUMERATOR(enumerator, name, kind, retryable) ErrorCode::enumerator,
    BRIDGE_ERROR_CODES(BRIDGE_ENUMERATOR)
#undef BRIDGE_ENUMERATOR
};

// Process-wide, never freed: an error can be raised as long as the module exists.
std::array<PyObject*, kCodes.size()> error_classes{};

std::optional<ErrorCode> find_code(std::string_view name) {
  for (const ErrorCode code : kCodes) {
    if (to_name(code) == name) return code;
  }
  return std::nullopt;
}

PyObject* class_of(ErrorCode code) {
  PyObject* found = error_classes[static_cast<std::size_t>(code)];
  return found != nullptr ? found : PyExc_RuntimeError;
}

Reference to_object(std::string_view text) {
  return Reference::steal(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
}

Reference text_or_none(std::string_view text) {
  return text.empty() ? Reference::borrow(Py_None) : to_object(text);
}

PyObject* sent_object(Sent sent) {
  switch (sent) {
    case Sent::kNo:
      return Py_False;
    case Sent::kYes:
      return Py_True;
    case Sent::kUnknown:
      return Py_None;
  }
  return Py_None;
}

// An attribute that cannot be set (a class with read-only ones) is left out: the error itself matters more.
void set_attribute(PyObject* exception, const char* name, const Reference& value) {
  if (!value || PyObject_SetAttrString(exception, name, value.get()) != 0) PyErr_Clear();
}

void set_attributes(PyObject* exception, const Error& error) {
  set_attribute(exception, "code", to_object(to_name(error.code())));
  set_attribute(exception, "is_retryable",
                Reference::borrow(is_retryable(error.code()) ? Py_True : Py_False));
  set_attribute(exception, "was_sent", Reference::borrow(sent_object(error.sent())));
  set_attribute(exception, "operation", text_or_none(error.operation()));
  if (error.kind() == ErrorKind::kDatabase || !error.server().sqlstate.empty()) {
    set_attribute(exception, "sqlstate", text_or_none(error.server().sqlstate));
    set_attribute(exception, "constraint", text_or_none(error.server().constraint));
    set_attribute(exception, "table", text_or_none(error.server().table));
    set_attribute(exception, "column", text_or_none(error.server().column));
    set_attribute(exception, "detail", text_or_none(error.server().detail));
  }
  if (error.code() == ErrorCode::kCircuitOpen) {
    const double seconds = std::chrono::duration<double>(error.retry_after()).count();
    set_attribute(exception, "retry_after", Reference::steal(PyFloat_FromDouble(seconds)));
  }
}

}  // namespace

bool register_error_classes(PyObject* classes) {
  std::array<PyObject*, kCodes.size()> found{};
  PyObject* name = nullptr;
  PyObject* value = nullptr;
  Py_ssize_t position = 0;
  while (PyDict_Next(classes, &position, &name, &value) != 0) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_Check(name) ? PyUnicode_AsUTF8AndSize(name, &size) : nullptr;
    if (text == nullptr) {
      PyErr_Clear();
      PyErr_SetString(PyExc_TypeError, "register_errors: a key is no str");
      return false;
    }
    if (!PyExceptionClass_Check(value) || PyObject_IsSubclass(value, PyExc_Exception) != 1) {
      PyErr_Clear();
      PyErr_SetString(PyExc_TypeError, "register_errors: a value is no subclass of Exception");
      return false;
    }
    // A class the engine has no code for is raised by Python alone.
    if (const auto code = find_code({text, static_cast<std::size_t>(size)}))
      found[static_cast<std::size_t>(*code)] = value;
  }
  for (std::size_t index = 0; index < found.size(); ++index) {
    if (found[index] != nullptr) Py_XSETREF(error_classes[index], share(found[index]));
  }
  return true;
}

PyObject* make_exception(const Error& error) noexcept {
  const Reference message = to_object(error.message());
  if (!message) return nullptr;
  PyObject* exception = PyObject_CallOneArg(class_of(error.code()), message.get());
  if (exception != nullptr && PyExceptionInstance_Check(exception) == 0) Py_CLEAR(exception);
  if (exception == nullptr) {
    // The registered class refused its own contract; the failure is still told, by a class that cannot
    // refuse.
    PyErr_Clear();
    exception = PyObject_CallOneArg(PyExc_RuntimeError, message.get());
    if (exception == nullptr) return nullptr;
  }
  set_attributes(exception, error);
  return exception;
}

void raise_error(const Error& error) noexcept {
  const Reference exception = Reference::steal(make_exception(error));
  if (exception) raise_exception(exception.get());
}

void raise_error(ErrorCode code, std::string message) noexcept {
  raise_error(make_error(code, std::move(message)));
}

void raise_error_from_current(ErrorCode code, std::string message) noexcept {
  Reference cause = take_raised_exception();
  const bool is_plain_error = cause && PyObject_IsInstance(cause.get(), PyExc_Exception) == 1 &&
                              PyErr_GivenExceptionMatches(cause.get(), PyExc_MemoryError) == 0;
  if (cause && !is_plain_error) {
    raise_exception(cause.get());
    return;
  }
  const Reference exception = Reference::steal(make_exception(make_error(code, std::move(message))));
  if (!exception) return;
  if (cause) PyException_SetCause(exception.get(), cause.release());  // SAFETY: steals the reference
  raise_exception(exception.get());
}

}  // namespace bridge::python
