// Queries inside queries, written as sentences, and what they are refused for.
#include "engine/sql/fluent/query_parts.h"

#include <gtest/gtest.h>

#include "engine/sql/compiler.h"
#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"
#include "engine/sql/testing/plain_dialect.h"

namespace bridge::sql::fluent {
namespace {

using sql::testing::library;
using sql::testing::must;

std::string text_of(Result<StatementPtr> statement) {
  if (!statement) return statement.error().message();
  const sql::testing::PlainDialect dialect;
  const auto compiled = compile(**statement, dialect);
  return compiled ? *(*compiled)->text : compiled.error().message();
}

class QueryPartsTest : public ::testing::Test {
 protected:
  StatementPtr dear_titles() const {
    return must(select({book_["title"], book_["price"]}).from(book_).where(book_["price"] > 20).build());
  }

  Entity book_{library().books};
  Entity author_{library().authors};
  Entity category_{library().categories};
};

TEST_F(QueryPartsTest, SelectsFromQueries) {
  const Entity dear = must(subquery("dear", dear_titles()));
  EXPECT_EQ(
      text_of(select({dear["title"]}).from(dear).build()),
      "SELECT \"title\" FROM (SELECT \"title\", \"price\" FROM \"books\" WHERE \"price\" > :1) AS \"dear\"");
  const Entity chosen = must(with_table("dear", dear_titles()));
  EXPECT_EQ(text_of(select({call("max", {chosen["price"]})}).from(chosen).build()),
            "WITH \"dear\"(\"title\", \"price\") AS (SELECT \"title\", \"price\" FROM \"books\" WHERE "
            "\"price\" > :1) "
            "SELECT max(\"price\") FROM \"dear\"");
  EXPECT_FALSE(subquery("dear", nullptr));
  EXPECT_FALSE(subquery("no name", dear_titles()));
}

TEST_F(QueryPartsTest, GoesOnFromRowsSoFar) {
  const StatementPtr roots =
      must(select({category_["id"]}).from(category_).where(category_["parent_id"].is_null()).build());
  const Entity tree = must(recursive_table("tree", roots, [&](const Entity& so_far) {
    return select({category_["id"]})
        .from(category_)
        .join(so_far, category_["parent_id"] == so_far["id"])
        .build();
  }));
  EXPECT_EQ(
      text_of(select({count_rows()}).from(tree).build()),
      "WITH RECURSIVE \"tree\"(\"id\") AS (SELECT \"id\" FROM \"categories\" WHERE \"parent_id\" IS NULL "
      "UNION "
      "ALL SELECT \"categories\".\"id\" FROM \"categories\" JOIN \"tree\" ON \"categories\".\"parent_id\" = "
      "\"tree\".\"id\") SELECT count(*) FROM \"tree\"");
  const auto forgetful = recursive_table(
      "tree", roots, [&](const Entity&) { return select({category_["id"]}).from(category_).build(); });
  ASSERT_FALSE(forgetful);
  EXPECT_NE(forgetful.error().message().find("tree must select from"), std::string::npos);
}

TEST_F(QueryPartsTest, LooksThroughWindows) {
  const Term place = over(call("rank", {}),
                          {.partition_by = {book_["author_id"]}, .order_by = {book_["price"].descending()}});
  EXPECT_EQ(
      text_of(select({place.as("place")}).from(book_).build()),
      "SELECT rank() OVER (PARTITION BY \"author_id\" ORDER BY \"price\" DESC) AS \"place\" FROM \"books\"");
  EXPECT_FALSE(select({book_["title"]}).from(book_).where(place == 1).build());
  EXPECT_FALSE(over(book_["title"], {}).node());
}

TEST_F(QueryPartsTest, AsksQueriesInConditions) {
  const StatementPtr writers = must(select({book_["author_id"]}).from(book_).build());
  EXPECT_EQ(
      text_of(select({author_["name"]}).from(author_).where(in(author_["id"], writers)).build()),
      "SELECT \"name\" FROM \"authors\" WHERE \"id\" IN (SELECT \"books\".\"author_id\" FROM \"books\")");
  EXPECT_EQ(text_of(select({author_["name"]}).from(author_).where(exists(writers)).build()),
            "SELECT \"name\" FROM \"authors\" WHERE EXISTS (SELECT 1 FROM \"books\")");
  const StatementPtr first = must(select({call("min", {book_["author_id"]})}).from(book_).build());
  EXPECT_EQ(
      text_of(select({author_["name"]}).from(author_).where(author_["id"] == scalar(first)).build()),
      "SELECT \"name\" FROM \"authors\" WHERE \"id\" = (SELECT min(\"books\".\"author_id\") FROM \"books\")");
  EXPECT_FALSE(in(author_["name"], writers).node());
  EXPECT_FALSE(scalar(dear_titles()).node());
  EXPECT_FALSE(exists(must(delete_from(book_).everywhere().build())).node());
}

TEST_F(QueryPartsTest, CombinesQueriesOfOneShape) {
  const StatementPtr names = must(select({author_["name"]}).from(author_).build());
  const StatementPtr labels = must(select({category_["label"]}).from(category_).build());
  EXPECT_EQ(text_of(union_of({names, labels}).order_by(author_["name"].descending()).limit(3).build()),
            "SELECT \"name\" FROM \"authors\" UNION SELECT \"label\" FROM \"categories\" ORDER BY 1 DESC "
            "FETCH NEXT :1 "
            "ROWS ONLY");
  EXPECT_FALSE(union_all_of({names, dear_titles()}).build());
  EXPECT_FALSE(union_all_of({names}).build());
  EXPECT_FALSE(union_of({names, labels}).order_by(author_["email"]).build());
}

TEST_F(QueryPartsTest, ChangesRowsThatAreThere) {
  EXPECT_EQ(text_of(insert_into(author_, {"name"}).values({"Ann"}).on_conflict({"email"}).build()),
            "INSERT INTO \"authors\" (\"name\") VALUES (:1) ON CONFLICT (\"email\") DO NOTHING");
  EXPECT_EQ(text_of(insert_into(author_, {"name"})
                        .values({"Ann"})
                        .on_conflict({"email"})
                        .set("name", author_.excluded("name"))
                        .build()),
            "INSERT INTO \"authors\" (\"name\") VALUES (:1) ON CONFLICT (\"email\") DO UPDATE SET \"name\" = "
            "excluded.\"name\"");
  EXPECT_FALSE(insert_into(author_, {"name"}).values({"Ann"}).set("name", "Bob").build());
  EXPECT_FALSE(insert_into(author_, {"name"}).values({"Ann"}).on_conflict({"missing"}).build());
  EXPECT_FALSE(author_.excluded("missing").node());
}

TEST_F(QueryPartsTest, RefusesWhatNoDatabaseCouldAnswer) {
  const auto ungrouped = select({book_["title"], count_rows()}).from(book_).build();
  ASSERT_FALSE(ungrouped);
  EXPECT_NE(ungrouped.error().message().find("books.title"), std::string::npos);
  EXPECT_FALSE(select({book_["title"]}).from(book_).distinct().order_by(book_["price"]).build());
  EXPECT_TRUE(select({book_["title"]}).from(book_).distinct().order_by(book_["title"]).build());
}

}  // namespace
}  // namespace bridge::sql::fluent
