// Makes event dicts of telemetry records.
#include "bindings/python_sink.h"

#include <chrono>
#include <string_view>

#include "bindings/error_translation.h"
#include "bindings/gil.h"

namespace bridge::python {
namespace {

void put(const Reference& event, const char* key, const Reference& value) {
  if (event && value && PyDict_SetItemString(event.get(), key, value.get()) == 0) return;
  PyErr_Clear();  // an event lacking a field still tells more than none
}

Reference text(std::string_view view) {
  return Reference::steal(PyUnicode_DecodeUTF8(view.data(), static_cast<Py_ssize_t>(view.size()), "replace"));
}

// The callback is held: it may replace itself while it runs.
void deliver(Reference callback, const Reference& event) {
  if (!callback) return;
  if (!event) return PyErr_Clear();
  const Reference answer = Reference::steal(PyObject_CallOneArg(callback.get(), event.get()));
  if (!answer) PyErr_WriteUnraisable(callback.get());
}

}  // namespace

void PythonSink::on_span(const telemetry::SpanRecord& record) {
  if (!has_listener_ || !may_touch_python()) return;
  const GilHeld gil;
  const Reference raised = take_raised_exception();  // a span may end while an exception is on its way
  const Reference event = Reference::steal(PyDict_New());
  put(event, "operation", text(telemetry::to_name(record.operation)));
  put(event, "statement", text(record.statement));
  put(event, "database", text(record.endpoint));
  put(event, "system", text(record.system));
  put(event, "duration",
      Reference::steal(PyFloat_FromDouble(std::chrono::duration<double>(record.duration).count())));
  put(event, "rowcount",
      record.rowcount < 0 ? Reference::borrow(Py_None)
                          : Reference::steal(PyLong_FromLongLong(record.rowcount)));
  put(event, "error",
      record.error == nullptr ? Reference::borrow(Py_None) : Reference::steal(make_exception(*record.error)));
  put(event, "origin", Reference::steal(PyLong_FromUnsignedLongLong(record.origin)));
  deliver(listener_, event);
  if (raised) raise_exception(raised.get());
}

void PythonSink::on_state(const telemetry::StateRecord& record) {
  if (!on_event_ || !may_touch_python()) return;
  const GilHeld gil;
  const Reference raised = take_raised_exception();
  const Reference event = Reference::steal(PyDict_New());
  put(event, "subject", text(record.subject));
  put(event, "from", text(record.from));
  put(event, "to", text(record.to));
  put(event, "database", text(record.endpoint));
  deliver(on_event_, event);
  if (raised) raise_exception(raised.get());
}

void PythonSink::set_listener(Reference listener) {
  has_listener_ = static_cast<bool>(listener);
  listener_ = std::move(listener);
}

}  // namespace bridge::python
