// Calls about moments in MySQL's functions; weeks are those of ISO 8601.
#include "engine/databases/mysql/dialect_moments.h"

#include <algorithm>
#include <array>
#include <span>

#include "engine/databases/mysql/dialect_pieces.h"

namespace bridge::mysql {
namespace {

using sql::Compilation;
using sql::Operand;
using types::StorageType;
using Words = sql::SqlWriter::Words;

constexpr Words kLater = "CAST(COALESCE(ADDDATE(CAST(";
constexpr Words kEarlier = "CAST(COALESCE(SUBDATE(CAST(";
constexpr Words kAsMoment = " AS DATETIME(6))";
constexpr Words kMicroseconds = ") MICROSECOND)";

/// What stands around the moment to have a part of it.
struct Part {
  std::string_view name;
  Words opening;
  Words closing;
};
constexpr std::array kParts = {
    Part{"extract_day", "DAYOFMONTH(", ")"},
    Part{"extract_day_of_year", "DAYOFYEAR(", ")"},
    Part{"extract_hour", "HOUR(", ")"},
    Part{"extract_minute", "MINUTE(", ")"},
    Part{"extract_month", "MONTH(", ")"},
    Part{"extract_quarter", "QUARTER(", ")"},
    Part{"extract_second", "SECOND(", ")"},
    Part{"extract_week", "WEEK(", ", 3)"},
    Part{"extract_weekday", "(WEEKDAY(", ") + 1)"},
    Part{"extract_year", "YEAR(", ")"},
};

/// What is taken away from the moment to come to a beginning: so many units, counted from the moment itself.
struct Beginning {
  std::string_view name;
  Words counting;
  Words unit;
};
constexpr std::array kBeginningsOfDays = {
    Beginning{"truncate_month", "), INTERVAL DAYOFMONTH(", ") - 1 DAY)"},
    Beginning{"truncate_week", "), INTERVAL WEEKDAY(", ") DAY)"},
    Beginning{"truncate_year", "), INTERVAL DAYOFYEAR(", ") - 1 DAY)"},
};

template <typename Known>
const Known* find(std::span<const Known> known, std::string_view name) {
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const Known& each) { return each.name == name; });
  return found == known.end() ? nullptr : &*found;
}

const std::string& name_of(Operand call) { return call.node->as<sql::FunctionCall>()->name; }

// Days become midnights where the call gives a point in time.
Words opening_of(Operand call) {
  return call.node->type().storage == StorageType::kDate ? Words("") : Words("CAST(");
}
Words closing_of(Operand call) {
  return call.node->type().storage == StorageType::kDate ? Words("") : kAsMoment;
}

Status write_part(const MysqlDialect&, Compilation& compilation, Operand call) {
  const Part& part = *find(std::span<const Part>(kParts), name_of(call));
  return write_wrapped(compilation, part.opening, Compilation::child(call, 0), part.closing);
}

Status write_beginning_of_day(const MysqlDialect&, Compilation& compilation, Operand call) {
  compilation.text().words(opening_of(call));
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "DATE(", Compilation::child(call, 0), ")"));
  compilation.text().words(closing_of(call));
  return {};
}

Status write_beginning_of_days(const MysqlDialect&, Compilation& compilation, Operand call) {
  const Beginning& beginning = *find(std::span<const Beginning>(kBeginningsOfDays), name_of(call));
  const Operand moment = Compilation::child(call, 0);
  compilation.text().words(opening_of(call));
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "SUBDATE(DATE(", moment, beginning.counting));
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "", moment, beginning.unit));
  compilation.text().words(closing_of(call));
  return {};
}

Status write_beginning_of_quarter(const MysqlDialect&, Compilation& compilation, Operand call) {
  const Operand moment = Compilation::child(call, 0);
  compilation.text().words(opening_of(call));
  BRIDGE_RETURN_IF_ERROR(
      write_wrapped(compilation, "SUBDATE(SUBDATE(DATE(", moment, "), INTERVAL DAYOFMONTH("));
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "", moment, ") - 1 DAY), INTERVAL (MONTH("));
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "", moment, ") - 1) % 3 MONTH)"));
  compilation.text().words(closing_of(call));
  return {};
}

