// What derived sources are made of, what is refused, and that shapes see all of their structure.
#include "engine/sql/derived.h"

#include <gtest/gtest.h>

#include "engine/sql/compiler.h"
#include "engine/sql/shape.h"
#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"
#include "engine/sql/testing/plain_dialect.h"

namespace bridge::sql {
namespace {

using testing::column;
using testing::equal;
using testing::integer;
using testing::library;
using testing::must;
using testing::name;
using testing::source;
using types::StorageType;

Select categories(std::int64_t parent) {
  const SourcePtr category = source(library().categories);
  Select select;
  select.selections = {{nullptr, column(category, "id")}, {nullptr, column(category, "label")}};
  select.from = {category};
  select.where = {equal(column(category, "parent_id"), integer(parent))};
  return select;
}

Select all_of(const SourcePtr& rows) {
  Select select;
  select.selections = {{rows, nullptr}};
  select.from = {rows};
  return select;
}

Statement read(std::string_view called, std::int64_t parent, DerivedKind kind = DerivedKind::kSubquery) {
  return Statement(
      all_of(must(make_subquery_source(name(called), make_statement(categories(parent)), kind))));
}

TEST(DerivedTest, ShapesSeeNamesAndKindsButNoValues) {
  EXPECT_TRUE(has_same_shape(read("some", 1), read("some", 2)));
  EXPECT_EQ(read("some", 1).hash(), read("some", 2).hash());
  EXPECT_FALSE(has_same_shape(read("some", 1), read("other", 1)));
  EXPECT_FALSE(has_same_shape(read("some", 1), read("some", 1, DerivedKind::kLateral)));
}

TEST(DerivedTest, OneCommonTableReadTwiceIsNoPairOfThem) {
  const auto shared_rows = [](std::int64_t parent) {
    return must(
        make_with_source(name("some"), make_statement(categories(parent)), Materialization::kDefault));
  };
  const auto pair = [](const SourcePtr& left, const SourcePtr& right) {
    Select select = all_of(left);
    select.from.push_back(right);
    return Statement(select);
  };
  const SourcePtr one = shared_rows(1);
  const Statement shared = pair(one, make_copy(one));
  const Statement separate = pair(shared_rows(1), make_copy(shared_rows(2)));
  EXPECT_FALSE(has_same_shape(shared, separate));
  const testing::PlainDialect dialect;
  EXPECT_TRUE(compile(shared, dialect));
  const auto refused = compile(separate, dialect);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::kQuery);
}

TEST(DerivedTest, FramesSplitShapesAndTheirDistancesDoNot) {
  const SourcePtr book = source(library().books);
  const auto total = [&](FrameBound end, std::int64_t distance) {
    Select select;
    WindowSpecification window{
        .order_by = {column(book, "pages")},
        .frame = {.unit = FrameUnit::kRows, .start = FrameBound::kPreceding, .end = end},
        .start_offset = integer(distance)};
    select.selections = {{nullptr, must(make_window(testing::call("sum", {column(book, "pages")}), window))}};
    select.from = {book};
    return Statement(select);
  };
  EXPECT_TRUE(has_same_shape(total(FrameBound::kCurrentRow, 1), total(FrameBound::kCurrentRow, 2)));
  EXPECT_FALSE(has_same_shape(total(FrameBound::kCurrentRow, 1), total(FrameBound::kUnboundedFollowing, 1)));
}

TEST(DerivedTest, JoinKindsSplitShapes) {
  const auto join = [](JoinKind kind) {
    const SourcePtr book = source(library().books);
    const SourcePtr author = source(library().authors);
    Select select = all_of(book);
    select.joins = {{kind, author, equal(column(book, "author_id"), column(author, "id"))}};
    return Statement(select);
  };
  EXPECT_TRUE(has_same_shape(join(JoinKind::kLeft), join(JoinKind::kLeft)));
  EXPECT_FALSE(has_same_shape(join(JoinKind::kLeft), join(JoinKind::kFull)));
}

TEST(DerivedTest, RefusesWhatCannotBeRows) {
  Select locked = categories(1);
  locked.lock.strength = LockStrength::kUpdate;
  EXPECT_FALSE(make_subquery_source(name("some"), make_statement(locked), DerivedKind::kSubquery));
  EXPECT_FALSE(make_with_source(name("some"), make_statement(Commit{}), Materialization::kDefault));
  const SourcePtr so_far = must(make_recursion_source(name("tree"), make_statement(categories(1))));
  EXPECT_FALSE(make_recursive_source(so_far, make_statement(categories(1)), make_statement(categories(2)),
                                     Materialization::kDefault));
  Select narrow = all_of(so_far);
  narrow.selections = {{nullptr, column(so_far, "id")}};
  EXPECT_FALSE(make_recursive_source(so_far, make_statement(categories(1)), make_statement(narrow),
                                     Materialization::kDefault));
  EXPECT_FALSE(make_values_source(name("some"), {{.name = name("a"), .type = {}}}, {}));
}

std::vector<types::Value> numbers(std::size_t count) {
  return std::vector<types::Value>(count, types::Value::of_int64(static_cast<std::int64_t>(count)));
}

Statement read_lists(std::size_t rows) {
  return Statement(
      all_of(must(make_lists_source(name("some"),
                                    {{.name = name("a"), .type = testing::of(StorageType::kInt64)},
                                     {.name = name("b"), .type = testing::of(StorageType::kInt64)}},
                                    {numbers(rows), numbers(rows)}))));
}

TEST(DerivedTest, ListsAreRowsOfOneShapeForManyLengths) {
  EXPECT_TRUE(has_same_shape(read_lists(5), read_lists(8)));
  EXPECT_FALSE(has_same_shape(read_lists(5), read_lists(9)));
  const testing::PlainDialect dialect;
  const CompiledPtr compiled = must(compile(read_lists(3), dialect));
  EXPECT_EQ(compiled->parameters.size(), 8U);
  const auto values = must(bind_values(read_lists(3), *compiled));
  EXPECT_EQ(values.back().integer, 3);
}

TEST(DerivedTest, ListsAreOfOneLengthAndHoldSingleValues) {
  const Column number{.name = name("a"), .type = testing::of(StorageType::kInt64)};
  const Column other{.name = name("b"), .type = testing::of(StorageType::kInt64)};
  const Column list{.name = name("c"), .type = testing::of(StorageType::kArray)};
  EXPECT_FALSE(make_lists_source(name("some"), {number, other}, {numbers(2), numbers(3)}));
  EXPECT_FALSE(make_lists_source(name("some"), {number, other}, {numbers(2)}));
  EXPECT_FALSE(make_lists_source(name("some"), {number}, {{}}));
  EXPECT_FALSE(make_lists_source(name("some"), {}, {}));
  EXPECT_FALSE(make_lists_source(name("some"), {list}, {numbers(2)}));
}

TEST(DerivedTest, ADerivedTableSeesNothingAroundIt) {
  const SourcePtr author = source(library().authors);
  const SourcePtr book = source(library().books);
  Select inner = all_of(book);
  inner.where = {equal(column(book, "author_id"), column(author, "id"))};
  const auto outer = [&](DerivedKind kind) {
    Select select = all_of(author);
    select.joins = {
        {JoinKind::kCross, must(make_subquery_source(name("own"), make_statement(inner), kind)), nullptr}};
    return Statement(select);
  };
  const testing::PlainDialect dialect;
  EXPECT_FALSE(compile(outer(DerivedKind::kSubquery), dialect));
  EXPECT_TRUE(compile(outer(DerivedKind::kLateral), dialect));
}

TEST(DerivedTest, ReadsAreKnownForWhatTheyAre) {
  Delete removal;
  removal.source = source(library().books);
  removal.is_everywhere = true;
  removal.returning = {{removal.source, nullptr}};
  const Statement writing(
      all_of(must(make_with_source(name("gone"), make_statement(removal), Materialization::kDefault))));
  const testing::PlainDialect dialect;
  EXPECT_FALSE(must(compile(writing, dialect))->is_read_only);
  EXPECT_TRUE(must(compile(read("some", 1), dialect))->is_shareable);
}

}  // namespace
}  // namespace bridge::sql
