// What a database lacks is refused when compiled, naming the feature and what to do instead.
#include "engine/sql/capabilities.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/sql/compiler.h"
#include "engine/sql/testing/plain_dialect.h"
#include "engine/sql/testing/statement_samples.h"

namespace bridge::sql {
namespace {

constexpr std::string_view kOwnName = "plain SQL has no ";

/// Standard SQL less one capability.
class LackingDialect final : public testing::PlainDialect {
 public:
  explicit LackingDialect(Capability lacking) {
    for (const Capability capability : all())
      if (capability != lacking) rest_ = rest_.with(capability);
  }
  const Capabilities& capabilities() const override { return rest_; }

  static const std::vector<Capability>& all() {
#define BRIDGE_LISTED(enumerator, name) Capability::enumerator,
    static const std::vector<Capability> list = {BRIDGE_CAPABILITIES(BRIDGE_LISTED)};
#undef BRIDGE_LISTED
    return list;
  }

 private:
  Capabilities rest_;
};

/// What statements that all capabilities together can say are refused with for want of one.
std::set<std::string> refusals_without(Capability capability) {
  const testing::PlainDialect able;
  const LackingDialect lacking(capability);
  std::set<std::string> messages;
  for (const testing::StatementSample& sample : testing::make_all_samples()) {
    const auto compiled = compile(*sample.statement, lacking);
    if (compiled || !compile(*sample.statement, able)) continue;
    EXPECT_EQ(compiled.error().code(), ErrorCode::kUnsupportedFeature) << sample.name;
    messages.insert(compiled.error().message());
  }
  return messages;
}

// The feature as messages call it, and the alternative they name. A capability that stands in neither list
// fails the test.
const std::map<Capability, std::pair<std::string, std::string>> kRefused = {
    {Capability::kReturning, {"RETURNING", "select the rows again"}},
    {Capability::kOnConflict, {"on_conflict", "serializable"}},
    {Capability::kDistinctOn, {"DISTINCT ON", "row_number"}},
    {Capability::kRowLocks, {"row locks", "serializable"}},
    {Capability::kSkipLocked, {"SKIP LOCKED", "nowait"}},
    {Capability::kAsOf, {"as_of", "table of their own"}},
    {Capability::kSchemas, {"schemas", "database of its own"}},
    {Capability::kAggregateFilter, {"FILTER on aggregates", "case("}},
    {Capability::kNullsOrdering, {"NULLS FIRST", "is_null()"}},
    {Capability::kSavepoints, {"savepoints", "begin another"}},
    {Capability::kInteractiveTransactions, {"interactive transactions", "session"}},
    {Capability::kWindows, {"window functions", "scalar subqueries"}},
    {Capability::kRowValues, {"row values", "one by one"}},
    {Capability::kIndexNullsOrdering, {"NULLS FIRST and NULLS LAST in an index", "ordered"}},
    {Capability::kLateral, {"lateral subqueries", "scalar subquery"}},
    {Capability::kWritingCommonTables, {"common tables that write", "returning()"}},
    {Capability::kFullJoins, {"right and full joins", "left_join"}},
    {Capability::kSetOperatorsAll, {"INTERSECT ALL", "row_number"}},
    {Capability::kAggregateOrdering, {"order inside aggregates", "ordered subquery"}},
    {Capability::kWithinGroup, {"WITHIN GROUP", "row_number"}},
    {Capability::kGroupingSets, {"grouping sets", "union_all"}},
    {Capability::kUpdateFrom, {"update from other tables", "scalar subqueries"}},
    {Capability::kAddForeignKey, {"foreign keys added", "the table is created"}},
    {Capability::kDeferrableConstraints, {"foreign keys that are checked when", "NULL for a while"}},
    {Capability::kDeferrableUniques, {"unique constraints that are checked when", "free a value"}},
    {Capability::kClausesInRecursion, {"recursive part", "the query around it"}},
};

// These change how something is done or written, or are asked by a dialect or driver before it refuses.
const std::set<Capability> kQuiet = {
    Capability::kVersionControl,  // refused by who does not say its words
    Capability::kArrays,
    Capability::kArrayParameters,
    Capability::kBulkCopy,
    Capability::kPipelining,
    Capability::kTransactionalDdl,
    Capability::kNativeIlike,
    Capability::kReadonlyTransactions,
    Capability::kIsolationLevels,
    Capability::kServerCursors,
    Capability::kOutOfBandCancel,
    Capability::kErrorAbortsTransaction,
    Capability::kGroupByKey,  // refused with its own words: select_rules_test.cpp
    Capability::kJsonPaths,
    Capability::kMaterializedHints,
    Capability::kNestedSetOperands,
    Capability::kDeleteUsing,
    Capability::kTextSearch,
    Capability::kRegularExpressions,
    Capability::kNullsSortHigh,
};

TEST(CapabilitiesTest, NamesWhatIsLackingAndWhatToDoInstead) {
  for (const auto& [capability, expected] : kRefused) {
    const std::set<std::string> messages = refusals_without(capability);
    EXPECT_FALSE(messages.empty()) << to_name(capability) << ": no sample needs it";
    for (const std::string& message : messages) {
      EXPECT_EQ(message.substr(0, kOwnName.size()), kOwnName) << message;
      EXPECT_NE(message.find(expected.second), std::string::npos) << message;
    }
    EXPECT_TRUE(std::any_of(messages.begin(), messages.end(),
                            [&feature = expected.first](const std::string& message) {
                              return message.find(feature) != std::string::npos;
                            }))
        << to_name(capability);
  }
}

TEST(CapabilitiesTest, KnowsOfEveryCapabilityWhetherItIsRefused) {
  for (const Capability capability : LackingDialect::all())
    EXPECT_NE(kRefused.count(capability), kQuiet.count(capability)) << to_name(capability);
}

}  // namespace
}  // namespace bridge::sql
