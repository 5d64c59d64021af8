// timedelta: days and microseconds; stored months have no timedelta.
#include "bindings/convert/conversions.h"
#include "bindings/convert/temporal.h"

namespace bridge::python {
namespace {

bool encode(PyObject* object, const Target& target, types::Value& value) {
  if (!is_exact_timedelta(object)) return refuse_class(object, target);
  types::Interval interval;
  interval.days = PyDateTime_DELTA_GET_DAYS(object);
  interval.microseconds = PyDateTime_DELTA_GET_SECONDS(object) * types::kMicrosecondsPerSecond +
                          PyDateTime_DELTA_GET_MICROSECONDS(object);
  value = types::Value::of_interval(interval);
  return true;
}

class IntervalReader final : public ObjectReader {
 public:
  using ObjectReader::ObjectReader;
  Status on_interval(types::Interval value) override {
    if (value.months != 0)
      return make_error(ErrorCode::kDecode, "the stored interval has months, which no timedelta can hold");
    const std::int64_t days = value.days + value.microseconds / types::kMicrosecondsPerDay;
    const std::int64_t rest = value.microseconds % types::kMicrosecondsPerDay;
    return accept(datetime_api->Delta_FromDelta(
        static_cast<int>(days), static_cast<int>(rest / types::kMicrosecondsPerSecond),
        static_cast<int>(rest % types::kMicrosecondsPerSecond), 1, datetime_api->DeltaType));
  }
};

}  // namespace

const Conversion kIntervalConversion{encode, nullptr, make_reader_of<IntervalReader>};

}  // namespace bridge::python
