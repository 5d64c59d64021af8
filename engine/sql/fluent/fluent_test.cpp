// The fluent face builds the same statements as the makers, and keeps the first error until the end.
#include <gtest/gtest.h>

#include "engine/sql/fluent/statement_builder.h"
#include "engine/sql/fluent/table_builder.h"

namespace bridge::sql::fluent {
namespace {

constexpr std::uint32_t kNameLength = 100;

TablePtr authors() {
  auto table = TableBuilder("authors")
                   .identity("id")
                   .text("name", kNameLength)
                   .unique({"name"})
                   .index({"name"})
                   .build();
  EXPECT_TRUE(table) << table.error().message();
  return std::move(table).value();
}

TablePtr books(const TablePtr& target) {
  auto table = TableBuilder("books")
                   .identity("id")
                   .integer("author_id")
                   .decimal("price", 12, 2)
                   .references("author_id", target, ReferentialAction::kCascade)
                   .build();
  EXPECT_TRUE(table) << table.error().message();
  return std::move(table).value();
}

TEST(TableBuilder, CollectsColumnsKeysAndIndexes) {
  const TablePtr table = authors();
  EXPECT_EQ(table->columns.size(), 2U);
  EXPECT_TRUE(table->columns[0].is_primary_key);
  EXPECT_EQ(table->unique_constraints.size(), 1U);
  ASSERT_EQ(table->indexes.size(), 1U);
  const TablePtr referring = books(table);
  ASSERT_EQ(referring->foreign_keys.size(), 1U);
  EXPECT_EQ(referring->foreign_keys[0].target_columns[0].text(), "id");
}

TEST(TableBuilder, KeepsTheFirstError) {
  EXPECT_EQ(TableBuilder("no good").identity("id").build().error().code(), ErrorCode::kInvalidIdentifier);
  EXPECT_EQ(TableBuilder("t").identity("id").text("x y").build().error().code(),
            ErrorCode::kInvalidIdentifier);
  EXPECT_EQ(TableBuilder("t").identity("id").unique({"missing"}).build().error().code(), ErrorCode::kModel);
}

TEST(Term, ConstantsTakeTheTypeOfTheColumn) {
  const TablePtr table = books(authors());
  const Entity book(table);
  const auto node = (book["price"] > "9.50").node();
  ASSERT_TRUE(node);
  const Parameter* parameter = (*node)->children()[1]->as<Parameter>();
  ASSERT_NE(parameter, nullptr);
  EXPECT_EQ(parameter->value.type, types::StorageType::kDecimal);
  EXPECT_EQ(parameter->value.text, "9.50");
  EXPECT_TRUE((book["price"] == 5).node());
  EXPECT_EQ((book["price"] == 5.5).node().error().code(), ErrorCode::kValidation);
  EXPECT_EQ((book["price"] == "dear").node().error().code(), ErrorCode::kValidation);
  EXPECT_EQ((book["id"] == "five").node().error().code(), ErrorCode::kValidation);
}

TEST(Term, TextMustBeTextAndFit) {
  const Entity author(authors());
  EXPECT_EQ((author["name"] == std::string(kNameLength + 1, 'x')).node().error().code(),
            ErrorCode::kValidation);
  EXPECT_EQ((author["name"] == "\xff").node().error().code(), ErrorCode::kValidation);
  EXPECT_EQ((author["name"] == std::string("a\0b", 3)).node().error().code(), ErrorCode::kValidation);
}

TEST(Term, AnUnknownColumnIsNamed) {
  const Entity author(authors());
  const Error error = (author["nmae"] == "Ann").node().error().clone();
  EXPECT_EQ(error.code(), ErrorCode::kQuery);
  EXPECT_NE(error.message().find("nmae"), std::string::npos);
}

TEST(SelectBuilder, BuildsOneStatementFromAllClauses) {
  const TablePtr table = authors();
  const Entity author(table);
  const Entity book(books(table));
  const auto statement =
      select({author["name"], count_rows().as("books"), call("sum", {book["price"]}).as("worth")})
          .from(book)
          .join(author, book["author_id"] == author["id"])
          .where(book["price"].between("1", "50") && !author["name"].like("Z%"))
          .where(author["id"].in({1, 2, 3}))
          .group_by(author["name"])
          .having(count_rows() > 1)
          .order_by(author["name"].descending())
          .limit(5)
          .build();
  ASSERT_TRUE(statement) << statement.error().message();
  const auto* body = std::get_if<Select>(&(*statement)->body());
  ASSERT_NE(body, nullptr);
  EXPECT_EQ(body->selections.size(), 3U);
  EXPECT_EQ(body->joins.size(), 1U);
  EXPECT_EQ(body->where.size(), 2U);
  EXPECT_NE(body->limit, nullptr);
}

TEST(SelectBuilder, AnErrorInAnyClauseEndsInBuild) {
  const Entity author(authors());
  EXPECT_EQ(select({author["name"]}).from(author).order_by(author["oops"]).build().error().code(),
            ErrorCode::kQuery);
  EXPECT_EQ(select({call("no_such", {})}).from(author).build().error().code(), ErrorCode::kQuery);
}

TEST(InsertBuilder, TakesRowsOfTheRightWidth) {
  const Entity author(authors());
  const auto two =
      insert_into(author, {"name"}).values({"Ann"}).values({"Bob"}).returning(author["id"]).build();
  ASSERT_TRUE(two) << two.error().message();
  EXPECT_EQ(std::get_if<Insert>(&(*two)->body())->row_count, 2U);
  EXPECT_EQ(insert_into(author, {"name"}).values({"Ann", 5}).build().error().code(), ErrorCode::kQuery);
  EXPECT_EQ(insert_into(author, {"nmae"}).values({"Ann"}).build().error().code(), ErrorCode::kQuery);
}

TEST(UpdateBuilder, AssignsTermsAndConstants) {
  const Entity book(books(authors()));
  const auto statement = update(book).set("price", book["price"] * 2).where(book["id"] == 1).build();
  ASSERT_TRUE(statement) << statement.error().message();
  const auto* body = std::get_if<Update>(&(*statement)->body());
  EXPECT_EQ(body->assignments.size(), 1U);
  EXPECT_FALSE(body->is_everywhere);
  EXPECT_TRUE(delete_from(book).everywhere().build());
}

}  // namespace
}  // namespace bridge::sql::fluent
