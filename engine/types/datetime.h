// Civil dates and times between numbers (days, microseconds) and ISO 8601 text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace bridge::types {

inline constexpr std::int64_t kMicrosecondsPerSecond = 1'000'000;
inline constexpr std::int64_t kMicrosecondsPerDay = 86'400 * kMicrosecondsPerSecond;

/// A day of the proleptic Gregorian calendar.
struct CivilDate {
  std::int64_t year = 1970;
  std::int32_t month = 1;
  std::int32_t day = 1;
  bool operator==(const CivilDate&) const = default;
};

/// Days since 1970-01-01. The date must exist (see `is_real_date`) and its year lie between -32767 and 32767.
std::int64_t to_days(const CivilDate& date);
CivilDate to_civil_date(std::int64_t days);
/// Whether month and day exist in that year.
bool is_real_date(const CivilDate& date);

// Writers append fixed forms; kValidation outside the years 0001 to 9999, or outside one day for times.
//   date           `YYYY-MM-DD`
//   time           `HH:MM:SS.ffffff`
//   timestamp      `YYYY-MM-DD HH:MM:SS.ffffff`
//   UTC timestamp  the same with `+00:00`
Status append_date(std::string& text, std::int64_t days);
Status append_time(std::string& text, std::int64_t microseconds);
Status append_timestamp(std::string& text, std::int64_t microseconds);
Status append_timestamp_utc(std::string& text, std::int64_t microseconds);

// Readers accept exactly the forms above: kDecode for any other text, dates that do not exist, years before
// 0001, and 24:00. The fraction is six digits, or left out as a whole. Messages never quote the text.
Result<std::int64_t> parse_date(std::string_view text);
Result<std::int64_t> parse_time(std::string_view text);
Result<std::int64_t> parse_timestamp(std::string_view text);
Result<std::int64_t> parse_timestamp_utc(std::string_view text);

}  // namespace bridge::types
