// Queries no database could answer, and those that only look so.
#include "engine/sql/select_rules.h"

#include <gtest/gtest.h>

#include "engine/sql/derived.h"
#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"

namespace bridge::sql {
namespace {

using testing::call;
using testing::column;
using testing::equal;
using testing::must;
using testing::source;

const Capabilities kWithKeyRule = Capabilities::of(Capability::kGroupByKey);

class SelectRulesTest : public ::testing::Test {
 protected:
  Select from_books(std::vector<Selection> selections) const {
    Select select;
    select.selections = std::move(selections);
    select.from = {book_};
    return select;
  }
  static std::string message_of(const Select& select, const Capabilities& capabilities = kWithKeyRule) {
    const Status status = check_select(select, capabilities);
    return status ? "" : status.error().message();
  }

  SourcePtr book_ = source(testing::library().books);
  SourcePtr author_ = source(testing::library().authors);
};

TEST_F(SelectRulesTest, KnowsWhatFollowsFromAKey) {
  Select select = from_books({{book_, nullptr}, {nullptr, call("count", {must(make_star())})}});
  select.group_by = {column(book_, "id")};
  EXPECT_EQ(message_of(select), "");
  const Status refused = check_select(select, Capabilities());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::kUnsupportedFeature);
  EXPECT_NE(refused.error().message().find("group_by, too"), std::string::npos);
}

TEST_F(SelectRulesTest, LetsWindowsLookOverGroups) {
  const ExpressionPtr author = column(book_, "author_id");
  const ExpressionPtr count = call("count", {must(make_star())});
  Select select = from_books({{nullptr, author}, {nullptr, must(make_window(call("sum", {count}), {}))}});
  select.group_by = {author};
  EXPECT_EQ(message_of(select), "");
  select.selections[1].expression = must(make_window(call("sum", {column(book_, "price")}), {}));
  EXPECT_NE(message_of(select).find("books.price"), std::string::npos);
  select.selections[1].expression = call("sum", {count});
  EXPECT_NE(message_of(select).find("inside another: sum"), std::string::npos);
}

TEST_F(SelectRulesTest, RefusesTablesReadTwiceOrTooEarly) {
  const ExpressionPtr condition = equal(column(book_, "author_id"), column(author_, "id"));
  Select select = from_books({{book_, nullptr}});
  select.joins = {{JoinKind::kInner, author_, condition}};
  EXPECT_EQ(message_of(select), "");
  select.joins.push_back({JoinKind::kInner, author_, condition});
  EXPECT_NE(message_of(select).find("authors is read twice"), std::string::npos);
  const SourcePtr category = source(testing::library().categories);
  select.joins = {{JoinKind::kInner, category, condition}, {JoinKind::kCross, author_, nullptr}};
  EXPECT_NE(message_of(select).find("joined by column authors.id"), std::string::npos);
  select.joins.clear();
  select.lock.strength = LockStrength::kUpdate;
  select.lock.of = {author_};
  EXPECT_NE(message_of(select).find("authors cannot be locked"), std::string::npos);
}

TEST_F(SelectRulesTest, RefusesOrdersThatDoNotGoWithDistinctRows) {
  Select select = from_books({{nullptr, column(book_, "title")}});
  select.is_distinct = true;
  select.order_by = {column(book_, "price")};
  EXPECT_NE(message_of(select).find("not by books.price"), std::string::npos);
  select.is_distinct = false;
  select.distinct_on = {column(book_, "title")};
  EXPECT_NE(message_of(select).find("first, not by books.price"), std::string::npos);
  select.order_by = {testing::descending(column(book_, "title")), column(book_, "price")};
  EXPECT_EQ(message_of(select), "");
}

}  // namespace
}  // namespace bridge::sql
