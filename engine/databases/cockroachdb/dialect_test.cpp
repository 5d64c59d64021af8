// What CockroachDB is told, statement by statement, against the files in golden/.
#include "engine/databases/cockroachdb/dialect.h"

#include <gtest/gtest.h>

#include "engine/sql/compiler.h"
#include "engine/sql/testing/golden_file.h"

namespace bridge::cockroachdb {
namespace {

std::string compare(const std::vector<sql::testing::StatementSample>& samples, const std::string& file) {
  return sql::testing::compare_with_golden(samples, cockroachdb_dialect(),
                                           "engine/databases/cockroachdb/golden/" + file);
}

TEST(CockroachdbDialect, SaysWhatTheGoldenFilesHold) {
  EXPECT_EQ(compare(sql::testing::make_query_samples(), "queries.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_language_samples(), "language.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_write_samples(), "writes.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_other_samples(), "others.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_version_samples(), "versions.sql"), "");
}

TEST(CockroachdbDialect, NumbersKeysWithSixtyFourBits) {
  sql::Table table{.name = *Identifier::make("narrow")};
  table.columns.push_back({.name = *Identifier::make("id"),
                           .type = {.storage = types::StorageType::kInt32},
                           .is_primary_key = true,
                           .generation = sql::Generation::kIdentity});
  const auto made = sql::make_table(std::move(table));
  ASSERT_TRUE(made.has_value());
  const auto compiled =
      sql::compile(*sql::make_statement(sql::CreateTable{.table = *made}), cockroachdb_dialect());
  ASSERT_FALSE(compiled.has_value());
  EXPECT_EQ(compiled.error().code(), ErrorCode::kUnsupportedFeature);
}

TEST(CockroachdbDialect, RefusesDeferrableTransactions) {
  sql::Begin begin;
  begin.is_deferrable = true;
  EXPECT_FALSE(sql::compile(*sql::make_statement(begin), cockroachdb_dialect()).has_value());
}

}  // namespace
}  // namespace bridge::cockroachdb
