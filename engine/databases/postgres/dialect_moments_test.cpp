// Moments as Postgres computes with them, against the file beside it.
#include "engine/databases/postgres/dialect_moments.h"

#include <gtest/gtest.h>

#include "engine/databases/postgres/dialect.h"
#include "engine/sql/testing/golden_file.h"

namespace bridge::postgres {
namespace {

TEST(DialectMomentsTest, SaysWhatTheGoldenFileHolds) {
  EXPECT_EQ(sql::testing::compare_with_golden(sql::testing::make_moment_samples(), postgres_dialect(),
                                              "engine/databases/postgres/golden/moments.sql"),
            "");
}

TEST(DialectMomentsTest, KnowsNothingElse) { EXPECT_EQ(find_moment_writer("lower"), nullptr); }

}  // namespace
}  // namespace bridge::postgres
