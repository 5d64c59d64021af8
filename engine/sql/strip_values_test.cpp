// Skeletons: the same shape, and not one value left.
#include <gtest/gtest.h>

#include "engine/sql/derived.h"
#include "engine/sql/shape.h"
#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"
#include "engine/sql/testing/statement_samples.h"

namespace bridge::sql {
namespace {

bool is_blank(const types::Value& value) {
  for (const types::Value& element : value.elements) {
    if (!is_blank(element)) return false;
  }
  return value.is_null && value.integer == 0 && value.real == 0 && value.text.empty() &&
         value.uuid == types::UuidBytes{} && value.interval == types::Interval{};
}

TEST(StripValuesTest, KeepsTheShapeOfEveryStatementAndNoValue) {
  std::size_t seen = 0;
  for (const auto& sample : testing::make_all_samples()) {
    const StatementPtr skeleton = strip_values(*sample.statement);
    EXPECT_EQ(skeleton->hash(), sample.statement->hash()) << sample.name;
    EXPECT_TRUE(has_same_shape(*skeleton, *sample.statement)) << sample.name;
    for (const Parameter* parameter : collect_parameters(*skeleton)) {
      EXPECT_TRUE(is_blank(parameter->value)) << sample.name;
      ++seen;
    }
  }
  EXPECT_GT(seen, 100U) << "the samples hold values to strip";
}

TEST(StripValuesTest, TheOriginalKeepsItsValues) {
  for (const auto& sample : testing::make_all_samples()) {
    const auto before = collect_parameters(*sample.statement);
    static_cast<void>(strip_values(*sample.statement));
    EXPECT_EQ(collect_parameters(*sample.statement), before) << sample.name;
  }
}

TEST(StripValuesTest, LetsGoOfWhatHeldTheValues) {
  const SourcePtr book = testing::source(testing::library().books);
  const ExpressionPtr canary = testing::text("canary");
  const std::weak_ptr<const Expression> watched = canary;
  Select inner;
  inner.selections = {{nullptr, testing::column(book, "id")}};
  inner.from = {book};
  inner.where = {testing::equal(testing::column(book, "title"), canary)};
  Select outer;
  outer.selections = {{book, nullptr}};
  outer.from = {book};
  outer.where = {testing::must(make_exists(testing::query(inner)))};
  StatementPtr statement = make_statement(outer);
  const StatementPtr skeleton = strip_values(*statement);
  EXPECT_TRUE(has_same_shape(*skeleton, *statement));
  EXPECT_EQ(canary.use_count(), 2) << "this test, and the condition that both queries share";
  statement.reset();
  outer = {};
  inner = {};
  EXPECT_EQ(watched.use_count(), 1) << "the skeleton holds none of it";
}

TEST(StripValuesTest, LetsGoOfValuesInRowsTheStatementMakesForItself) {
  const SourcePtr book = testing::source(testing::library().books);
  ExpressionPtr canary = testing::text("canary");
  const std::weak_ptr<const Expression> watched = canary;
  Select inner;
  inner.selections = {{nullptr, testing::column(book, "id")}};
  inner.from = {book};
  inner.where = {testing::equal(testing::column(book, "title"), std::move(canary))};
  SourcePtr named = testing::must(
      make_with_source(testing::name("named"), make_statement(std::move(inner)), Materialization::kDefault));
  SourcePtr again = make_copy(named);
  Select outer;
  outer.selections = {{nullptr, testing::column(named, "id")}};
  outer.from = {named};
  outer.joins = {
      {JoinKind::kInner, again, testing::equal(testing::column(named, "id"), testing::column(again, "id"))}};
  StatementPtr statement = make_statement(std::move(outer));
  const StatementPtr skeleton = strip_values(*statement);
  EXPECT_EQ(skeleton->hash(), statement->hash());
  EXPECT_TRUE(has_same_shape(*skeleton, *statement)) << "both uses are still uses of one table";
  statement.reset();
  named.reset();
  again.reset();
  EXPECT_TRUE(watched.expired()) << "the skeleton holds none of it";
}

TEST(StripValuesTest, SharesWhatHoldsNoValue) {
  const SourcePtr book = testing::source(testing::library().books);
  const ExpressionPtr plain = testing::column(book, "id");
  Select select;
  select.selections = {{nullptr, plain}};
  select.from = {book};
  const StatementPtr skeleton = strip_values(*make_statement(select));
  EXPECT_EQ(std::get<Select>(skeleton->body()).selections.front().expression, plain);
}

}  // namespace
}  // namespace bridge::sql
