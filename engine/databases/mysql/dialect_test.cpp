// What MySQL is told, statement by statement, against the files in golden/.
#include "engine/databases/mysql/dialect.h"

#include <gtest/gtest.h>

#include "engine/sql/testing/golden_file.h"

namespace bridge::mysql {
namespace {

std::string compare(const std::vector<sql::testing::StatementSample>& samples, const std::string& file) {
  return sql::testing::compare_with_golden(samples, mysql_dialect(), "engine/databases/mysql/golden/" + file);
}

TEST(MysqlDialect, SaysWhatTheGoldenFilesHold) {
  EXPECT_EQ(compare(sql::testing::make_query_samples(), "queries.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_language_samples(), "language.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_moment_samples(), "moments.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_write_samples(), "writes.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_other_samples(), "others.sql"), "");
  EXPECT_EQ(compare(sql::testing::make_version_samples(), "versions.sql"), "");
}

}  // namespace
}  // namespace bridge::mysql
