// What PlanetScale is told, statement by statement, against the files in golden/.
#include "engine/databases/planetscale/dialect.h"

#include <gtest/gtest.h>

#include "engine/sql/compiler.h"
#include "engine/sql/testing/golden_file.h"

namespace bridge::planetscale {
namespace {

std::string compare(const std::vector<sql::testing::StatementSample>& samples, const std::string& file) {
  return sql::testing::compare_with_golden(samples, unchecked_dialect(),
                                           "engine/databases/planetscale/golden/" + file);
}

TEST(PlanetscaleDialect, SaysWhatTheGoldenFilesHold) {
  EXPECT_EQ(compare(sql::testing::make_query_samples(), "queries.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_language_samples(), "language.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_moment_samples(), "moments.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_write_samples(), "writes.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_other_samples(), "others.sql"), "");
}

TEST(PlanetscaleDialect, SaysForeignKeysWhereTheyAreEnabled) {
  const auto count_tables = [](const sql::Dialect& dialect, std::string_view words) {
    std::size_t count = 0;
    for (const sql::testing::StatementSample& sample : sql::testing::make_other_samples()) {
      const auto compiled = sql::compile(*sample.statement, dialect);
      count += compiled && (*compiled)->text->find(words) != std::string::npos ? 1U : 0U;
    }
    return count;
  };
  EXPECT_GT(count_tables(planetscale_dialect(), " FOREIGN KEY ("), 0U);
  EXPECT_EQ(count_tables(unchecked_dialect(), " FOREIGN KEY ("), 0U);
  EXPECT_EQ(count_tables(planetscale_dialect(), "  INDEX "), 0U);
}

}  // namespace
}  // namespace bridge::planetscale
