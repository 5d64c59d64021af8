// What a database can do, as a closed list of claims.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bridge::sql {

#define BRIDGE_CAPABILITIES(X)                                                           \
  X(kReturning, "returning")                                                             \
  X(kOnConflict, "on_conflict")                                                          \
  X(kArrays, "arrays")                                                                   \
  X(kArrayParameters, "array_parameters")                                                \
  X(kBulkCopy, "bulk_copy")                                                              \
  X(kDistinctOn, "distinct_on")                                                          \
  X(kRowLocks, "row_locks")                                                              \
  X(kSkipLocked, "skip_locked")                                                          \
  X(kPipelining, "pipelining")                                                           \
  X(kTransactionalDdl, "transactional_ddl")                                              \
  X(kAddForeignKey, "add_foreign_key")                                                   \
  X(kDeferrableConstraints, "deferrable_constraints")                                    \
  X(kDeferrableUniques, "deferrable_uniques")                                            \
  X(kSchemas, "schemas")                                                                 \
  X(kNativeIlike, "native_ilike")                                                        \
  X(kAggregateFilter, "aggregate_filter")                                                \
  X(kNullsOrdering, "nulls_ordering")                                                    \
  X(kReadonlyTransactions, "readonly_transactions")                                      \
  X(kIsolationLevels, "isolation_levels")                                                \
  X(kSavepoints, "savepoints")                                                           \
  X(kInteractiveTransactions, "interactive_transactions")                                \
  X(kServerCursors, "server_cursors")                                                    \
  X(kOutOfBandCancel, "out_of_band_cancel")                                              \
  X(kErrorAbortsTransaction, "error_aborts_transaction")                                 \
  X(kGroupByKey, "group_by_key")                                                         \
  X(kWindows, "windows")                                                                 \
  X(kRowValues, "row_values")                                                            \
  X(kJsonPaths, "json_paths")                                                            \
  X(kIndexNullsOrdering, "index_nulls_ordering")                                         \
  X(kLateral, "lateral")                                                                 \
  X(kWritingCommonTables, "writing_common_tables")                                       \
  X(kMaterializedHints, "materialized_hints")                                            \
  X(kFullJoins, "full_joins")                                                            \
  X(kNestedSetOperands, "nested_set_operands")                                           \
  X(kSetOperatorsAll, "set_operators_all")                                               \
  X(kAggregateOrdering, "aggregate_ordering")                                            \
  X(kWithinGroup, "within_group")                                                        \
  X(kGroupingSets, "grouping_sets")                                                      \
  X(kUpdateFrom, "update_from")                                                          \
  X(kDeleteUsing, "delete_using")                                                        \
  X(kTextSearch, "text_search")                                                          \
  X(kRegularExpressions, "regular_expressions")                                          \
  X(kClausesInRecursion, "clauses_in_recursion")                                         \
  X(kAsOf, "as_of")                                                                      \
  X(kVersionControl, "version_control")                                                  \
  /* NULLs sort as if they were larger than any value, where an ordering does not say */ \
  X(kNullsSortHigh, "nulls_sort_high")

/// One thing a database can or cannot do; closed list.
enum class Capability : std::uint8_t {
#define BRIDGE_ENUMERATOR(enumerator, name) enumerator,
  BRIDGE_CAPABILITIES(BRIDGE_ENUMERATOR)
#undef BRIDGE_ENUMERATOR
};

constexpr std::string_view to_name(Capability capability) {
  switch (capability) {
#define BRIDGE_NAME(enumerator, name) \
  case Capability::enumerator:        \
    return name;
    BRIDGE_CAPABILITIES(BRIDGE_NAME)
#undef BRIDGE_NAME
  }
  return "unknown";
}

/// A set of claims.
class Capabilities {
 public:
  template <typename... Claims>
  static Capabilities of(Claims... claims) {
    Capabilities result;
    (result.set_.set(static_cast<std::size_t>(claims)), ...);
    return result;
  }
  /// These and one more.
  Capabilities with(Capability capability) const {
    Capabilities result = *this;
    result.set_.set(static_cast<std::size_t>(capability));
    return result;
  }
  /// These less one.
  Capabilities without(Capability capability) const {
    Capabilities result = *this;
    result.set_.reset(static_cast<std::size_t>(capability));
    return result;
  }
  bool has(Capability capability) const { return set_.test(static_cast<std::size_t>(capability)); }

 private:
  static constexpr std::size_t kCount = 64;  // room to grow; the list above is far shorter
  std::bitset<kCount> set_;
};

}  // namespace bridge::sql
