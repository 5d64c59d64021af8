// Calls about moments in PostgreSQL's functions.
#include "engine/databases/postgres/dialect_moments.h"

#include <algorithm>
#include <array>

#include "engine/sql/compilation.h"

namespace bridge::postgres {
namespace {

using sql::Compilation;
using sql::Dialect;
using sql::Operand;
using types::StorageType;
using Words = sql::SqlWriter::Words;

/// What stands before the moment to have a part of it, or its beginning.
struct Opening {
  std::string_view name;
  Words words;
};

const Opening* find(std::span<const Opening> known, std::string_view name) {
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const Opening& each) { return each.name == name; });
  return found == known.end() ? nullptr : &*found;
}

// Weeks and their days are those of ISO 8601; a second loses its fraction.
constexpr std::array kParts = {
    Opening{"extract_day", "CAST(FLOOR(EXTRACT(DAY FROM "},
    Opening{"extract_day_of_year", "CAST(FLOOR(EXTRACT(DOY FROM "},
    Opening{"extract_hour", "CAST(FLOOR(EXTRACT(HOUR FROM "},
    Opening{"extract_minute", "CAST(FLOOR(EXTRACT(MINUTE FROM "},
    Opening{"extract_month", "CAST(FLOOR(EXTRACT(MONTH FROM "},
    Opening{"extract_quarter", "CAST(FLOOR(EXTRACT(QUARTER FROM "},
    Opening{"extract_second", "CAST(FLOOR(EXTRACT(SECOND FROM "},
    Opening{"extract_week", "CAST(FLOOR(EXTRACT(WEEK FROM "},
    Opening{"extract_weekday", "CAST(FLOOR(EXTRACT(ISODOW FROM "},
    Opening{"extract_year", "CAST(FLOOR(EXTRACT(YEAR FROM "},
};

constexpr std::array kBeginnings = {
    Opening{"truncate_day", "date_trunc('day', "},         Opening{"truncate_hour", "date_trunc('hour', "},
    Opening{"truncate_minute", "date_trunc('minute', "},   Opening{"truncate_month", "date_trunc('month', "},
    Opening{"truncate_quarter", "date_trunc('quarter', "}, Opening{"truncate_week", "date_trunc('week', "},
    Opening{"truncate_year", "date_trunc('year', "},
};

/// The moment as a timestamp without a zone, as it is written in UTC.
Status write_zoneless(Compilation& compilation, Operand moment) {
  const bool has_zone = moment.node->type().storage == StorageType::kTimestampUtc;
  compilation.text().words(has_zone ? Words("(") : Words("CAST("));
  BRIDGE_RETURN_IF_ERROR(compilation.write(moment, sql::Rank::kAtom));
  compilation.text().words(has_zone ? Words(" AT TIME ZONE 'UTC')") : Words(" AS timestamp)"));
  return {};
}

/// Around a zoneless timestamp: what makes it the type the call has.
Words opening_of(Operand call) {
  return call.node->type().storage == StorageType::kTimestampUtc ? Words("(") : Words("CAST(");
}
Words closing_of(Operand call) {
  switch (call.node->type().storage) {
    case StorageType::kTimestampUtc:
      return " AT TIME ZONE 'UTC')";
    case StorageType::kDate:
      return " AS date)";
    default:
      return " AS timestamp)";
  }
}

const std::string& name_of(Operand call) { return call.node->as<sql::FunctionCall>()->name; }

Status write_part(const Dialect&, Compilation& compilation, Operand call) {
  compilation.text().words(find(kParts, name_of(call))->words);
  BRIDGE_RETURN_IF_ERROR(write_zoneless(compilation, Compilation::child(call, 0)));
  compilation.text().words(")) AS bigint)");
  return {};
}

Status write_beginning(const Dialect&, Compilation& compilation, Operand call) {
  compilation.text().words(opening_of(call)).words(find(kBeginnings, name_of(call))->words);
  BRIDGE_RETURN_IF_ERROR(write_zoneless(compilation, Compilation::child(call, 0)));
  compilation.text().words(")").words(closing_of(call));
  return {};
}

Status write_moved(Compilation& compilation, Operand call, Words unit) {
  compilation.text().words(opening_of(call)).words("(");
  BRIDGE_RETURN_IF_ERROR(write_zoneless(compilation, Compilation::child(call, 0)));
  compilation.text().words(unit);
  BRIDGE_RETURN_IF_ERROR(compilation.write(Compilation::child(call, 1), sql::Rank::kAtom));
  compilation.text().words(" AS integer)))").words(closing_of(call));
  return {};
}

Status write_added_days(const Dialect&, Compilation& compilation, Operand call) {
  return write_moved(compilation, call, " + make_interval(days => CAST(");
}

Status write_added_months(const Dialect&, Compilation& compilation, Operand call) {
  return write_moved(compilation, call, " + make_interval(months => CAST(");
}

Status write_days_between(const Dialect&, Compilation& compilation, Operand call) {
  compilation.text().words("CAST(");
  BRIDGE_RETURN_IF_ERROR(compilation.write(Compilation::child(call, 1), sql::Rank::kAtom));
  compilation.text().words(" - ");
  BRIDGE_RETURN_IF_ERROR(compilation.write(Compilation::child(call, 0), sql::Rank::kAtom));
  compilation.text().words(" AS bigint)");
  return {};
}

}  // namespace

FunctionWriter find_moment_writer(std::string_view portable_name) {
  if (find(kParts, portable_name) != nullptr) return write_part;
  if (find(kBeginnings, portable_name) != nullptr) return write_beginning;
  if (portable_name == "add_days") return write_added_days;
  if (portable_name == "add_months") return write_added_months;
  return portable_name == "days_between" ? write_days_between : nullptr;
}

}  // namespace bridge::postgres
