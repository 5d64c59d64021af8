// Most of what Dolt reports has one number, and is told apart by its words alone.
#include "engine/databases/dolt/error_map.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace bridge::dolt {
namespace {

constexpr std::string_view kUnclassified = "1105";
constexpr std::string_view kConflict = "1213";  // with the rows of another transaction, found at commit
constexpr std::string_view kUnknownVariable = "1193";  // of the settings, where the server is another

/// An error by a part of its message, and what MySQL calls it.
struct Restatement {
  std::string_view part;
  const char* number;
  const char* sqlstate;
  const char* message = nullptr;  ///< instead of one that quotes values
};

constexpr const char* kStatementState = "42000";
constexpr const char* kUnchanged = "1105";
constexpr Restatement kRestatements[] = {
    {"Duplicate key name", "1061", kStatementState},
    {"Check constraint \"", "3819", "HY000"},
    {"doesn't have a default value", "1364", "HY000"},
    {"could not be found in any table", "1054", "42S22"},
    {"Unknown column", "1054", "42S22"},
    {"GROUP BY", "1055", kStatementState},
    {"offset must be", "1064", kStatementState},
    {"is too large for column", "1406", "22001", "a value is too long for its column"},
    {"out of range", "1264", "22003", "a number is out of the range of its column"},
    {"Incorrect datetime value", "1292", "22007", "a date or time is not valid"},
    {"incompatible conversion", "1366", "22000", "a value is not of the type it is compared or mixed with"},
    {"Invalid JSON", "3140", "22032", "a text is no JSON"},
    {"INVALID_ARGUMENT", "1064", kStatementState},
    {"in use in other sessions", "1205", "HY000"},
    {"nothing to commit", kUnchanged, kStatementState},
    {"branch not found", kUnchanged, kStatementState},
    {"tag not found", kUnchanged, kStatementState},
    {"is not fully merged", kUnchanged, kStatementState},
    {"is not a valid branch or hash", kUnchanged, kStatementState},
    {"could not find", kUnchanged, kStatementState},
    {"not found: ", kUnchanged, kStatementState},
    {"not found", kUnchanged, kStatementState},
    {"fatal: ", kUnchanged, kStatementState},
    {"read-only", kUnchanged, kStatementState},
};

/// What stands between two texts, the first of which occurs; empty otherwise.
std::string between(std::string_view text, std::string_view before, std::string_view behind) {
  const std::size_t place = text.find(before);
  if (place == std::string_view::npos) return {};
  const std::string_view rest = text.substr(place + before.size());
  return std::string(rest.substr(0, rest.find(behind)));
}

void find_names(driver::ServerError& report) {
  const std::string_view text = report.message;
  ServerFields& fields = report.fields;
  fields.constraint = between(text, "Check constraint \"", "\"");
  if (fields.constraint.empty()) fields.constraint = between(text, "violation on fk: `", "`");
  fields.table = between(text, "table: `", "`");
  fields.column = between(text, "column name '", "'");
  if (fields.column.empty()) fields.column = between(text, "too large for column '", "'");
  if (fields.column.empty() && report.routine == "1364") fields.column = between(text, "Field '", "'");
}

/// The text with nothing of what stood between quotes or brackets: nobody knows which of it are values.
std::string without_quoted(std::string_view text) {
  std::string kept;
  char closing = 0;
  for (const char character : text) {
    if (closing != 0) {
      if (character != closing) continue;
      closing = 0;
    } else if (character == '\'' || character == '"') {
      closing = character;
    } else if (character == '[') {
      closing = ']';
    }
    kept += character;
  }
  return kept;
}

}  // namespace

void restate(driver::ServerError& report) {
  if (report.routine == kConflict) {
    report.routine = "1020";  // the snapshot is older than the row
  } else if (report.routine == kUnknownVariable && report.message.find("dolt_") != std::string::npos) {
    report.routine = "1049";  // as for a database that is not there
    report.message = "the server is not Dolt: it does not know Dolt's settings; use the scheme of what it is";
  } else if (report.routine == kUnclassified) {
    for (const Restatement& known : kRestatements) {
      if (report.message.find(known.part) == std::string::npos) continue;
      report.routine = known.number;
      report.fields.sqlstate = known.sqlstate;
      find_names(report);
      if (known.message != nullptr) report.message = known.message;
      return;
    }
    report.message = without_quoted(report.message);
  } else {
    // a table or column that is not there, which comes with a state that says nothing
    if (report.routine == "1146" || report.routine == "1054") report.fields.sqlstate = kStatementState;
    find_names(report);
    // the key's values stand behind it
    report.message.resize(std::min(report.message.find(", key: `"), report.message.size()));
  }
}

}  // namespace bridge::dolt
