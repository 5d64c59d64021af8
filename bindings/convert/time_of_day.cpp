// time: naive times of day.
#include "bindings/convert/conversions.h"
#include "bindings/convert/temporal.h"

namespace bridge::python {
namespace {

bool encode(PyObject* object, const Target& target, types::Value& value) {
  if (!is_exact_time(object)) return refuse_class(object, target);
  if (PyDateTime_TIME_GET_TZINFO(object) != Py_None)
    return refuse_value(target, "expected a naive time, got an aware one");
  const TimeFields fields{PyDateTime_TIME_GET_HOUR(object), PyDateTime_TIME_GET_MINUTE(object),
                          PyDateTime_TIME_GET_SECOND(object), PyDateTime_TIME_GET_MICROSECOND(object)};
  value = types::Value::of_integer(types::StorageType::kTime, join_time(fields));
  return true;
}

class TimeReader final : public ObjectReader {
 public:
  using ObjectReader::ObjectReader;
  Status on_time(std::int64_t microseconds) override {
    if (microseconds < 0 || microseconds >= types::kMicrosecondsPerDay)
      return make_error(ErrorCode::kDecode, "the stored time lies outside one day");
    const TimeFields fields = split_time(microseconds);
    return accept(datetime_api->Time_FromTime(fields.hour, fields.minute, fields.second, fields.microsecond,
                                              Py_None, datetime_api->TimeType));
  }
};

}  // namespace

const Conversion kTimeConversion{encode, nullptr, make_reader_of<TimeReader>};

}  // namespace bridge::python
