// The closed list of everything that can go wrong, with the traits that decide how it is treated.
#pragma once

#include <cstdint>
#include <string_view>

namespace bridge {

/// What kind of trouble a code stands for. Only `kInfrastructure` counts against a circuit breaker.
enum class ErrorKind : std::uint8_t {
  kUsage,           ///< the caller's program is wrong; repeating it cannot help
  kInfrastructure,  ///< network, server or pool; says something about the endpoint's health
  kDatabase,        ///< the server is alive and refused this statement
  kResult,          ///< the rows were not what was asked for
};

// Columns: enumerator, stable snake_case name (the `code` users see), kind, retryable.
// The Python classes of the same names are drawn in python/bridgeorm/errors.py; a test walks both.
#define BRIDGE_ERROR_CODES(X)                                                \
  X(kConfiguration, "configuration", kUsage, false)                          \
  X(kModel, "model", kUsage, false)                                          \
  X(kValidation, "validation", kUsage, false)                                \
  X(kQuery, "query", kUsage, false)                                          \
  X(kInvalidIdentifier, "invalid_identifier", kUsage, false)                 \
  X(kUnsupportedFeature, "unsupported_feature", kUsage, false)               \
  X(kUnparameterizedSql, "unparameterized_sql", kUsage, false)               \
  X(kNotLoaded, "not_loaded", kUsage, false)                                 \
  X(kConnectFailed, "connect_failed", kInfrastructure, true)                 \
  X(kAuthentication, "authentication", kUsage, false)                        \
  X(kTls, "tls", kInfrastructure, false)                                     \
  X(kConnectionLost, "connection_lost", kInfrastructure, true)               \
  X(kCommitOutcomeUnknown, "commit_outcome_unknown", kInfrastructure, false) \
  X(kPoolTimeout, "pool_timeout", kUsage, true)                              \
  X(kPoolClosed, "pool_closed", kUsage, false)                               \
  X(kCircuitOpen, "circuit_open", kUsage, true)                              \
  X(kDeadlineExceeded, "deadline_exceeded", kInfrastructure, false)          \
  X(kDatabase, "database", kDatabase, false)                                 \
  X(kServerFailure, "server_failure", kInfrastructure, false)                \
  X(kIntegrity, "integrity", kDatabase, false)                               \
  X(kUniqueViolation, "unique_violation", kDatabase, false)                  \
  X(kForeignKeyViolation, "foreign_key_violation", kDatabase, false)         \
  X(kNotNullViolation, "not_null_violation", kDatabase, false)               \
  X(kCheckViolation, "check_violation", kDatabase, false)                    \
  X(kConcurrency, "concurrency", kDatabase, true)                            \
  X(kSerializationFailure, "serialization_failure", kDatabase, true)         \
  X(kDeadlock, "deadlock", kDatabase, true)                                  \
  X(kLockTimeout, "lock_timeout", kDatabase, true)                           \
  X(kStatement, "statement", kDatabase, false)                               \
  X(kStatementCacheStale, "statement_cache_stale", kDatabase, true)          \
  X(kDataRejected, "data", kDatabase, false)                                 \
  X(kPrivilege, "privilege", kDatabase, false)                               \
  X(kNoRowFound, "no_row_found", kResult, false)                             \
  X(kMultipleRowsFound, "multiple_rows_found", kResult, false)               \
  X(kDecode, "decode", kResult, false)                                       \
  X(kStaleRow, "stale_row", kResult, false)                                  \
  X(kMigration, "migration", kUsage, false)                                  \
  X(kCancelled, "cancelled", kUsage, false)                                  \
  X(kInternal, "internal", kUsage, false)

/// Everything that can go wrong.
enum class ErrorCode : std::uint8_t {
#define BRIDGE_ENUMERATOR(enumerator, name, kind, retryable) enumerator,
  BRIDGE_ERROR_CODES(BRIDGE_ENUMERATOR)
#undef BRIDGE_ENUMERATOR
};

/// The stable snake_case name of a code.
constexpr std::string_view to_name(ErrorCode code) {
  switch (code) {
#define BRIDGE_NAME(enumerator, name, kind, retryable) \
  case ErrorCode::enumerator:                          \
    return name;
    BRIDGE_ERROR_CODES(BRIDGE_NAME)
#undef BRIDGE_NAME
  }
  return "internal";
}

/// The kind of trouble a code stands for.
constexpr ErrorKind to_kind(ErrorCode code) {
  switch (code) {
#define BRIDGE_KIND(enumerator, name, kind, retryable) \
  case ErrorCode::enumerator:                          \
    return ErrorKind::kind;
    BRIDGE_ERROR_CODES(BRIDGE_KIND)
#undef BRIDGE_KIND
  }
  return ErrorKind::kUsage;
}

/// Whether the same operation may succeed if it is repeated (as a whole transaction where it was in one).
constexpr bool is_retryable(ErrorCode code) {
  switch (code) {
#define BRIDGE_RETRYABLE(enumerator, name, kind, retryable) \
  case ErrorCode::enumerator:                               \
    return retryable;
    BRIDGE_ERROR_CODES(BRIDGE_RETRYABLE)
#undef BRIDGE_RETRYABLE
  }
  return false;
}

}  // namespace bridge
