// What compiles, what is refused, and that no value ever becomes text.
#include "engine/sql/compiler.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"
#include "engine/sql/testing/plain_dialect.h"

namespace bridge::sql {
namespace {

using testing::call;
using testing::column;
using testing::equal;
using testing::integer;
using testing::library;
using testing::must;
using testing::source;
using testing::text;

/// Why a statement is refused; nothing when it compiles.
std::optional<ErrorCode> code_of(const StatementBody& body) {
  const testing::PlainDialect dialect;
  const auto compiled = compile(Statement(body), dialect);
  if (compiled) return std::nullopt;
  return compiled.error().code();
}

class CompilerTest : public ::testing::Test {
 protected:
  Select books(std::vector<Selection> selections) const {
    Select select;
    select.selections = std::move(selections);
    select.from = {book_};
    return select;
  }

  testing::PlainDialect dialect_;
  SourcePtr book_ = source(library().books);
  SourcePtr author_ = source(library().authors);
};

TEST_F(CompilerTest, RefusesWhatMakesNoSense) {
  Select ungrouped =
      books({{nullptr, column(book_, "title")}, {nullptr, call("count", {must(make_star())})}});
  EXPECT_EQ(code_of(ungrouped), ErrorCode::kQuery);
  ungrouped.group_by = {column(book_, "title")};
  EXPECT_EQ(code_of(ungrouped), std::nullopt);
  Select unreachable = books({{nullptr, column(author_, "name")}});
  EXPECT_EQ(code_of(unreachable), ErrorCode::kQuery);
  Select aggregate = books({{book_, nullptr}});
  aggregate.where = {
      testing::binary(BinaryOperator::kGreater, call("count", {must(make_star())}), integer(1))};
  EXPECT_EQ(code_of(aggregate), ErrorCode::kQuery);
  Select distinct = books({{nullptr, column(book_, "title")}});
  distinct.is_distinct = true;
  distinct.order_by = {column(book_, "price")};
  EXPECT_EQ(code_of(distinct), ErrorCode::kQuery);
  Delete removal;
  removal.source = book_;
  EXPECT_EQ(code_of(removal), ErrorCode::kQuery);
  EXPECT_EQ(code_of(books({})), ErrorCode::kQuery);
}

TEST_F(CompilerTest, RefusesNamesTooLongForTheDialect) {
  DialectLimits limits;
  limits.max_identifier_bytes = 3;
  dialect_.set_limits(limits);
  const auto compiled = compile(Statement(books({{book_, nullptr}})), dialect_);
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().code(), ErrorCode::kInvalidIdentifier);
}

TEST_F(CompilerTest, RefusesMoreValuesThanTheDialectTakes) {
  DialectLimits limits;
  limits.max_parameters = 3;
  dialect_.set_limits(limits);
  Select select = books({{book_, nullptr}});
  select.where = {must(make_in_list(column(book_, "author_id"),
                                    std::vector<types::Value>(4, types::Value::of_int64(1)), false))};
  const auto compiled = compile(Statement(select), dialect_);
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().code(), ErrorCode::kQuery);
}

TEST_F(CompilerTest, KnowsWhatOnlyReads) {
  Select select = books({{book_, nullptr}});
  EXPECT_TRUE(must(compile(Statement(select), dialect_))->is_shareable);
  select.lock.strength = LockStrength::kUpdate;
  EXPECT_FALSE(must(compile(Statement(select), dialect_))->is_read_only);
  EXPECT_FALSE(
      must(compile(Statement(books({{nullptr, call("setval", {text("x")})}})), dialect_))->is_shareable);
  const auto fragment = must(make_raw_fragment({"1"}, {}, testing::of(types::StorageType::kInt64)));
  EXPECT_FALSE(must(compile(Statement(books({{nullptr, fragment}})), dialect_))->is_read_only);
}

