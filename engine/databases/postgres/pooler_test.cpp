// Sessions through a pooler that gives each transaction another session of the server.
#include "engine/databases/postgres/testing/session_fixture.h"

namespace bridge::postgres::testing {
namespace {

using types::Value;

struct Pooler {
  const char* variable;
  const char* server;  // as tools/servers names it
};

class Pooled : public SessionFixture, public ::testing::WithParamInterface<Pooler> {
 protected:
  void SetUp() override {
    if (url().empty())
      GTEST_SKIP() << GetParam().variable << " is unset: run tools/servers start " << GetParam().server;
    SessionFixture::SetUp();
  }
  static std::string url() { return variable(GetParam().variable); }

  /// Two clients over one pool, each with statements of its own in turns; the wrong answers.
  std::string play(const std::string& options) {
    std::string wrong;
    const auto one = open_or_fail(url() + options);
    const auto other = open_or_fail(url() + options);
    if (one == nullptr || other == nullptr) return "no session";
    for (int index = 0; index < 20; ++index) {
      // Sent together, so that both server sessions are in use and clients change places.
      const auto left = send(*one, statement_of(index % 4, "1"), {Value::of_int64(index)});
      const auto right = send(*other, statement_of(index % 4, "2"), {Value::of_int64(index)});
      const std::string outcome =
          await(*left) + " " + left->sink.rows + " " + await(*right) + " " + right->sink.rows;
      const std::string expected =
          "ok " + std::to_string(index + 1) + "; ok " + std::to_string(index + 2) + ";";
      if (outcome != expected) wrong += outcome + " instead of " + expected + "\n";
    }
    return wrong;
  }

 private:
  /// The same few texts again and again, so that they are prepared once and used later.
  std::shared_ptr<const sql::CompiledStatement> statement_of(int index, const std::string& added) {
    auto& made = statements_[added + "/" + std::to_string(index)];
    if (made == nullptr)
      made = statement("select $1::int8 + " + added + " + " + std::to_string(index) + " * 0");
    return made;
  }
  std::map<std::string, std::shared_ptr<sql::CompiledStatement>> statements_;
};

TEST_P(Pooled, NeedsNothingOfASession) { EXPECT_EQ(play("?pool_mode=transaction"), ""); }

TEST_P(Pooled, WorksWithoutPreparedStatements) { EXPECT_EQ(play("?prepared_statements=off"), ""); }

TEST_P(Pooled, AsksAndRunsInOneTransaction) {
  const auto connection = open_or_fail(url() + "?pool_mode=transaction");
  const auto other = open_or_fail(url() + "?pool_mode=transaction");
  ASSERT_TRUE(connection != nullptr && other != nullptr);
  const auto raw = statement("select 7");
  raw->is_read_only = false;
  for (int index = 0; index < 20; ++index) {
    const auto neighbour = send(*other, statement("select 8"));
    EXPECT_EQ(rows_of(*connection, raw), "7;");
    EXPECT_EQ(await(*neighbour), "ok");
  }
}

TEST_P(Pooled, NoticesWhatNobodyToldIt) { EXPECT_EQ(play(""), ""); }

INSTANTIATE_TEST_SUITE_P(, Pooled,
                         ::testing::Values(Pooler{"BRIDGE_PGBOUNCER_URL", "pgbouncer"},
                                           Pooler{"BRIDGE_PGBOUNCER_NEWEST_URL", "pgbouncer_newest"}),
                         [](const auto& played) { return std::string(played.param.server); });

using FollowingPooler = Pooled;

TEST_P(FollowingPooler, KeepsPreparedStatements) {
  EXPECT_EQ(play("?pool_mode=transaction&prepared_statements=on"), "");
}

TEST_P(FollowingPooler, RunsAStatementWhoseResultChanged) {
  const auto connection = open_or_fail(url() + "?pool_mode=transaction&prepared_statements=on");
  ASSERT_NE(connection, nullptr);
  for (const char* text : {"drop table if exists pooled_shape", "create table pooled_shape (a int)",
                           "insert into pooled_shape values (7)"}) {
    ASSERT_EQ(await(*send(*connection, command(text))), "ok") << text;
  }
  const auto select = statement("select * from pooled_shape where a > $1::int4");
  EXPECT_EQ(rows_of(*connection, select, {Value::of_int64(0)}), "7;");
  ASSERT_EQ(await(*send(*connection, command("alter table pooled_shape add b int"))), "ok");
  EXPECT_EQ(rows_of(*connection, select, {Value::of_int64(0)}), "7 null;");
  EXPECT_EQ(rows_of(*connection, select, {Value::of_int64(0)}), "7 null;");
  EXPECT_EQ(await(*send(*connection, command("drop table pooled_shape"))), "ok");
}

INSTANTIATE_TEST_SUITE_P(, FollowingPooler,
                         ::testing::Values(Pooler{"BRIDGE_PGBOUNCER_NEWEST_URL", "pgbouncer_newest"}));

}  // namespace
}  // namespace bridge::postgres::testing
