// Shared by the files of dates, times and timestamps: between civil fields and counts of days or
// microseconds.
#pragma once

#include <cstdint>

#include "bindings/convert/datetime_api.h"
#include "engine/types/datetime.h"

namespace bridge::python {

inline constexpr std::int64_t kMicrosecondsPerMinute = 60 * types::kMicrosecondsPerSecond;
inline constexpr std::int64_t kMicrosecondsPerHour = 60 * kMicrosecondsPerMinute;
/// Years a Python date can have.
inline constexpr std::int64_t kFirstYear = 1;
inline constexpr std::int64_t kLastYear = 9999;

/// Fields of a time of day.
struct TimeFields {
  int hour = 0;
  int minute = 0;
  int second = 0;
  int microsecond = 0;
};

inline TimeFields split_time(std::int64_t microseconds) {
  TimeFields fields;
  fields.hour = static_cast<int>(microseconds / kMicrosecondsPerHour);
  microseconds %= kMicrosecondsPerHour;
  fields.minute = static_cast<int>(microseconds / kMicrosecondsPerMinute);
  microseconds %= kMicrosecondsPerMinute;
  fields.second = static_cast<int>(microseconds / types::kMicrosecondsPerSecond);
  fields.microsecond = static_cast<int>(microseconds % types::kMicrosecondsPerSecond);
  return fields;
}

inline std::int64_t join_time(const TimeFields& fields) {
  return fields.hour * kMicrosecondsPerHour + fields.minute * kMicrosecondsPerMinute +
         fields.second * types::kMicrosecondsPerSecond + fields.microsecond;
}

/// Days since 1970-01-01 of a date or datetime.
inline std::int64_t days_of(PyObject* date) {
  return types::to_days({PyDateTime_GET_YEAR(date), PyDateTime_GET_MONTH(date), PyDateTime_GET_DAY(date)});
}

/// Microseconds since 1970-01-01 of a datetime's fields, whatever its zone.
inline std::int64_t microseconds_of(PyObject* datetime) {
  const TimeFields fields{PyDateTime_DATE_GET_HOUR(datetime), PyDateTime_DATE_GET_MINUTE(datetime),
                          PyDateTime_DATE_GET_SECOND(datetime), PyDateTime_DATE_GET_MICROSECOND(datetime)};
  return days_of(datetime) * types::kMicrosecondsPerDay + join_time(fields);
}

/// A datetime in `zone` (None for naive), or null with ValueError set outside the years 1 to 9999.
PyObject* make_datetime(std::int64_t microseconds, PyObject* zone);

}  // namespace bridge::python
