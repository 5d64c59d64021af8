// Result codes (https://www.sqlite.org/rescode.html) sorted by what a caller can do about them.
#include "engine/databases/sqlite/error_map.h"

#include <sqlite3.h>

namespace bridge::sqlite {
namespace {

constexpr int kPrimaryMask = 0xFF;  // an extended code keeps its primary code in the low byte
constexpr std::string_view kForeignKeyMessage = "FOREIGN KEY constraint failed";
constexpr std::string_view kDecimalPrefix = "bridge_decimal";

ErrorCode to_constraint_code(int extended_code, std::string_view message) {
  switch (extended_code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return ErrorCode::kUniqueViolation;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return ErrorCode::kForeignKeyViolation;
    // ON DELETE RESTRICT is carried out by an inner trigger and reports itself as one
    case SQLITE_CONSTRAINT_TRIGGER:
      return message == kForeignKeyMessage ? ErrorCode::kForeignKeyViolation : ErrorCode::kIntegrity;
    case SQLITE_CONSTRAINT_NOTNULL:
      return ErrorCode::kNotNullViolation;
    case SQLITE_CONSTRAINT_CHECK:
      return ErrorCode::kCheckViolation;
    case SQLITE_CONSTRAINT_DATATYPE:
      return ErrorCode::kDataRejected;
    default:
      return ErrorCode::kIntegrity;
  }
}

/// SQLITE_ERROR stands for a wrong statement and for values a function refuses.
ErrorCode to_statement_code(std::string_view message) {
  const bool is_about_values = message.starts_with(kDecimalPrefix) || message == "integer overflow" ||
                               message.starts_with("malformed JSON");
  return is_about_values ? ErrorCode::kDataRejected : ErrorCode::kStatement;
}

ErrorCode to_code(int extended_code, std::string_view message) {
  switch (extended_code & kPrimaryMask) {
    case SQLITE_ERROR:
      return to_statement_code(message);
    case SQLITE_CONSTRAINT:
      return to_constraint_code(extended_code, message);
    case SQLITE_BUSY:
      return extended_code == SQLITE_BUSY_SNAPSHOT ? ErrorCode::kSerializationFailure
                                                   : ErrorCode::kLockTimeout;
    case SQLITE_LOCKED:
      return ErrorCode::kLockTimeout;
    case SQLITE_INTERRUPT:
      return ErrorCode::kCancelled;
    case SQLITE_SCHEMA:
      return ErrorCode::kStatementCacheStale;
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
      return ErrorCode::kDataRejected;
    case SQLITE_READONLY:
      return extended_code == SQLITE_READONLY_DBMOVED ? ErrorCode::kServerFailure : ErrorCode::kPrivilege;
    case SQLITE_AUTH:
    case SQLITE_PERM:
      return ErrorCode::kPrivilege;
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
    case SQLITE_PROTOCOL:
    case SQLITE_NOLFS:
    case SQLITE_NOMEM:
      return ErrorCode::kServerFailure;
    default:
      return ErrorCode::kInternal;
  }
}

/// `UNIQUE constraint failed: books.title, books.year` -> table and column; `index 'name'` and `CHECK
/// constraint failed: name` -> constraint.
void read_names(ErrorCode code, std::string_view message, ServerFields& fields) {
  const std::size_t colon = message.find(": ");
  if (colon == std::string_view::npos) return;
  std::string_view subject = message.substr(colon + 2);
  constexpr std::string_view kIndexPrefix = "index '";
  if (code == ErrorCode::kCheckViolation) {
    fields.constraint = subject;
  } else if (subject.starts_with(kIndexPrefix)) {
    subject.remove_prefix(kIndexPrefix.size());
    fields.constraint = subject.substr(0, subject.rfind('\''));
  } else if (code == ErrorCode::kUniqueViolation || code == ErrorCode::kNotNullViolation) {
    const std::string_view first = subject.substr(0, subject.find(", "));
    const std::size_t point = first.rfind('.');
    if (point == std::string_view::npos) return;
    fields.table = first.substr(0, point);
    fields.column = first.substr(point + 1);
  }
}

}  // namespace

Error to_error(int extended_code, std::string_view message) {
  const ErrorCode code = to_code(extended_code, message);
  ServerFields fields;
  fields.sqlstate = std::to_string(extended_code);
  read_names(code, message, fields);
  return make_error(code, "SQLite: " + std::string(message))
      .with_sent(Sent::kYes)
      .with_server(std::move(fields));
}

Error last_error(sqlite3* database) {
  return to_error(sqlite3_extended_errcode(database), sqlite3_errmsg(database));
}

bool is_fatal(int extended_code) {
  const int primary = extended_code & kPrimaryMask;
  return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || extended_code == SQLITE_READONLY_DBMOVED;
}

bool is_busy(int extended_code) {
  return (extended_code & kPrimaryMask) == SQLITE_BUSY && extended_code != SQLITE_BUSY_SNAPSHOT;
}

}  // namespace bridge::sqlite
