// The standard library's calendar, and fixed-width ISO text.
#include "engine/types/datetime.h"

#include <chrono>
#include <optional>

namespace bridge::types {
namespace {

constexpr std::int64_t kMinDays = -719'162;   // 0001-01-01
constexpr std::int64_t kMaxDays = 2'932'896;  // 9999-12-31
constexpr std::int64_t kSecondsPerMinute = 60;
constexpr std::int64_t kMinutesPerHour = 60;
constexpr std::int64_t kHoursPerDay = 24;
constexpr std::int64_t kDecimalBase = 10;
constexpr int kYearDigits = 4;
constexpr int kFractionDigits = 6;
constexpr std::string_view kUtcSuffix = "+00:00";
constexpr std::size_t kDateLength = 10;

/// Rounds towards negative infinity, where the language rounds towards zero.
constexpr std::int64_t floor_divide(std::int64_t dividend, std::int64_t divisor) {
  return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

std::chrono::year_month_day to_calendar(const CivilDate& date) {
  return {std::chrono::year(static_cast<int>(date.year)),
          std::chrono::month(static_cast<unsigned>(date.month)),
          std::chrono::day(static_cast<unsigned>(date.day))};
}

void append_padded(std::string& text, std::int64_t number, int width) {
  const std::size_t end = text.size() + static_cast<std::size_t>(width);
  text.resize(end, '0');
  for (std::size_t position = end; number > 0; number /= kDecimalBase)
    text[--position] = static_cast<char>('0' + number % kDecimalBase);
}

/// Walks over fixed-width text; once something did not match it stays failed.
class FixedReader {
 public:
  explicit FixedReader(std::string_view text) : text_(text) {}

  std::int64_t digits(int width) {
    std::int64_t number = 0;
    for (int index = 0; index < width; ++index) {
      const char character = take();
      if (character < '0' || character > '9') failed_ = true;
      number = number * kDecimalBase + (character - '0');
    }
    return failed_ ? 0 : number;
  }
  void expect(char wanted) {
    if (take() != wanted) failed_ = true;
  }
  bool is_at_end() const { return position_ == text_.size(); }
  bool has_failed() const { return failed_; }

 private:
  char take() {
    if (failed_ || is_at_end()) {
      failed_ = true;
      return '\0';
    }
    return text_[position_++];
  }

  std::string_view text_;
  std::size_t position_ = 0;
  bool failed_ = false;
};

std::optional<std::int64_t> read_date(std::string_view text) {
  FixedReader reader(text);
  CivilDate date;
  date.year = reader.digits(kYearDigits);
  reader.expect('-');
  date.month = static_cast<std::int32_t>(reader.digits(2));
  reader.expect('-');
  date.day = static_cast<std::int32_t>(reader.digits(2));
  if (reader.has_failed() || !reader.is_at_end() || date.year == 0 || !is_real_date(date))
    return std::nullopt;
  return to_days(date);
}

std::optional<std::int64_t> read_time(std::string_view text) {
  FixedReader reader(text);
  const std::int64_t hour = reader.digits(2);
  reader.expect(':');
  const std::int64_t minute = reader.digits(2);
  reader.expect(':');
  const std::int64_t second = reader.digits(2);
  std::int64_t fraction = 0;
  if (!reader.is_at_end()) {
    reader.expect('.');
    fraction = reader.digits(kFractionDigits);
  }
  if (reader.has_failed() || !reader.is_at_end()) return std::nullopt;
  if (hour >= kHoursPerDay || minute >= kMinutesPerHour || second >= kSecondsPerMinute) return std::nullopt;
  return ((hour * kMinutesPerHour + minute) * kSecondsPerMinute + second) * kMicrosecondsPerSecond + fraction;
}

std::optional<std::int64_t> read_timestamp(std::string_view text) {
  if (text.size() <= kDateLength || text[kDateLength] != ' ') return std::nullopt;
  const auto days = read_date(text.substr(0, kDateLength));
  const auto time = read_time(text.substr(kDateLength + 1));
  if (!days || !time) return std::nullopt;
  return *days * kMicrosecondsPerDay + *time;
}

Result<std::int64_t> or_refuse(std::optional<std::int64_t> number, std::string_view form) {
  if (number) return *number;
  return make_error(ErrorCode::kDecode,
                    "text is not of the form " + std::string(form) + ", or names no real moment");
}

}  // namespace

std::int64_t to_days(const CivilDate& date) {
  return std::chrono::sys_days(to_calendar(date)).time_since_epoch().count();
}

CivilDate to_civil_date(std::int64_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  return {static_cast<int>(date.year()), static_cast<std::int32_t>(static_cast<unsigned>(date.month())),
          static_cast<std::int32_t>(static_cast<unsigned>(date.day()))};
}

bool is_real_date(const CivilDate& date) { return date.month > 0 && date.day > 0 && to_calendar(date).ok(); }

Status append_date(std::string& text, std::int64_t days) {
  if (days < kMinDays || days > kMaxDays)
    return make_error(ErrorCode::kValidation, "a date is outside the years 0001 to 9999");
  const CivilDate date = to_civil_date(days);
  append_padded(text, date.year, kYearDigits);
  text += '-';
  append_padded(text, date.month, 2);
  text += '-';
  append_padded(text, date.day, 2);
  return {};
}

Status append_time(std::string& text, std::int64_t microseconds) {
  if (microseconds < 0 || microseconds >= kMicrosecondsPerDay)
    return make_error(ErrorCode::kValidation, "a time is outside one day");
  const std::int64_t seconds = microseconds / kMicrosecondsPerSecond;
  const std::int64_t minutes = seconds / kSecondsPerMinute;
  append_padded(text, minutes / kMinutesPerHour, 2);
  text += ':';
  append_padded(text, minutes % kMinutesPerHour, 2);
  text += ':';
  append_padded(text, seconds % kSecondsPerMinute, 2);
  text += '.';
  append_padded(text, microseconds % kMicrosecondsPerSecond, kFractionDigits);
  return {};
}

Status append_timestamp(std::string& text, std::int64_t microseconds) {
  const std::int64_t days = floor_divide(microseconds, kMicrosecondsPerDay);
  BRIDGE_RETURN_IF_ERROR(append_date(text, days));
  text += ' ';
  return append_time(text, microseconds - days * kMicrosecondsPerDay);
}

Status append_timestamp_utc(std::string& text, std::int64_t microseconds) {
  BRIDGE_RETURN_IF_ERROR(append_timestamp(text, microseconds));
  text += kUtcSuffix;
  return {};
}

Result<std::int64_t> parse_date(std::string_view text) { return or_refuse(read_date(text), "YYYY-MM-DD"); }

Result<std::int64_t> parse_time(std::string_view text) {
  return or_refuse(read_time(text), "HH:MM:SS.ffffff");
}

Result<std::int64_t> parse_timestamp(std::string_view text) {
  return or_refuse(read_timestamp(text), "YYYY-MM-DD HH:MM:SS.ffffff");
}

Result<std::int64_t> parse_timestamp_utc(std::string_view text) {
  constexpr std::string_view kForm = "YYYY-MM-DD HH:MM:SS.ffffff+00:00";
  if (!text.ends_with(kUtcSuffix)) return or_refuse(std::nullopt, kForm);
  return or_refuse(read_timestamp(text.substr(0, text.size() - kUtcSuffix.size())), kForm);
}

}  // namespace bridge::types
