// Shapes: what they tell apart, what they do not, and that values never count.
#include "engine/sql/shape.h"

#include <gtest/gtest.h>
#include <algorithm>

#include "engine/sql/compiler.h"
#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"
#include "engine/sql/testing/plain_dialect.h"
#include "engine/sql/testing/statement_samples.h"

namespace bridge::sql {
namespace {

using testing::alias;
using testing::column;
using testing::equal;
using testing::integer;
using testing::library;
using testing::must;
using testing::source;

Statement find_category(const SourcePtr& category, const SourcePtr& compared, std::int64_t value) {
  Select select;
  select.selections = {{category, nullptr}};
  select.from = {category};
  if (compared != category)
    select.joins = {
        {JoinKind::kInner, compared, equal(column(category, "parent_id"), column(compared, "id"))}};
  select.where = {equal(column(compared, "id"), integer(value))};
  return Statement(select);
}

Statement find_in(std::size_t length) {
  const SourcePtr category = source(library().categories);
  Select select;
  select.selections = {{category, nullptr}};
  select.from = {category};
  select.where = {must(make_in_list(column(category, "id"),
                                    std::vector<types::Value>(length, types::Value::of_int64(1)), false))};
  return Statement(select);
}

TEST(ShapeTest, ValuesDoNotCount) {
  const Statement one = find_category(source(library().categories), alias(library().categories), 1);
  const SourcePtr plain = source(library().categories);
  const SourcePtr copy = alias(library().categories);
  const Statement other = find_category(plain, copy, 2);
  EXPECT_EQ(one.hash(), other.hash());
  EXPECT_TRUE(has_same_shape(one, other));
}

TEST(ShapeTest, NullIsAValue) {
  const types::ColumnType type = testing::of(types::StorageType::kText);
  EXPECT_EQ(must(make_parameter(types::Value::null(type.storage), type))->hash(),
            must(make_parameter(types::Value::of_text("x"), type))->hash());
}

TEST(ShapeTest, TellsCopiesOfATableApart) {
  const SourcePtr plain = source(library().categories);
  const SourcePtr copy = alias(library().categories);
  Select first;
  first.selections = {{plain, nullptr}};
  first.from = {plain, copy};
  first.where = {equal(column(plain, "id"), integer(1))};
  Select second = first;
  second.where = {equal(column(copy, "id"), integer(1))};
  EXPECT_FALSE(has_same_shape(Statement(first), Statement(second)));
}

TEST(ShapeTest, ListsDifferByTheirBucket) {
  EXPECT_TRUE(has_same_shape(find_in(3), find_in(4)));
  EXPECT_FALSE(has_same_shape(find_in(4), find_in(5)));
  EXPECT_FALSE(has_same_shape(find_in(0), find_in(1)));
}

TEST(ShapeTest, NoTwoSamplesOfDifferentTextShareAShape) {
  const testing::PlainDialect dialect;
  const auto samples = testing::make_all_samples();
  for (const auto& left : samples) {
    EXPECT_TRUE(has_same_shape(*left.statement, *left.statement)) << left.name;
    for (const auto& right : samples) {
      if (!has_same_shape(*left.statement, *right.statement)) continue;
      const auto left_text = compile(*left.statement, dialect);
      const auto right_text = compile(*right.statement, dialect);
      ASSERT_EQ(left_text.has_value(), right_text.has_value()) << left.name << ", " << right.name;
      if (!left_text) continue;
      EXPECT_EQ(*(*left_text)->text, *(*right_text)->text) << left.name << ", " << right.name;
    }
  }
}

TEST(ShapeTest, EverySlotRefersToACollectedParameter) {
  const testing::PlainDialect dialect;
  for (const auto& sample : testing::make_all_samples()) {
    const auto compiled = compile(*sample.statement, dialect);
    if (!compiled || (*compiled)->operation == telemetry::Operation::kBulkInsert) continue;
    const auto values = bind_values(*sample.statement, **compiled);
    ASSERT_TRUE(values) << sample.name;
    EXPECT_EQ(values->size(), (*compiled)->parameters.size()) << sample.name;
    const auto parameters = collect_parameters(*sample.statement);
    for (const ParameterSlot& slot : (*compiled)->parameters) {
      if (slot.element != ParameterSlot::kWhole) continue;
      EXPECT_EQ(slot.type, parameters[slot.position]->type) << sample.name;
    }
  }
}

bool is_same(const types::Value& left, const types::Value& right) {
  return left.type == right.type && left.is_null == right.is_null && left.integer == right.integer &&
         left.real == right.real && left.text == right.text && left.uuid == right.uuid &&
         left.interval == right.interval &&
         std::equal(left.elements.begin(), left.elements.end(), right.elements.begin(), right.elements.end(),
                    is_same);
}

TEST(ShapeTest, ValuesHandedOverTakeThePlacesOfTheStatementsOwn) {
  const testing::PlainDialect dialect;
  for (const auto& sample : testing::make_all_samples()) {
    const auto compiled = compile(*sample.statement, dialect);
    if (!compiled || (*compiled)->operation == telemetry::Operation::kBulkInsert) continue;
    std::vector<types::Value> own;
    for (const Parameter* parameter : collect_parameters(*sample.statement)) own.push_back(parameter->value);
    const auto expected = must(bind_values(*sample.statement, **compiled));
    const auto arranged = must(arrange_values(own, **compiled));
    ASSERT_EQ(arranged.size(), expected.size()) << sample.name;
    for (std::size_t place = 0; place < expected.size(); ++place)
      EXPECT_TRUE(is_same(arranged[place], expected[place])) << sample.name << ", placeholder " << place;
    if (expected.empty()) continue;
    EXPECT_FALSE(arrange_values({}, **compiled)) << sample.name << " was bound with too few values";
  }
}

TEST(ShapeTest, AListIsFilledUpWithItsLastMember) {
  const testing::PlainDialect dialect;
  const SourcePtr category = source(library().categories);
  Select select;
  select.selections = {{category, nullptr}};
  select.from = {category};
  select.where = {must(make_in_list(
      column(category, "id"),
      {types::Value::of_int64(1), types::Value::of_int64(2), types::Value::of_int64(3)}, false))};
  const Statement statement(select);
  const auto compiled = must(compile(statement, dialect));
  const auto values = must(bind_values(statement, *compiled));
  ASSERT_EQ(values.size(), 4U);
  EXPECT_EQ(values[2].integer, 3);
  EXPECT_EQ(values[3].integer, 3);
}

}  // namespace
}  // namespace bridge::sql
