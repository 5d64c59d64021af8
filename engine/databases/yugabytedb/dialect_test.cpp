// YugabyteDB is told, statement by statement, what PostgreSQL is told.
#include "engine/databases/yugabytedb/dialect.h"

#include <gtest/gtest.h>

#include "engine/sql/testing/golden_file.h"

namespace bridge::yugabytedb {
namespace {

std::string compare(const std::vector<sql::testing::StatementSample>& samples, const std::string& file) {
  return sql::testing::compare_with_golden(samples, yugabytedb_dialect(),
                                           "engine/databases/postgres/golden/" + file);
}

TEST(YugabytedbDialect, SaysWhatPostgresSays) {
  EXPECT_EQ(compare(sql::testing::make_query_samples(), "queries.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_language_samples(), "language.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_write_samples(), "writes.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_other_samples(), "others.sql"), "");
}

}  // namespace
}  // namespace bridge::yugabytedb
