// Moments as Sqlite computes with them, against the file beside it.
#include "engine/databases/sqlite/dialect_moments.h"

#include <gtest/gtest.h>

#include "engine/databases/sqlite/dialect.h"
#include "engine/sql/testing/golden_file.h"

namespace bridge::sqlite {
namespace {

TEST(DialectMomentsTest, SaysWhatTheGoldenFileHolds) {
  EXPECT_EQ(sql::testing::compare_with_golden(sql::testing::make_moment_samples(), sqlite_dialect(),
                                              "engine/databases/sqlite/golden/moments.sql"),
            "");
}

TEST(DialectMomentsTest, KnowsNothingElse) { EXPECT_EQ(find_moment_writer("lower"), nullptr); }

}  // namespace
}  // namespace bridge::sqlite
