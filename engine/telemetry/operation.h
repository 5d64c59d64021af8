// The closed list of operations that touch a database: nothing does I/O without one.
#pragma once

#include <cstdint>
#include <string_view>

namespace bridge::telemetry {

// Columns: enumerator, name in spans, metrics and `QueryEvent.operation`.
#define BRIDGE_OPERATIONS(X)                       \
  X(kConnect, "connect")                           \
  X(kDisconnect, "disconnect")                     \
  X(kPing, "ping")                                 \
  X(kReset, "reset")                               \
  X(kCancel, "cancel")                             \
  X(kSelect, "select")                             \
  X(kInsert, "insert")                             \
  X(kUpdate, "update")                             \
  X(kDelete, "delete")                             \
  X(kBulkInsert, "bulk_insert")                    \
  X(kDefine, "define")                             \
  X(kRaw, "raw")                                   \
  X(kExplain, "explain")                           \
  X(kInspect, "inspect")                           \
  X(kVersion, "version")                           \
  X(kBegin, "begin")                               \
  X(kCommit, "commit")                             \
  X(kRollback, "rollback")                         \
  X(kSavepoint, "savepoint")                       \
  X(kReleaseSavepoint, "release_savepoint")        \
  X(kRollbackToSavepoint, "rollback_to_savepoint") \
  X(kOpenCursor, "open_cursor")                    \
  X(kFetch, "fetch")                               \
  X(kFetchArrow, "fetch_arrow")                    \
  X(kCloseCursor, "close_cursor")

/// What is done to a database, as telemetry names it.
enum class Operation : std::uint8_t {
#define BRIDGE_ENUMERATOR(enumerator, name) enumerator,
  BRIDGE_OPERATIONS(BRIDGE_ENUMERATOR)
#undef BRIDGE_ENUMERATOR
};

/// The stable name of an operation; a static string.
constexpr std::string_view to_name(Operation operation) {
  switch (operation) {
#define BRIDGE_NAME(enumerator, name) \
  case Operation::enumerator:         \
    return name;
    BRIDGE_OPERATIONS(BRIDGE_NAME)
#undef BRIDGE_NAME
  }
  return "unknown";
}

}  // namespace bridge::telemetry
