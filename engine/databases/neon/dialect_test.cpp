// Neon is told, statement by statement, what PostgreSQL is told.
#include "engine/databases/neon/dialect.h"

#include <gtest/gtest.h>

#include "engine/sql/testing/golden_file.h"

namespace bridge::neon {
namespace {

std::string compare(const std::vector<sql::testing::StatementSample>& samples, const std::string& file) {
  return sql::testing::compare_with_golden(samples, neon_dialect(),
                                           "engine/databases/postgres/golden/" + file);
}

TEST(NeonDialect, SaysWhatPostgresSays) {
  EXPECT_EQ(compare(sql::testing::make_query_samples(), "queries.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_language_samples(), "language.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_write_samples(), "writes.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_other_samples(), "others.sql"), "");
}

TEST(NeonDialect, NamesItself) { EXPECT_EQ(neon_pooled_dialect().name(), "Neon"); }

}  // namespace
}  // namespace bridge::neon
