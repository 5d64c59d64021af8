// SQLSTATEs by Appendix A of the PostgreSQL manual: single codes first, then whole classes.
#include "engine/databases/postgres/error_map.h"

#include <array>
#include <utility>

namespace bridge::postgres {
namespace {

struct Mapping {
  std::string_view prefix;  ///< a whole code, or the two characters of a class
  ErrorCode code;
};

constexpr std::string_view kCannotConnectNow = "57P03";

// The first match counts, so codes stand before their classes.
constexpr std::array kMappings{
    Mapping{"23505", ErrorCode::kUniqueViolation},
    Mapping{"23503", ErrorCode::kForeignKeyViolation},
    Mapping{"23502", ErrorCode::kNotNullViolation},
    Mapping{"23514", ErrorCode::kCheckViolation},
    Mapping{"23", ErrorCode::kIntegrity},
    Mapping{"44", ErrorCode::kIntegrity},  // view's CHECK OPTION
    Mapping{"40001", ErrorCode::kSerializationFailure},
    Mapping{"40P01", ErrorCode::kDeadlock},
    Mapping{"40", ErrorCode::kConcurrency},
    Mapping{"55P03", ErrorCode::kLockTimeout},
    Mapping{"57014", ErrorCode::kCancelled},
    Mapping{kCannotConnectNow, ErrorCode::kConnectFailed},  // nothing began
    Mapping{"57P", ErrorCode::kConnectionLost},
    Mapping{"25P03", ErrorCode::kConnectionLost},  // idle-in-transaction timeout
    Mapping{"25P04", ErrorCode::kConnectionLost},  // transaction timeout
    Mapping{"08P01",
            ErrorCode::kStatement},  // a message the server could not use; sessions it ends are FATAL
    Mapping{"08", ErrorCode::kConnectionLost},
    Mapping{"53300", ErrorCode::kConnectFailed},  // too many connections
    Mapping{"53", ErrorCode::kServerFailure},
    Mapping{"57", ErrorCode::kServerFailure},
    Mapping{"58", ErrorCode::kServerFailure},
    Mapping{"F0", ErrorCode::kServerFailure},
    Mapping{"XX", ErrorCode::kServerFailure},
    Mapping{"26", ErrorCode::kStatementCacheStale},
    Mapping{"42P05", ErrorCode::kStatementCacheStale},  // a name that another client of a pooler has taken
    Mapping{"21", ErrorCode::kDataRejected},
    Mapping{"22", ErrorCode::kDataRejected},
    Mapping{"42501", ErrorCode::kPrivilege},
    Mapping{"28", ErrorCode::kAuthentication},
    Mapping{"3D", ErrorCode::kConfiguration},  // no such database
    Mapping{"0A", ErrorCode::kStatement},
    Mapping{"25", ErrorCode::kStatement},
    Mapping{"3B", ErrorCode::kStatement},
    Mapping{"3F", ErrorCode::kStatement},
    Mapping{"42", ErrorCode::kStatement},
    Mapping{"54", ErrorCode::kStatement},
    Mapping{"55", ErrorCode::kStatement},
};

constexpr std::string_view kFeatureNotSupported = "0A000";
constexpr std::string_view kRevalidation =
    "RevalidateCachedQuery";  // who says "cached plan must not change result type"
constexpr std::string_view kDataClass = "22";
constexpr unsigned char kFirstPrintable = 0x20;

std::string to_message(const driver::ServerError& error) {
  std::string_view text = error.message;
  if (error.fields.sqlstate.starts_with(kDataClass)) text = text.substr(0, text.find(':'));
  std::string message =
      text.empty() ? std::string("the server reported an error without a message") : std::string(text);
  for (char& letter : message) {
    if (static_cast<unsigned char>(letter) < kFirstPrintable) letter = ' ';
  }
  return message;
}

}  // namespace

ErrorCode to_error_code(const driver::ServerError& error) {
  const std::string& state = error.fields.sqlstate;
  if (state == kFeatureNotSupported && error.routine == kRevalidation) return ErrorCode::kStatementCacheStale;
  for (const Mapping& mapping : kMappings) {
    if (state.starts_with(mapping.prefix)) return mapping.code;
  }
  return ErrorCode::kDatabase;
}

Error to_error(driver::ServerError error, ErrorReader reader) {
  Error made = make_error(reader(error), to_message(error));
  return std::move(made).with_server(std::move(error.fields)).with_sent(Sent::kYes);
}

bool takes_no_sessions_yet(const Error& error) { return error.server().sqlstate == kCannotConnectNow; }

bool ends_session(const driver::ServerError& error) {
  return error.severity == "FATAL" || error.severity == "PANIC";
}

}  // namespace bridge::postgres
