// Moments are moved and measured exactly, in every form, and what is no moment is refused.
#include "engine/databases/sqlite/moment_functions.h"

#include <gtest/gtest.h>

#include "engine/databases/sqlite/testing/sqlite_session.h"

namespace bridge::sqlite {
namespace {

using testing::SqliteSession;

class MomentFunctions : public ::testing::Test {
 protected:
  std::string answer(const std::string& expression) { return session_.say("SELECT " + expression).joined(); }

  SqliteSession session_{""};
};

TEST_F(MomentFunctions, MoveByMicroseconds) {
  EXPECT_EQ(answer("bridge_moment_add('2024-02-28', 2 * 86400000000)"), "2024-03-01");
  EXPECT_EQ(answer("bridge_moment_add('1970-01-01 00:00:00.000000', -1)"), "1969-12-31 23:59:59.999999");
  EXPECT_EQ(answer("bridge_moment_add('2024-01-01 00:00:00', 1)"), "2024-01-01 00:00:00.000001");
  EXPECT_EQ(answer("bridge_moment_add('2024-01-01 00:00:00.000000+00:00', 1000000)"),
            "2024-01-01 00:00:01.000000+00:00");
}

TEST_F(MomentFunctions, MoveByMonthsToTheLastDayAtMost) {
  EXPECT_EQ(answer("bridge_moment_add_months('2024-01-31', 1)"), "2024-02-29");
  EXPECT_EQ(answer("bridge_moment_add_months('2024-03-31', -13)"), "2023-02-28");
  EXPECT_EQ(answer("bridge_moment_add_months('1969-12-31 23:59:59.999999', -2)"),
            "1969-10-31 23:59:59.999999");
}

TEST_F(MomentFunctions, MeasureExactly) {
  EXPECT_EQ(answer("bridge_moment_difference('2024-03-01', '2024-02-28')"), "172800000000");
  EXPECT_EQ(answer("bridge_moment_difference('0001-01-01', '9999-12-31')"), "-315537811200000000");
}

TEST_F(MomentFunctions, GiveNullForNull) {
  EXPECT_EQ(answer("typeof(bridge_moment_add(NULL, 1))"), "null");
  EXPECT_EQ(answer("typeof(bridge_moment_difference('2024-01-01', NULL))"), "null");
}

TEST_F(MomentFunctions, RefuseWhatIsNoMomentOrLeavesTheCalendar) {
  for (const char* wrong :
       {"bridge_moment_add('2024-02-30', 1)", "bridge_moment_add(5, 1)",
        "bridge_moment_add('2024-01-01', 1.5)", "bridge_moment_add('9999-12-31', 86400000000)",
        "bridge_moment_add('2024-01-01', 9223372036854775807)", "bridge_moment_add_months('9999-12-31', 1)",
        "bridge_moment_add_months('2024-01-01', -9223372036854775807)",
        "bridge_moment_difference('noon', '2024-01-01')"}) {
    const auto reply = session_.say(std::string("SELECT ") + wrong);
    ASSERT_TRUE(reply.error) << wrong;
    EXPECT_NE(reply.error->message().find("bridge_moment"), std::string::npos) << reply.error->message();
  }
}

}  // namespace
}  // namespace bridge::sqlite
