// A session without a loop of one's own, against every database of this build that needs no server.
#include "engine/execution/blocking_session.h"

#include <gtest/gtest.h>

#include "engine/execution/drivers.h"
#include "engine/sql/fluent/statement_builder.h"
#include "engine/sql/fluent/table_builder.h"

namespace bridge::execution {
namespace {

using sql::fluent::delete_from;
using sql::fluent::Entity;
using sql::fluent::insert_into;
using sql::fluent::select;
using sql::fluent::TableBuilder;
using types::Value;

constexpr std::string_view kEmbedded = "sqlite";

sql::TablePtr make_animals() {
  auto table = TableBuilder("animals").identity("id").text("name", 40).unique({"name"}).build();
  EXPECT_TRUE(table) << table.error().message();
  return std::move(table).value();
}

/// An open session on an embedded database in memory, with one table.
class BlockingSessionTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!find_driver(kEmbedded)) GTEST_SKIP() << "this build has no embedded database";
    std::string url(kEmbedded);
    url += ":///:memory:";
    auto opened = BlockingSession::open(url);
    ASSERT_TRUE(opened) << opened.error().message();
    session_ = std::move(opened).value();
    const Status made = session_->create_tables({animals_});
    ASSERT_TRUE(made) << made.error().message();
  }

  std::int64_t count() {
    auto found = session_->run(select({sql::fluent::count_rows()}).from(animal_).build());
    EXPECT_TRUE(found) << found.error().message();
    return found ? found->rows[0][0].integer : -1;
  }
  Result<RowSet> add(std::string_view name) {
    return session_->run(insert_into(animal_, {"name"}).values({name}).returning(animal_["id"]).build());
  }

  sql::TablePtr animals_ = make_animals();
  Entity animal_{animals_};
  std::unique_ptr<BlockingSession> session_;
};

TEST_F(BlockingSessionTest, AnswersRowsWithTheirColumns) {
  const auto added = add("otter");
  ASSERT_TRUE(added) << added.error().message();
  EXPECT_EQ(added->rows.at(0).at(0).integer, 1);
  const auto found = session_->run(select({animal_["name"]}).from(animal_).where(animal_["id"] == 1).build());
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(found->columns, std::vector<std::string>{"name"});
  EXPECT_EQ(found->rows.at(0).at(0).text, "otter");
}

TEST_F(BlockingSessionTest, InsertsManyRowsAtOnce) {
  std::vector<Row> rows;
  for (const char* name : {"ant", "bee", "cat"}) rows.push_back({Value::of_text(name)});
  const auto inserted = session_->insert_rows(animals_, {1}, std::move(rows));
  ASSERT_TRUE(inserted) << inserted.error().message();
  EXPECT_EQ(*inserted, 3);
  EXPECT_EQ(count(), 3);
}

TEST_F(BlockingSessionTest, CommitsWorkThatSucceeds) {
  const Status done = session_->in_transaction([&]() -> Status {
    BRIDGE_RETURN_IF_ERROR(add("newt"));
    return {};
  });
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(count(), 1);
}

TEST_F(BlockingSessionTest, RollsBackWorkThatFailsAndAnswersItsError) {
  const Status done = session_->in_transaction([&]() -> Status {
    BRIDGE_RETURN_IF_ERROR(add("newt"));
    BRIDGE_RETURN_IF_ERROR(add("newt"));
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), ErrorCode::kUniqueViolation);
  EXPECT_EQ(count(), 0);
}

TEST_F(BlockingSessionTest, RefusesATransactionInsideAnother) {
  const Status done =
      session_->in_transaction([&]() -> Status { return session_->in_transaction([] { return Status{}; }); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), ErrorCode::kConfiguration);
  EXPECT_TRUE(add("owl"));
}

TEST_F(BlockingSessionTest, AnErrorOfBuildingReachesTheCallerWithoutTheDatabase) {
  const auto result = session_->run(select({animal_["nmae"]}).from(animal_).build());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), ErrorCode::kQuery);
}

TEST_F(BlockingSessionTest, RefusesCallsAfterClosing) {
  ASSERT_TRUE(session_->close());
  const auto result = session_->run(delete_from(animal_).everywhere().build());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), ErrorCode::kPoolClosed);
}

TEST(BlockingSession, RefusesUrlsItCannotUse) {
  const auto opened = BlockingSession::open("gopher://somewhere/else");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), ErrorCode::kConfiguration);
}

}  // namespace
}  // namespace bridge::execution
