// Which raw statements a pooled endpoint refuses.
#include "engine/databases/neon/session_words.h"

#include <gtest/gtest.h>

#include "engine/databases/neon/dialect.h"
#include "engine/sql/raw_sql.h"

namespace bridge::neon {
namespace {

Status check(const std::string& text) {
  return sql::check_raw_text({text}, neon_pooled_dialect().raw_text_rules());
}

TEST(SessionWords, AreRefusedOnPooledEndpoints) {
  for (const std::string text :
       {"SET work_mem = '1MB'", "/* a setting */ set SESSION timezone TO 'UTC'", "LISTEN shop",
        "unlisten shop", "PREPARE one AS SELECT 1", "LOAD 'auto_explain'", "CREATE TEMP TABLE t (a int)",
        "create local temporary table t (a int)", "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
        "SELECT pg_advisory_lock(1)", "SELECT a FROM t WHERE pg_try_advisory_lock(a)"}) {
    const Status checked = check(text);
    ASSERT_FALSE(checked) << text;
    EXPECT_EQ(checked.error().code(), ErrorCode::kUnsupportedFeature) << text;
    EXPECT_NE(checked.error().message().find("-pooler"), std::string::npos) << text;
    EXPECT_TRUE(sql::check_raw_text({text}, neon_dialect().raw_text_rules())) << text;
  }
}

TEST(SessionWords, LeaveWhatEndsWithTheTransaction) {
  for (const std::string text :
       {"SET LOCAL work_mem = '1MB'", "SET TRANSACTION READ ONLY", "SET CONSTRAINTS ALL DEFERRED",
        "PREPARE TRANSACTION 'one'", "SELECT pg_advisory_xact_lock(1)", "SELECT 'SET x', \"listen\" FROM t",
        "UPDATE t SET a = 1", "CREATE TABLE temp_readings (a int)", "DECLARE c CURSOR FOR SELECT 1"}) {
    EXPECT_TRUE(check(text)) << text;
  }
}

TEST(SessionWords, AreReadAcrossTheGapsOfValues) {
  EXPECT_FALSE(
      sql::check_raw_text({"SELECT ", " + pg_advisory_lock(", ")"}, neon_pooled_dialect().raw_text_rules()));
}

}  // namespace
}  // namespace bridge::neon
