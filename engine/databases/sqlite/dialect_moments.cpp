// Calls about moments: the fixed places of the stored text are cut out, distances are computed exactly.
#include "engine/databases/sqlite/dialect_moments.h"

#include <algorithm>
#include <array>

#include "engine/sql/compilation.h"

namespace bridge::sqlite {
namespace {

using sql::Compilation;
using sql::Dialect;
using sql::Operand;
using types::StorageType;
using Words = sql::SqlWriter::Words;

Status write_between(Compilation& compilation, Words opening, Operand operand, Words closing) {
  compilation.text().words(opening);
  BRIDGE_RETURN_IF_ERROR(compilation.write(operand));
  compilation.text().words(closing);
  return {};
}

/// What stands around the moment to have a part of it, or its beginning.
struct Surroundings {
  std::string_view name;
  Words opening;
  Words closing;
};

const Surroundings& find(std::span<const Surroundings> known, Operand call) {
  const std::string& name = call.node->as<sql::FunctionCall>()->name;
  return *std::find_if(known.begin(), known.end(),
                       [&](const Surroundings& each) { return each.name == name; });
}

constexpr Words kNumberOf = "CAST(substr(";
constexpr Words kTextOf = "(substr(";

// A week belongs to the year of its Thursday; Monday is its first day.
constexpr std::array kParts = {
    Surroundings{"extract_day", kNumberOf, ", 9, 2) AS INTEGER)"},
    Surroundings{"extract_day_of_year", "CAST(strftime('%j', substr(", ", 1, 10)) AS INTEGER)"},
    Surroundings{"extract_hour", kNumberOf, ", 12, 2) AS INTEGER)"},
    Surroundings{"extract_minute", kNumberOf, ", 15, 2) AS INTEGER)"},
    Surroundings{"extract_month", kNumberOf, ", 6, 2) AS INTEGER)"},
    Surroundings{"extract_quarter", "((CAST(substr(", ", 6, 2) AS INTEGER) + 2) / 3)"},
    Surroundings{"extract_second", kNumberOf, ", 18, 2) AS INTEGER)"},
    Surroundings{"extract_week", "((CAST(strftime('%j', substr(",
                 ", 1, 10), '-3 days', 'weekday 4') AS INTEGER) - 1) / 7 + 1)"},
    Surroundings{"extract_weekday", "((CAST(strftime('%w', substr(", ", 1, 10)) AS INTEGER) + 6) % 7 + 1)"},
    Surroundings{"extract_year", kNumberOf, ", 1, 4) AS INTEGER)"},
};

constexpr std::array kBeginningsOfDays = {
    Surroundings{"truncate_day", kTextOf, ", 1, 10)"},
    Surroundings{"truncate_month", kTextOf, ", 1, 7) || '-01'"},
    Surroundings{"truncate_week", "(date(substr(", ", 1, 10), 'weekday 0', '-6 days')"},
    Surroundings{"truncate_year", kTextOf, ", 1, 4) || '-01-01'"},
};

constexpr std::array kBeginningsOfTimes = {
    Surroundings{"truncate_hour", kTextOf, ", 1, 13) || ':00:00.000000'"},
    Surroundings{"truncate_minute", kTextOf, ", 1, 16) || ':00.000000'"},
};

Status write_part(const Dialect&, Compilation& compilation, Operand call) {
  const Surroundings& part = find(kParts, call);
  return write_between(compilation, part.opening, Compilation::child(call, 0), part.closing);
}

Status write_zone(Compilation& compilation, Operand call) {
  const bool has_zone = call.node->type().storage == StorageType::kTimestampUtc;
  compilation.text().words(has_zone ? Words(" || '+00:00')") : Words(")"));
  return {};
}

Status write_midnight(Compilation& compilation, Operand call) {
  if (call.node->type().storage != StorageType::kDate) compilation.text().words(" || ' 00:00:00.000000'");
  return write_zone(compilation, call);
}

Status write_beginning_of_days(const Dialect&, Compilation& compilation, Operand call) {
  const Surroundings& unit = find(kBeginningsOfDays, call);
  BRIDGE_RETURN_IF_ERROR(write_between(compilation, unit.opening, Compilation::child(call, 0), unit.closing));
  return write_midnight(compilation, call);
}

Status write_beginning_of_quarter(const Dialect&, Compilation& compilation, Operand call) {
  const Operand moment = Compilation::child(call, 0);
  BRIDGE_RETURN_IF_ERROR(write_between(compilation, kTextOf, moment, ", 1, 5) || printf('%02d', "));
  BRIDGE_RETURN_IF_ERROR(
      write_between(compilation, "(CAST(substr(", moment, ", 6, 2) AS INTEGER) - 1) / 3 * 3 + 1) || '-01'"));
  return write_midnight(compilation, call);
}

Status write_beginning_of_time(const Dialect&, Compilation& compilation, Operand call) {
  const Surroundings& unit = find(kBeginningsOfTimes, call);
  BRIDGE_RETURN_IF_ERROR(write_between(compilation, unit.opening, Compilation::child(call, 0), unit.closing));
  return write_zone(compilation, call);
}

Status write_added_days(const Dialect&, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(
      write_between(compilation, "bridge_moment_add(", Compilation::child(call, 0), ", ("));
  return write_between(compilation, "", Compilation::child(call, 1), ") * 86400000000)");
}

Status write_added_months(const Dialect&, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(
      write_between(compilation, "bridge_moment_add_months(", Compilation::child(call, 0), ", "));
  return write_between(compilation, "", Compilation::child(call, 1), ")");
}

Status write_days_between(const Dialect&, Compilation& compilation, Operand call) {
  BRIDGE_RETURN_IF_ERROR(
      write_between(compilation, "(bridge_moment_difference(", Compilation::child(call, 1), ", "));
  return write_between(compilation, "", Compilation::child(call, 0), ") / 86400000000)");
}

bool is_among(std::span<const Surroundings> known, std::string_view name) {
  return std::any_of(known.begin(), known.end(), [&](const Surroundings& each) { return each.name == name; });
}

}  // namespace

FunctionWriter find_moment_writer(std::string_view portable_name) {
  if (is_among(kParts, portable_name)) return write_part;
  if (is_among(kBeginningsOfDays, portable_name)) return write_beginning_of_days;
  if (is_among(kBeginningsOfTimes, portable_name)) return write_beginning_of_time;
  if (portable_name == "truncate_quarter") return write_beginning_of_quarter;
  if (portable_name == "add_days") return write_added_days;
  if (portable_name == "add_months") return write_added_months;
  return portable_name == "days_between" ? write_days_between : nullptr;
}

Status write_moved(const Dialect& dialect, Compilation& compilation, sql::BinaryOperator operation,
                   Operand moment, Operand interval) {
  const StorageType storage = moment.node->type().storage;
  if (storage == StorageType::kTime)
    return make_error(ErrorCode::kUnsupportedFeature,
                      std::string(dialect.name()) + " has no arithmetic on times of day; use timestamps");
  // a day moved by an interval is a timestamp
  const bool is_day = storage == StorageType::kDate;
  BRIDGE_RETURN_IF_ERROR(write_between(compilation, "bridge_moment_add(", moment,
                                       is_day ? Words(" || ' 00:00:00.000000', ") : Words(", ")));
  const bool is_subtracted = operation == sql::BinaryOperator::kSubtract;
  return write_between(compilation, is_subtracted ? Words("-(") : Words("("), interval, "))");
}

Status write_distance(Compilation& compilation, Operand later, Operand earlier) {
  BRIDGE_RETURN_IF_ERROR(write_between(compilation, "bridge_moment_difference(", later, ", "));
  return write_between(compilation, "", earlier, ")");
}

}  // namespace bridge::sqlite
