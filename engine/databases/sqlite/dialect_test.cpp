// What Sqlite is told, statement by statement, against the file beside it.
#include "engine/databases/sqlite/dialect.h"

#include <gtest/gtest.h>

#include "engine/sql/testing/golden_file.h"

namespace bridge::sqlite {
namespace {

std::string golden_path(const std::string& name) { return "engine/databases/sqlite/golden/" + name; }

TEST(DialectTest, SaysWhatTheGoldenFilesHold) {
  EXPECT_EQ(sql::testing::compare_with_golden(sql::testing::make_query_samples(), sqlite_dialect(),
                                              golden_path("queries.sql")),
            "");
  EXPECT_EQ(sql::testing::compare_with_golden(sql::testing::make_language_samples(), sqlite_dialect(),
                                              golden_path("language.sql")),
            "");
  EXPECT_EQ(sql::testing::compare_with_golden(sql::testing::make_write_samples(), sqlite_dialect(),
                                              golden_path("writes.sql")),
            "");
  EXPECT_EQ(sql::testing::compare_with_golden(sql::testing::make_other_samples(), sqlite_dialect(),
                                              golden_path("others.sql")),
            "");
  EXPECT_EQ(sql::testing::compare_with_golden(sql::testing::make_version_samples(), sqlite_dialect(),
                                              golden_path("versions.sql")),
            "");
}

}  // namespace
}  // namespace bridge::sqlite