Status write_beginning_of_hour(const MysqlDialect&, Compilation& compilation, Operand call) {
  const Operand moment = Compilation::child(call, 0);
  BRIDGE_RETURN_IF_ERROR(
      write_wrapped(compilation, "SUBDATE(CAST(", moment, " AS DATETIME(6)), INTERVAL MINUTE("));
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "", moment, ") * 60000000 + SECOND("));
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "", moment, ") * 1000000 + MICROSECOND("));
  return write_wrapped(compilation, "", moment, kMicroseconds);
}

Status write_beginning_of_minute(const MysqlDialect&, Compilation& compilation, Operand call) {
  const Operand moment = Compilation::child(call, 0);
  BRIDGE_RETURN_IF_ERROR(
      write_wrapped(compilation, "SUBDATE(CAST(", moment, " AS DATETIME(6)), INTERVAL SECOND("));
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "", moment, ") * 1000000 + MICROSECOND("));
  return write_wrapped(compilation, "", moment, kMicroseconds);
}

// A bound moment would count as text. Beyond the calendar lies NULL here.
Status write_shifted(const MysqlDialect& dialect, Compilation& compilation, Operand moment, Operand distance,
                     Words unit) {
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "", moment, " AS DATETIME(6)), INTERVAL "));
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "(", distance, unit));
  compilation.text().words(", ");
  BRIDGE_RETURN_IF_ERROR(dialect.write_refusal(compilation, std::array{moment, distance}));
  compilation.text().words(")");
  return {};
}

Status write_added(const MysqlDialect& dialect, Compilation& compilation, Operand call, Words unit) {
  const bool is_day = call.node->type().storage == StorageType::kDate;
  compilation.text().words(kLater);
  BRIDGE_RETURN_IF_ERROR(
      write_shifted(dialect, compilation, Compilation::child(call, 0), Compilation::child(call, 1), unit));
  compilation.text().words(is_day ? Words(" AS DATE)") : kAsMoment);
  return {};
}

Status write_added_days(const MysqlDialect& dialect, Compilation& compilation, Operand call) {
  return write_added(dialect, compilation, call, ") DAY)");
}

Status write_added_months(const MysqlDialect& dialect, Compilation& compilation, Operand call) {
  return write_added(dialect, compilation, call, ") MONTH)");
}

Status write_days_between(const MysqlDialect&, Compilation& compilation, Operand call) {
  return write_pair(compilation, "DATEDIFF(", Compilation::child(call, 1), ", ", Compilation::child(call, 0));
}

struct KnownWriter {
  std::string_view name;
  FunctionWriter write;
};
constexpr std::array kWriters = {
    KnownWriter{"add_days", write_added_days},
    KnownWriter{"add_months", write_added_months},
    KnownWriter{"days_between", write_days_between},
    KnownWriter{"truncate_day", write_beginning_of_day},
    KnownWriter{"truncate_hour", write_beginning_of_hour},
    KnownWriter{"truncate_minute", write_beginning_of_minute},
    KnownWriter{"truncate_quarter", write_beginning_of_quarter},
};

}  // namespace

FunctionWriter find_moment_writer(std::string_view portable_name) {
  if (find(std::span<const Part>(kParts), portable_name) != nullptr) return write_part;
  if (find(std::span<const Beginning>(kBeginningsOfDays), portable_name) != nullptr)
    return write_beginning_of_days;
  const KnownWriter* const known = find(std::span<const KnownWriter>(kWriters), portable_name);
  return known == nullptr ? nullptr : known->write;
}

Status write_moved(const MysqlDialect& dialect, Compilation& compilation, sql::BinaryOperator operation,
                   Operand moment, Operand interval) {
  if (moment.node->type().storage == StorageType::kTime)
    return make_error(ErrorCode::kUnsupportedFeature,
                      std::string(dialect.name()) + " has no arithmetic on times of day; use timestamps");
  const bool is_subtracted = operation == sql::BinaryOperator::kSubtract;
  compilation.text().words(is_subtracted ? kEarlier : kLater);
  BRIDGE_RETURN_IF_ERROR(write_shifted(dialect, compilation, moment, interval, kMicroseconds));
  compilation.text().words(kAsMoment);
  return {};
}

Status write_distance(Compilation& compilation, Operand later, Operand earlier) {
  return write_pair(compilation, "TIMESTAMPDIFF(MICROSECOND, ", earlier, ", ", later);
}

}  // namespace bridge::mysql
