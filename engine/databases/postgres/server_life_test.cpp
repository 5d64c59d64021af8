// What a server does of its own accord: notices, changed settings, ended sessions, no room for more.
#include "engine/databases/postgres/testing/session_fixture.h"

namespace bridge::postgres::testing {
namespace {

using ServerLife = SessionFixture;

TEST_F(ServerLife, NoticesChangeNoAnswer) {
  const auto connection = open_or_fail(server_url());
  ASSERT_NE(connection, nullptr);
  const auto talk = command("do $$ begin for n in 1..1000 loop raise notice 'notice %', n; end loop; end $$");
  EXPECT_EQ(await(*send(*connection, talk)), "ok");
  EXPECT_EQ(rows_of(*connection, statement("select 1")), "1;");
  EXPECT_TRUE(connection->is_ready());
}

TEST_F(ServerLife, ChangedSettingsAreReadAsBefore) {
  const auto connection = open_or_fail(server_url());
  ASSERT_NE(connection, nullptr);
  const auto moment = statement("select timestamptz '2000-01-01 00:00:01+00', interval '1 day'");
  const std::string before = rows_of(*connection, moment);
  EXPECT_EQ(before, "utc946684801000000 i0/1/0;");
  for (const char* setting : {"set timezone to 'Asia/Tokyo'", "set datestyle to 'SQL, DMY'",
                              "set intervalstyle to 'iso_8601'", "set application_name to 'renamed'"}) {
    EXPECT_EQ(await(*send(*connection, command(setting))), "ok") << setting;
    EXPECT_EQ(rows_of(*connection, moment), before) << setting;
  }
}

TEST_F(ServerLife, AnotherEncodingEndsTheSession) {
  const auto connection = open_or_fail(server_url());
  ASSERT_NE(connection, nullptr);
  EXPECT_EQ(await(*send(*connection, command("set client_encoding to 'LATIN1'"))), "connection_lost");
  EXPECT_FALSE(connection->is_usable());
}

TEST_F(ServerLife, AnEndedSessionIsNoticedAndTheNextOneWorks) {
  const auto connection = open_or_fail(server_url());
  const auto killer = open_or_fail(server_url());
  ASSERT_TRUE(connection != nullptr && killer != nullptr);
  const std::string process = rows_of(*connection, statement("select pg_backend_pid()"));
  const auto kill = statement("select pg_terminate_backend(" + process.substr(0, process.size() - 1) + ")");
  EXPECT_EQ(rows_of(*killer, kill), "true;");
  EXPECT_TRUE(run_until([&] { return !connection->is_usable() || !connection->is_quiet(); }));
  EXPECT_EQ(await(*send(*connection, statement("select 1"))), "connection_lost");
  EXPECT_FALSE(connection->is_usable());
  const auto next = open_or_fail(server_url());
  ASSERT_NE(next, nullptr);
  EXPECT_EQ(rows_of(*next, statement("select 1")), "1;");
}

TEST_F(ServerLife, NoRoomForMoreSessionsIsAFailureToConnect) {
  const auto owner = open_or_fail(server_url());
  ASSERT_NE(owner, nullptr);
  ASSERT_EQ(await(*send(*owner, command("alter role bridge_changing connection limit 0"))), "ok");
  ASSERT_EQ(await(*send(*owner, command("set password_encryption to 'scram-sha-256'"))), "ok");
  ASSERT_EQ(await(*send(*owner, command("alter role bridge_changing password 'crowded'"))), "ok");
  const auto refused = open(url_for("bridge_changing:crowded@127.0.0.1"));
  EXPECT_EQ(await(*send(*owner, command("alter role bridge_changing connection limit -1"))), "ok");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::kConnectFailed);
  EXPECT_EQ(refused.error().server().sqlstate, "53300");
}

}  // namespace
}  // namespace bridge::postgres::testing
