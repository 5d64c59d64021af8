// Lists of servers: who of a primary, its standby and others gets the session, and what is said when nobody
// does.
#include <thread>

#include "engine/databases/postgres/testing/session_fixture.h"
#include "engine/net/testing/loopback_server.h"

namespace bridge::postgres::testing {
namespace {

class ServerList : public SessionFixture {
 protected:
  static std::string primary() { return "127.0.0.1:" + variable("BRIDGE_POSTGRES_PORT"); }
  static std::string standby() { return "127.0.0.1:" + variable("BRIDGE_STANDBY_PORT"); }
  static bool has_standby() { return !variable("BRIDGE_STANDBY_PORT").empty(); }
  static std::string list(const std::string& servers, const std::string& options = "") {
    return "postgresql://bridge@" + servers + "/postgres" + (options.empty() ? "" : "?" + options);
  }

  /// "primary" or "standby", or the error's name and message.
  std::string role_of(const std::string& url, Duration limit = std::chrono::seconds(5)) {
    auto connection = open(url, limit);
    if (!connection) {
      return std::string(to_name(connection.error().code())) + ": " + connection.error().message();
    }
    const std::string rows = rows_of(**connection, statement("select pg_is_in_recovery()"));
    return rows == "false;" ? "primary" : rows == "true;" ? "standby" : rows;
  }
  std::string role_for(const std::string& servers, const std::string& target) {
    return role_of(list(servers, "target_session_attrs=" + target));
  }
};

TEST_F(ServerList, TriesTheNextServer) {
  EXPECT_EQ(role_of(list("127.0.0.1:1," + primary())), "primary");
  EXPECT_EQ(role_of(list(primary() + ",127.0.0.1:1")), "primary");
}

TEST_F(ServerList, NamesEachServersReason) {
  const std::string nobody = role_of(list("127.0.0.1:1,127.0.0.1:2"));
  EXPECT_TRUE(nobody.starts_with("connect_failed: no server of the list gave a session: 127.0.0.1:1: "))
      << nobody;
  EXPECT_NE(nobody.find("; 127.0.0.1:2: "), std::string::npos) << nobody;
}

TEST_F(ServerList, AsksForTheRoleOfASingleServer) {
  EXPECT_EQ(role_for(primary(), "primary"), "primary");
  EXPECT_EQ(role_for(primary(), "read-write"), "primary");
  EXPECT_EQ(role_for(primary(), "prefer-standby"), "primary");
  EXPECT_EQ(role_for(primary(), "standby"),
            "connect_failed: it is a primary that takes writes, target_session_attrs asks for standby");
  EXPECT_EQ(role_of(list(primary(),
                         "target_session_attrs=read-only&options=-c%20default_transaction_read_only=on")),
            "primary");
  EXPECT_EQ(role_of(list(primary(),
                         "target_session_attrs=read-write&options=-c%20default_transaction_read_only=on")),
            "connect_failed: it is a primary set read-only, target_session_attrs asks for read-write");
}

TEST_F(ServerList, FindsPrimaryAndStandby) {
  if (!has_standby()) GTEST_SKIP() << "BRIDGE_STANDBY_PORT is unset: run tools/servers start standby";
  const std::string both = standby() + "," + primary();
  EXPECT_EQ(role_for(both, "any"), "standby");
  EXPECT_EQ(role_for(both, "primary"), "primary");
  EXPECT_EQ(role_for(both, "read-write"), "primary");
  const std::string turned = primary() + "," + standby();
  EXPECT_EQ(role_for(turned, "any"), "primary");
  EXPECT_EQ(role_for(turned, "standby"), "standby");
  EXPECT_EQ(role_for(turned, "read-only"), "standby");
  EXPECT_EQ(role_for(turned, "prefer-standby"), "standby");
  EXPECT_EQ(role_for(primary() + ",127.0.0.1:1", "prefer-standby"), "primary");
  const std::string refused = role_for("127.0.0.1:1," + standby(), "read-write");
  EXPECT_TRUE(refused.starts_with("connect_failed: no server of the list gave a session: 127.0.0.1:1: "))
      << refused;
  EXPECT_NE(refused.find(standby() + ": it is a standby, target_session_attrs asks for read-write"),
            std::string::npos)
      << refused;
}

TEST_F(ServerList, LeavesTimeForTheNextServer) {
  const net::testing::LoopbackServer mute([](int) { std::this_thread::sleep_for(std::chrono::seconds(3)); });
  const std::string servers = "127.0.0.1:" + std::to_string(mute.port()) + "," + primary();
  EXPECT_EQ(role_of(list(servers), std::chrono::seconds(2)), "primary");
  EXPECT_EQ(role_of(list(servers, "connect_timeout=1"), std::chrono::seconds(30)), "primary");
  const std::string late = role_of(list("127.0.0.1:" + std::to_string(mute.port()), "connect_timeout=1"));
  EXPECT_TRUE(late.starts_with("connect_failed: the login did not finish")) << late;
}

TEST_F(ServerList, NeverLendsASessionAgainThatTurnedReadOnly) {
  auto connection = open_or_fail(list(primary(), "target_session_attrs=read-write"));
  ASSERT_NE(connection, nullptr);
  EXPECT_EQ(await(*send(*connection, command("set session characteristics as transaction read only"))), "ok");
  EXPECT_TRUE(connection->is_ready());
  EXPECT_EQ(await(*send(*connection, command("create table never_made (id int)"))), "statement");
  EXPECT_FALSE(connection->is_ready());
}

}  // namespace
}  // namespace bridge::postgres::testing
