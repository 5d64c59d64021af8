// Callbacks between SQLite's values and moments; none of them throws.
#include "engine/databases/sqlite/moment_functions.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "engine/types/datetime.h"

namespace bridge::sqlite {
namespace {

// pure, without side effects: may be used in indexes and checks of a schema that is not trusted
constexpr int kPureFunction = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
constexpr std::size_t kDateLength = 10;
constexpr std::int64_t kMonthsPerYear = 12;
// Further than between the first and the last year, and far from overflow.
constexpr std::int64_t kMaxMonths = 10'000 * kMonthsPerYear;
constexpr std::int64_t kMaxMicroseconds = 10'000 * 366 * types::kMicrosecondsPerDay;

enum class Form : std::uint8_t { kDate, kTimestamp, kTimestampUtc };

/// Microseconds since 1970 and how they were written.
struct Moment {
  std::int64_t microseconds = 0;
  Form form = Form::kDate;
};

Result<Moment> parse(std::string_view text) {
  if (text.size() == kDateLength) {
    BRIDGE_ASSIGN_OR_RETURN(const std::int64_t days, types::parse_date(text));
    return Moment{days * types::kMicrosecondsPerDay, Form::kDate};
  }
  if (text.ends_with("+00:00")) {
    BRIDGE_ASSIGN_OR_RETURN(const std::int64_t microseconds, types::parse_timestamp_utc(text));
    return Moment{microseconds, Form::kTimestampUtc};
  }
  BRIDGE_ASSIGN_OR_RETURN(const std::int64_t microseconds, types::parse_timestamp(text));
  return Moment{microseconds, Form::kTimestamp};
}

std::int64_t days_of(std::int64_t microseconds) {
  const std::int64_t days = microseconds / types::kMicrosecondsPerDay;
  return microseconds % types::kMicrosecondsPerDay < 0 ? days - 1 : days;
}

Result<std::string> to_text(const Moment& moment) {
  std::string text;
  switch (moment.form) {
    case Form::kDate:
      BRIDGE_RETURN_IF_ERROR(types::append_date(text, days_of(moment.microseconds)));
      break;
    case Form::kTimestamp:
      BRIDGE_RETURN_IF_ERROR(types::append_timestamp(text, moment.microseconds));
      break;
    case Form::kTimestampUtc:
      BRIDGE_RETURN_IF_ERROR(types::append_timestamp_utc(text, moment.microseconds));
      break;
  }
  return text;
}

Result<std::string> add(Moment moment, std::int64_t microseconds) {
  if (microseconds > kMaxMicroseconds || microseconds < -kMaxMicroseconds)
    return make_error(ErrorCode::kDataRejected, "the distance is longer than all years");
  moment.microseconds += microseconds;
  return to_text(moment);
}

Result<std::string> add_months(Moment moment, std::int64_t months) {
  if (months > kMaxMonths || months < -kMaxMonths)
    return make_error(ErrorCode::kDataRejected, "the distance is longer than all years");
  const std::int64_t days = days_of(moment.microseconds);
  const std::int64_t within_day = moment.microseconds - days * types::kMicrosecondsPerDay;
  types::CivilDate date = types::to_civil_date(days);
  const std::int64_t count = date.year * kMonthsPerYear + date.month - 1 + months;
  if (count < kMonthsPerYear || count >= kMaxMonths)
    return make_error(ErrorCode::kDataRejected, "the moment leaves the years 0001 to 9999");
  date.year = count / kMonthsPerYear;
  date.month = static_cast<std::int32_t>(count % kMonthsPerYear) + 1;
  while (!types::is_real_date(date)) --date.day;
  moment.microseconds = types::to_days(date) * types::kMicrosecondsPerDay + within_day;
  return to_text(moment);
}

Result<Moment> to_moment(sqlite3_value* value) {
  if (sqlite3_value_type(value) != SQLITE_TEXT)
    return make_error(ErrorCode::kDataRejected, "an argument is no date or timestamp");
  // SAFETY: SQLite stores text as unsigned bytes; char may alias them. Text first, then its length, as the
  // manual demands
  const auto* characters = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return parse({characters, static_cast<std::size_t>(sqlite3_value_bytes(value))});
}

void refuse(sqlite3_context* context, const Error& error) {
  const std::string message = "bridge_moment: " + error.message();
  sqlite3_result_error(context, message.c_str(), static_cast<int>(message.size()));
}

bool has_null(sqlite3_value** arguments) {
  return sqlite3_value_type(arguments[0]) == SQLITE_NULL || sqlite3_value_type(arguments[1]) == SQLITE_NULL;
}

using Move = Result<std::string> (*)(Moment, std::int64_t);

template <Move kMove>
void call_move(sqlite3_context* context, int, sqlite3_value** arguments) noexcept {
  if (has_null(arguments)) return;
  const auto moment = to_moment(arguments[0]);
  if (!moment) return refuse(context, moment.error());
  if (sqlite3_value_type(arguments[1]) != SQLITE_INTEGER)
    return refuse(context, make_error(ErrorCode::kDataRejected, "a distance is no whole number"));
  const auto moved = kMove(*moment, sqlite3_value_int64(arguments[1]));
  if (!moved) return refuse(context, moved.error());
  sqlite3_result_text64(context, moved->data(), moved->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void call_difference(sqlite3_context* context, int, sqlite3_value** arguments) noexcept {
  if (has_null(arguments)) return;
  const auto later = to_moment(arguments[0]);
  if (!later) return refuse(context, later.error());
  const auto earlier = to_moment(arguments[1]);
  if (!earlier) return refuse(context, earlier.error());
  sqlite3_result_int64(context, later->microseconds - earlier->microseconds);
}

struct ScalarFunction {
  const char* name;
  void (*call)(sqlite3_context*, int, sqlite3_value**);
};

constexpr std::array<ScalarFunction, 3> kFunctions{{{"bridge_moment_add", call_move<add>},
                                                    {"bridge_moment_add_months", call_move<add_months>},
                                                    {"bridge_moment_difference", call_difference}}};

}  // namespace

int register_moment_functions(sqlite3* database) {
  int code = SQLITE_OK;
  for (const ScalarFunction& function : kFunctions) {
    if (code != SQLITE_OK) return code;
    code = sqlite3_create_function_v2(database, function.name, 2, kPureFunction, nullptr, function.call,
                                      nullptr, nullptr, nullptr);
  }
  return code;
}

}  // namespace bridge::sqlite