TEST_F(CompilerTest, KnowsALookupByKey) {
  Select by_key = books({{book_, nullptr}});
  by_key.where = {must(
      make_binary(BinaryOperator::kEqual, column(book_, "id"),
                  must(make_parameter(types::Value::of_uuid({}), testing::of(types::StorageType::kUuid)))))};
  EXPECT_TRUE(must(compile(Statement(by_key), dialect_))->is_key_lookup);
  Select range = books({{book_, nullptr}});
  range.where = {must(
      make_binary(BinaryOperator::kGreater, column(book_, "id"),
                  must(make_parameter(types::Value::of_uuid({}), testing::of(types::StorageType::kUuid)))))};
  EXPECT_FALSE(must(compile(Statement(range), dialect_))->is_key_lookup);
  EXPECT_FALSE(must(compile(Statement(books({{book_, nullptr}})), dialect_))->is_key_lookup);
}

TEST_F(CompilerTest, ColumnsOfTheOuterSideMayBeNull) {
  Select select = books({{book_, nullptr},
                         {author_, nullptr},
                         {nullptr, call("lower", {column(author_, "name")})},
                         {nullptr, column(book_, "title")}});
  select.joins = {{JoinKind::kLeft, author_, equal(column(book_, "author_id"), column(author_, "id"))}};
  const auto compiled = must(compile(Statement(select), dialect_));
  const std::size_t width = library().books->columns.size();
  const std::size_t behind = width + library().authors->columns.size();
  ASSERT_EQ(compiled->columns.size(), behind + 2);
  EXPECT_FALSE(compiled->columns[0].type.is_nullable);
  EXPECT_TRUE(compiled->columns[width].type.is_nullable);
  EXPECT_TRUE(compiled->columns[behind].type.is_nullable);
  EXPECT_FALSE(compiled->columns[behind + 1].type.is_nullable);
  EXPECT_EQ(compiled->columns[width].name, "id");
}

/// Grows random conditions whose every value is the canary.
class ConditionGrower {
 public:
  explicit ConditionGrower(SourcePtr book) : book_(std::move(book)) {}
  static constexpr std::string_view kCanary = "c4n4ry'; DROP TABLE books; --";
  static constexpr std::int64_t kNumber = 918'273'645;

  ExpressionPtr grow(int depth) {
    const auto choice = std::uniform_int_distribution<int>(depth > 0 ? 0 : 3, 6)(random_);
    switch (choice) {
      case 0:
        return testing::binary(BinaryOperator::kAnd, grow(depth - 1), grow(depth - 1));
      case 1:
        return testing::binary(BinaryOperator::kOr, grow(depth - 1), grow(depth - 1));
      case 2:
        return testing::unary(UnaryOperator::kNot, grow(depth - 1));
      case 3:
        return testing::binary(BinaryOperator::kIlike, column(book_, "title"), text(kCanary));
      case 4:
        return must(
            make_in_list(column(book_, "title"), {types::Value::of_text(std::string(kCanary))}, false));
      case 5:
        return equal(call("coalesce", {column(book_, "title"), text(kCanary)}),
                     must(make_case({grow(0), text(kCanary)}, text(kCanary))));
      default:
        return must(make_between(column(book_, "author_id"), integer(kNumber),
                                 testing::binary(BinaryOperator::kAdd, integer(kNumber), integer(kNumber)),
                                 false));
    }
  }

 private:
  SourcePtr book_;
  std::mt19937 random_{7};  // always the same trees
};

TEST_F(CompilerTest, ValuesNeverBecomeText) {
  ConditionGrower grower(book_);
  for (int round = 0; round < 300; ++round) {
    Select select = books({{nullptr, column(book_, "id")}});
    select.where = {grower.grow(4)};
    select.limit = integer(ConditionGrower::kNumber);
    const Statement statement(select);
    const auto compiled = must(compile(statement, dialect_));
    EXPECT_EQ(compiled->text->find("c4n4ry"), std::string::npos);
    EXPECT_EQ(compiled->text->find("918273645"), std::string::npos);
    const auto values = must(bind_values(statement, *compiled));
    for (const types::Value& value : values)
      EXPECT_TRUE(value.text == ConditionGrower::kCanary || value.integer == ConditionGrower::kNumber);
    EXPECT_GT(values.size(), 1U);
  }
}

}  // namespace
}  // namespace bridge::sql
