// The order of creation, circles, derived names, and how many rows fit.
#include "engine/sql/ddl.h"

#include <gtest/gtest.h>

#include "engine/sql/chunker.h"
#include "engine/sql/compiler.h"
#include "engine/sql/constraint_names.h"
#include "engine/sql/testing/builders.h"
#include "engine/sql/testing/library.h"
#include "engine/sql/testing/plain_dialect.h"

namespace bridge::sql {
namespace {

using testing::library;
using testing::must;
using testing::name;
using testing::of;

TablePtr node(std::string_view label, std::string_view target, bool is_nullable) {
  Table table{.name = name(label)};
  types::ColumnType link = of(types::StorageType::kInt64);
  link.is_nullable = is_nullable;
  table.columns = {{.name = name("id"), .type = of(types::StorageType::kInt64), .is_primary_key = true},
                   {.name = name("next"), .type = link}};
  table.foreign_keys = {{.columns = {1}, .target_table = name(target), .target_columns = {name("id")}}};
  return must(make_table(std::move(table)));
}

std::vector<std::string> created(const std::vector<StatementBody>& plan) {
  std::vector<std::string> names;
  for (const StatementBody& body : plan) {
    if (const auto* const creation = std::get_if<CreateTable>(&body))
      names.push_back(creation->table->name.text());
    if (const auto* const addition = std::get_if<AddForeignKey>(&body))
      names.push_back("key of " + addition->table->name.text());
  }
  return names;
}

TEST(DdlTest, TargetsComeFirst) {
  const auto plan = must(plan_create({library().loans, library().books, library().authors}));
  EXPECT_EQ(created(plan), (std::vector<std::string>{"authors", "books", "loans"}));
  const auto drops = plan_drop({library().loans, library().books, library().authors});
  EXPECT_EQ(std::get<DropTable>(drops.front()).table, library().loans);
  EXPECT_FALSE(std::get<DropTable>(drops.front()).cascade);
}

TEST(DdlTest, CirclesBreakAtANullableKey) {
  const auto plan = must(plan_create({node("egg", "hen", false), node("hen", "egg", true)}));
  EXPECT_EQ(created(plan), (std::vector<std::string>{"hen", "egg", "key of hen"}));
}

TEST(DdlTest, CirclesBreakAtAKeyCheckedAtCommit) {
  Table hen = *node("hen", "egg", false);
  hen.foreign_keys.front().is_deferred = true;
  const TablePtr deferred = must(make_table(std::move(hen)));
  const auto plan = must(plan_create({node("egg", "hen", false), deferred}));
  EXPECT_EQ(created(plan), (std::vector<std::string>{"hen", "egg", "key of hen"}));
  const auto text = must(compile(Statement(CreateTable{deferred}), testing::PlainDialect()))->text;
  EXPECT_NE(text->find("REFERENCES \"egg\" (\"id\") DEFERRABLE INITIALLY DEFERRED"), std::string::npos);
}

TEST(DdlTest, ACircleOfRequiredKeysIsRefused) {
  const auto plan =
      plan_create({node("egg", "hen", false), node("hen", "egg", false), node("fox", "hen", false)});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code(), ErrorCode::kModel);
  EXPECT_NE(plan.error().message().find("egg, hen"), std::string::npos);
  EXPECT_EQ(plan.error().message().find("fox"), std::string::npos);
}

TEST(DdlTest, LongNamesAreShortenedByHash) {
  constexpr std::size_t kLimit = 24;
  const auto first = must(make_constraint_name(*library().books, {1, 2}, kUniqueSuffix, kLimit));
  const auto second = must(make_constraint_name(*library().books, {1, 3}, kUniqueSuffix, kLimit));
  EXPECT_EQ(first.text().size(), kLimit);
  EXPECT_NE(first, second);
  EXPECT_EQ(must(make_constraint_name(*library().books, {1}, kForeignKeySuffix, kLimit)).text(),
            "books_author_id_fkey");
}

TEST(DdlTest, ChunksKeepTheLimits) {
  const DialectLimits limits{.max_parameters = 100, .max_rows_per_values = 30};
  EXPECT_EQ(must(count_rows_per_statement(limits, 8, 0, 0)), 12U);
  EXPECT_EQ(must(count_rows_per_statement(limits, 2, 10, 0)), 30U);
  EXPECT_EQ(must(count_rows_per_statement(limits, 2, 0, 5)), 5U);
  EXPECT_FALSE(count_rows_per_statement(limits, 101, 0, 0));
}

}  // namespace
}  // namespace bridge::sql
