// Conflicts by their texts, as they come under codes that say nothing of them.
#include "engine/databases/yugabytedb/error_map.h"

#include <algorithm>
#include <array>

#include "engine/databases/postgres/error_map.h"

namespace bridge::yugabytedb {
namespace {

/// Whole transactions run again after these.
constexpr std::array<std::string_view, 8> kConflicts = {
    "Restart read required",
    "restart read required",
    "Attempted to restart when transaction does not require restart",
    "Conflicts with higher priority transaction",
    "conflicts with higher priority transaction",
    "could not serialize access",
    "Catalog Version Mismatch",
    "catalog snapshot used for this transaction has been invalidated",
};
/// Codes of classes that stand for anything.
constexpr std::string_view kInternalClass = "XX";
constexpr std::string_view kRollbackClass = "40";

}  // namespace

ErrorCode to_error_code(const driver::ServerError& error) {
  const std::string& state = error.fields.sqlstate;
  const bool may_be_conflict = state.starts_with(kInternalClass) || state.starts_with(kRollbackClass);
  const bool is_conflict =
      may_be_conflict && std::any_of(kConflicts.begin(), kConflicts.end(), [&error](std::string_view text) {
        return error.message.find(text) != std::string::npos;
      });
  return is_conflict ? ErrorCode::kSerializationFailure : postgres::to_error_code(error);
}

}  // namespace bridge::yugabytedb
