// The cache by shape: what it finds, what it forgets, and that nobody's values stay in it.
#include "engine/execution/compiled_cache.h"

#include <gtest/gtest.h>

#include "engine/sql/shape.h"
#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"
#include "engine/sql/testing/plain_dialect.h"

namespace bridge::execution {
namespace {

using std::chrono::milliseconds;

sql::StatementPtr find_by_title(sql::ExpressionPtr title) {
  const sql::SourcePtr book = sql::testing::source(sql::testing::library().books);
  sql::Select select;
  select.selections = {{book, nullptr}};
  select.from = {book};
  select.where = {sql::testing::equal(sql::testing::column(book, "title"), std::move(title))};
  return sql::make_statement(std::move(select));
}

sql::StatementPtr select_column(std::string_view name) {
  const sql::SourcePtr book = sql::testing::source(sql::testing::library().books);
  sql::Select select;
  select.selections = {{nullptr, sql::testing::column(book, name)}};
  select.from = {book};
  return sql::make_statement(std::move(select));
}

class CompiledCacheTest : public ::testing::Test {
 protected:
  CompiledEntryPtr find(const sql::StatementPtr& statement) {
    return cache_.find_or_compile(statement).value();
  }

  sql::testing::PlainDialect dialect_;
  CompiledCache cache_{dialect_, 2};
};

TEST_F(CompiledCacheTest, OneEntryServesAllValuesOfAShape) {
  const CompiledEntryPtr first = find(find_by_title(sql::testing::text("one")));
  EXPECT_EQ(find(find_by_title(sql::testing::text("two"))), first);
  EXPECT_EQ(cache_.size(), 1U);
}

TEST_F(CompiledCacheTest, KeepsNobodysValues) {
  sql::ExpressionPtr canary = sql::testing::text("canary");
  const std::weak_ptr<const sql::Expression> watched = canary;
  const CompiledEntryPtr entry = find(find_by_title(std::move(canary)));
  EXPECT_TRUE(watched.expired());
  const auto kept = sql::collect_parameters(*entry->shape);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_TRUE(kept.front()->value.is_null);
  EXPECT_EQ(kept.front()->value.text, "");
}

TEST_F(CompiledCacheTest, TellsShapesApartAndForgetsTheOldest) {
  const CompiledEntryPtr id = find(select_column("id"));
  const CompiledEntryPtr title = find(select_column("title"));
  EXPECT_NE(id, title);
  EXPECT_EQ(find(select_column("id")), id);
  static_cast<void>(find(find_by_title(sql::testing::text("x"))));
  EXPECT_EQ(cache_.size(), 2U);
  EXPECT_EQ(find(select_column("id")), id) << "used more recently than the title";
  EXPECT_NE(find(select_column("title")), title);
}

TEST_F(CompiledCacheTest, RefusesWhatDoesNotCompile) {
  EXPECT_FALSE(cache_.find_or_compile(sql::make_statement(sql::Select{})));
  EXPECT_EQ(cache_.size(), 0U);
}

TEST(CompiledEntryTest, IsShortOnceMeasuredSo) {
  CompiledEntry entry;
  EXPECT_FALSE(entry.is_short());
  entry.note_duration(milliseconds(1), milliseconds(0));
  EXPECT_TRUE(entry.is_short());
  for (int round = 0; round < 10; ++round) entry.note_duration(milliseconds(50), milliseconds(1));
  EXPECT_FALSE(entry.is_short());
}

TEST(CompiledEntryTest, AHostThatComputesDoesNotMakeAReadLong) {
  CompiledEntry entry;
  entry.note_duration(milliseconds(1), milliseconds(1));
  for (int round = 0; round < 100; ++round) entry.note_duration(milliseconds(50), milliseconds(49));
  EXPECT_TRUE(entry.is_short());
}

TEST(CompiledEntryTest, AHostThatComputesDoesNotMakeAReadShort) {
  CompiledEntry entry;
  for (int round = 0; round < 100; ++round) entry.note_duration(milliseconds(50), milliseconds(50));
  EXPECT_FALSE(entry.is_short());
}

}  // namespace
}  // namespace bridge::execution
