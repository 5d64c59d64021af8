// Error numbers first, as several of them share one SQLSTATE; then the classes of ISO/IEC 9075-2,
// subclause 24.1.
#include "engine/databases/mysql/error_map.h"

#include <string>
#include <string_view>
#include <utility>

namespace bridge::mysql {
namespace {

struct NumberMapping {
  std::string_view number;
  ErrorCode code;
};

constexpr NumberMapping kNumbers[] = {
    {"1040", ErrorCode::kConnectFailed},         // too many connections
    {"1203", ErrorCode::kConnectFailed},         // too many connections of this user
    {"1226", ErrorCode::kConnectFailed},         // a limit of this user
    {"1053", ErrorCode::kConnectionLost},        // the server is shutting down
    {"1077", ErrorCode::kConnectionLost},        // the same, said at the end
    {"1152", ErrorCode::kConnectionLost},        // the connection was aborted
    {"1927", ErrorCode::kConnectionLost},        // MariaDB: the connection was killed
    {"4031", ErrorCode::kConnectionLost},        // idle for too long
    {"1045", ErrorCode::kAuthentication},        // wrong user or password
    {"1130", ErrorCode::kAuthentication},        // not from this host
    {"1251", ErrorCode::kAuthentication},        // a login method the client does not know
    {"1524", ErrorCode::kAuthentication},        // a login method that is not loaded
    {"1698", ErrorCode::kAuthentication},        // no password was allowed
    {"3118", ErrorCode::kAuthentication},        // the account is locked
    {"1049", ErrorCode::kConfiguration},         // no such database
    {"1044", ErrorCode::kPrivilege},             // on a database
    {"1142", ErrorCode::kPrivilege},             // on a table
    {"1143", ErrorCode::kPrivilege},             // on a column
    {"1227", ErrorCode::kPrivilege},             // a special one
    {"1370", ErrorCode::kPrivilege},             // on a routine
    {"1062", ErrorCode::kUniqueViolation},       // a duplicate key
    {"1586", ErrorCode::kUniqueViolation},       // the same with the key's name
    {"1216", ErrorCode::kForeignKeyViolation},   // a child without a parent, old form
    {"1217", ErrorCode::kForeignKeyViolation},   // a parent with children, old form
    {"1451", ErrorCode::kForeignKeyViolation},   // a parent with children
    {"1452", ErrorCode::kForeignKeyViolation},   // a child without a parent
    {"1048", ErrorCode::kNotNullViolation},      // NULL given
    {"1364", ErrorCode::kNotNullViolation},      // nothing given, no default
    {"3819", ErrorCode::kCheckViolation},        // MySQL
    {"4025", ErrorCode::kCheckViolation},        // MariaDB
    {"1213", ErrorCode::kDeadlock},              //
    {"1020", ErrorCode::kSerializationFailure},  // MariaDB: the snapshot is older than the row
    {"1205", ErrorCode::kLockTimeout},           // waited for too long
    {"3572", ErrorCode::kLockTimeout},           // NOWAIT
    {"1317", ErrorCode::kCancelled},             // KILL QUERY
    {"3024", ErrorCode::kCancelled},             // MySQL's limit on a statement's time
    {"1969", ErrorCode::kCancelled},             // MariaDB's
    {"1243", ErrorCode::kStatementCacheStale},   // a statement the server does not know
    {"1615", ErrorCode::kStatementCacheStale},   // has to be prepared again
    {"1290", ErrorCode::kStatement},             // the server is read-only
    {"1836", ErrorCode::kStatement},             // the same
    {"1114", ErrorCode::kServerFailure},         // the table is full
    {"1021", ErrorCode::kServerFailure},         // the disk is full
    {"1037", ErrorCode::kServerFailure},         // no memory
    {"1038", ErrorCode::kServerFailure},         // no memory to sort
    {"1041", ErrorCode::kServerFailure},         // no memory at all
    {"1461", ErrorCode::kServerFailure},         // too many prepared statements in the whole server
    {"1264", ErrorCode::kDataRejected},          // out of range
    {"1265", ErrorCode::kDataRejected},          // truncated
    {"1292", ErrorCode::kDataRejected},          // an impossible date or number
    {"1366", ErrorCode::kDataRejected},          // text that is no number, or of another character set
    {"1406", ErrorCode::kDataRejected},          // too long
    {"1365", ErrorCode::kDataRejected},          // division by zero
    {"1153", ErrorCode::kDataRejected},          // larger than max_allowed_packet
    {"1690", ErrorCode::kDataRejected},          // an expression's value out of range
    {"3140", ErrorCode::kDataRejected},          // text that is no JSON
    {"3141", ErrorCode::kDataRejected},          // the same in an expression, such as a number we refuse
};

constexpr std::pair<std::string_view, ErrorCode> kClasses[] = {
    {"08", ErrorCode::kConnectionLost}, {"0A", ErrorCode::kStatement},   {"21", ErrorCode::kDataRejected},
    {"22", ErrorCode::kDataRejected},   {"23", ErrorCode::kIntegrity},   {"25", ErrorCode::kStatement},
    {"28", ErrorCode::kAuthentication}, {"40", ErrorCode::kConcurrency}, {"42", ErrorCode::kStatement},
    {"44", ErrorCode::kIntegrity},      {"70", ErrorCode::kCancelled},
};

/// What stands in quotes behind a marker, without the quotes and without the names before its last point.
std::string quoted_after(std::string_view text, std::string_view marker) {
  const std::size_t place = text.find(marker);
  if (place == std::string_view::npos || place + marker.size() >= text.size()) return {};
  const std::string_view rest = text.substr(place + marker.size());
  const char quote = rest.front();
  const bool is_quote = quote == '\'' || quote == '`';
  const std::size_t end = is_quote ? rest.find(quote, 1) : std::string_view::npos;
  if (end == std::string_view::npos) return {};
  const std::string_view name = rest.substr(1, end - 1);
  return std::string(name.substr(name.rfind('.') + 1));
}

/// The table of a key that is told as `table.key`; nothing where the server leaves it out.
std::string table_of_key(std::string_view text) {
  constexpr std::string_view kMarker = " for key '";
  const std::size_t place = text.rfind(kMarker);
  if (place == std::string_view::npos) return {};
  const std::string_view name = text.substr(place + kMarker.size());
  const std::size_t point = name.find('.');
  return point == std::string_view::npos ? std::string() : std::string(name.substr(0, point));
}

/// Fills in the names that the server only tells in its sentences.
void find_names(driver::ServerError& error, ErrorCode code) {
  const std::string_view text = error.message;
  if (code == ErrorCode::kUniqueViolation && error.fields.table.empty())
    error.fields.table = table_of_key(text);
  for (const std::string_view marker : {" for key ", "CONSTRAINT ", "Check constraint "}) {
    if (error.fields.constraint.empty()) error.fields.constraint = quoted_after(text, marker);
  }
  if (code != ErrorCode::kNotNullViolation && code != ErrorCode::kDataRejected) return;
  for (const std::string_view marker : {"Column ", "Field ", " for column "}) {
    if (error.fields.column.empty()) error.fields.column = quoted_after(text, marker);
  }
}

/// The server's sentence without the values it quotes, which belong into the detail.
std::string to_message(const driver::ServerError& error, ErrorCode code) {
  const std::string_view text = error.message;
  if (code == ErrorCode::kUniqueViolation)
    return "another row has the same values already, in key " + error.fields.constraint;
  if (code == ErrorCode::kDataRejected) return std::string(text.substr(0, text.find(": ")));
  return std::string(text);
}

ErrorCode to_code(const driver::ServerError& error) {
  for (const auto& [number, code] : kNumbers) {
    if (number == error.routine) return code;
  }
  for (const auto& [prefix, code] : kClasses) {
    if (error.fields.sqlstate.starts_with(prefix)) return code;
  }
  return ErrorCode::kDatabase;
}

}  // namespace

Error to_error(driver::ServerError error) {
  const ErrorCode code = to_code(error);
  find_names(error, code);
  Error made = make_error(code, to_message(error, code));
  error.fields.detail = std::move(error.message);
  return std::move(made).with_server(std::move(error.fields)).with_sent(Sent::kYes);
}

}  // namespace bridge::mysql
