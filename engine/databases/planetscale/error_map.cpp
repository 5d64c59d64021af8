// Vitess wraps what MySQL says, and says what it finds itself in texts under a few numbers.
#include "engine/databases/planetscale/error_map.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "engine/databases/mysql/error_map.h"

namespace bridge::planetscale {
namespace {

/// What a text means, and what is said instead; empty: what the server says.
struct Reading {
  std::string_view text;
  ErrorCode code;
  std::string_view message;
};

constexpr std::string_view kTooManyRows =
    "PlanetScale returns or changes at most 100,000 rows at once: read more with db.stream(), which streams "
    "them, or in pages, and change more in several statements";
constexpr std::string_view kTooLong =
    "PlanetScale ended the transaction, as it does with each that is open for 20 seconds: do less in one, "
    "and "
    "nothing slow beside it";
constexpr std::string_view kNoForeignKeys =
    "foreign keys are not enabled for this database: enable them in its settings, or leave foreign_keys=on "
    "out "
    "of the URL";

constexpr std::string_view kNotPrepared =
    "PlanetScale prepares no statement that begins with WITH, and so none with common tables: use subqueries";

// The first that is found counts: what names a cause stands before what names only a class.
constexpr std::array<Reading, 19> kReadings = {{
    {"ow count exceeded", ErrorCode::kStatement, kTooManyRows},  // of tablets; with `in-memory` of vtgate
    {"(exceeded timeout:", ErrorCode::kDeadlineExceeded, kTooLong},
    {"potential transaction timeout", ErrorCode::kDeadlineExceeded, kTooLong},
    {"VT10001", ErrorCode::kUnsupportedFeature, kNoForeignKeys},
    {"unrecognized prepare statement", ErrorCode::kUnsupportedFeature, kNotPrepared},
    {"syntax error at position", ErrorCode::kStatement, ""},
    {"VT12", ErrorCode::kUnsupportedFeature, ""},
    {"connection limit exceeded", ErrorCode::kConcurrency, ""},
    {"waiter cap exceeded", ErrorCode::kConcurrency, ""},
    {"waiter count exceeded", ErrorCode::kConcurrency, ""},
    {"Transaction throttled", ErrorCode::kConcurrency, ""},
    {"no healthy tablet available", ErrorCode::kConnectionLost, ""},
    {"primary is not serving", ErrorCode::kConnectionLost, ""},
    {"operation not allowed in state", ErrorCode::kConnectionLost, ""},
    {"code = Unavailable", ErrorCode::kConnectionLost, ""},
    {"code = DeadlineExceeded", ErrorCode::kDeadlineExceeded, ""},
    {"code = Canceled", ErrorCode::kDeadlineExceeded, ""},
    {"code = ResourceExhausted", ErrorCode::kConcurrency, ""},
    {"code = Aborted", ErrorCode::kSerializationFailure, ""},
}};
/// Reports that Vitess made itself, and those whose number it took from MySQL.
constexpr std::array<std::string_view, 8> kOwnNumbers = {"1105", "1317", "1203", "1235",
                                                         "1041", "1153", "1226", "1815"};

bool is_own(const driver::ServerError& error) {
  const std::string number_of_mysql = " (errno " + error.routine + ") (sqlstate ";
  if (error.message.find(number_of_mysql) != std::string::npos) return false;
  for (const std::string_view number : kOwnNumbers) {
    if (number == error.routine) return true;
  }
  return false;
}

/// The report without what was wrapped around it: who says it, its number again, the statement and its
/// values.
std::string unwrap(const driver::ServerError& error) {
  constexpr std::string_view kTarget = "target: ";
  constexpr std::string_view kTablet = "vttablet: ";
  constexpr std::string_view kDescription = " desc = ";
  std::string_view text = error.message;
  if (text.starts_with(kTarget)) {
    for (const std::string_view mark : {kTablet, kDescription}) {
      const std::size_t place = text.find(mark);
      if (place != std::string_view::npos) text.remove_prefix(place + mark.size());
    }
  }
  for (const std::string& mark : {" (errno " + error.routine + ") (sqlstate ", std::string(" (CallerID: "),
                                  std::string(": Sql: \""), std::string(", BindVars: {")})
    text = text.substr(0, text.find(mark));
  return std::string(text);
}

const Reading* find_reading(std::string_view text) {
  for (const Reading& reading : kReadings) {
    if (text.find(reading.text) != std::string_view::npos) return &reading;
  }
  return nullptr;
}

}  // namespace

Error to_error(driver::ServerError error) {
  const Reading* const reading = is_own(error) ? find_reading(error.message) : nullptr;
  error.message = unwrap(error);
  if (reading == nullptr) return mysql::to_error(std::move(error));
  std::string message(reading->message.empty() ? std::string_view(error.message) : reading->message);
  error.fields.detail = std::move(error.message);
  return make_error(reading->code, std::move(message))
      .with_server(std::move(error.fields))
      .with_sent(Sent::kYes);
}

}  // namespace bridge::planetscale
