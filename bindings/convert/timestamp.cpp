// datetime: naive for one storage type, aware and kept in UTC for the other; never the one for the other.
#include "bindings/convert/conversions.h"
#include "bindings/convert/temporal.h"
#include "bindings/counting.h"
#include "bindings/reference.h"

namespace bridge::python {
namespace {

PyObject* utc() { return datetime_api->TimeZone_UTC; }

bool encode_naive(PyObject* object, const Target& target, types::Value& value) {
  if (!is_exact_datetime(object)) return refuse_class(object, target);
  if (PyDateTime_DATE_GET_TZINFO(object) != Py_None)
    return refuse_value(target, "expected a naive datetime, got an aware one");
  value = types::Value::of_integer(types::StorageType::kTimestamp, microseconds_of(object));
  return true;
}

// The same moment in UTC. Runs the code of the zone, which may be anybody's.
PyObject* keep_aware(PyObject* object, const Target& target) {
  if (!is_exact_datetime(object)) {
    refuse_class(object, target);
    return nullptr;
  }
  if (PyDateTime_DATE_GET_TZINFO(object) == utc()) return share(object);
  const ScopedReference offset = ScopedReference::steal(PyObject_CallMethod(object, "utcoffset", nullptr));
  if (!offset || offset.get() == Py_None) {
    refuse_value_from_current(target, offset ? "expected an aware datetime, got a naive one"
                                             : "the time zone of the datetime failed");
    return nullptr;
  }
  Reference moved = Reference::steal(PyObject_CallMethod(object, "astimezone", "O", utc()));
  if (!moved || !is_exact_datetime(moved.get())) {
    refuse_value_from_current(target, "the datetime has no counterpart in UTC");
    return nullptr;
  }
  return moved.release();
}

bool encode_aware(PyObject* object, const Target& target, types::Value& value) {
  const ScopedReference moved = ScopedReference::steal(keep_aware(object, target));
  if (!moved) return false;
  value = types::Value::of_integer(types::StorageType::kTimestampUtc, microseconds_of(moved.get()));
  return true;
}

class TimestampReader final : public ObjectReader {
 public:
  using ObjectReader::ObjectReader;
  Status on_timestamp(std::int64_t microseconds) override {
    return accept(make_datetime(microseconds, Py_None));
  }
};

class TimestampUtcReader final : public ObjectReader {
 public:
  using ObjectReader::ObjectReader;
  Status on_timestamp_utc(std::int64_t microseconds) override {
    return accept(make_datetime(microseconds, utc()));
  }
};

}  // namespace

PyObject* make_datetime(std::int64_t microseconds, PyObject* zone) {
  std::int64_t days = microseconds / types::kMicrosecondsPerDay;
  std::int64_t rest = microseconds % types::kMicrosecondsPerDay;
  if (rest < 0) {
    rest += types::kMicrosecondsPerDay;
    --days;
  }
  const types::CivilDate date = types::to_civil_date(days);
  if (date.year < kFirstYear || date.year > kLastYear) {
    PyErr_SetString(PyExc_ValueError, "the stored timestamp lies outside the years 1 to 9999");
    return nullptr;
  }
  const TimeFields fields = split_time(rest);
  return datetime_api->DateTime_FromDateAndTime(static_cast<int>(date.year), date.month, date.day,
                                                fields.hour, fields.minute, fields.second, fields.microsecond,
                                                zone, datetime_api->DateTimeType);
}

const Conversion kTimestampConversion{encode_naive, nullptr, make_reader_of<TimestampReader>};
const Conversion kTimestampUtcConversion{encode_aware, keep_aware, make_reader_of<TimestampUtcReader>};

}  // namespace bridge::python
