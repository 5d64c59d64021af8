// What a YugabyteDB URL may ask for.
#include "engine/databases/yugabytedb/options.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace bridge::yugabytedb {
namespace {

using std::chrono::seconds;

Result<YugabyteOptions> read(const std::string& options) {
  BRIDGE_ASSIGN_OR_RETURN(const auto url,
                          driver::ConnectionUrl::parse("yugabytedb://u@127.0.0.1,127.0.0.2:6/d" + options));
  return YugabyteOptions::from_url(url);
}

TEST(YugabyteOptions, BalanceUnlessToldOtherwise) {
  const auto options = read("");
  ASSERT_TRUE(options.has_value());
  EXPECT_TRUE(options->balance.is_balanced);
  EXPECT_TRUE(options->balance.falls_back);
  EXPECT_TRUE(options->balance.keys.empty());
  EXPECT_EQ(options->balance.refresh_interval, Duration(seconds(300)));
  EXPECT_EQ(options->balance.quarantine, Duration(seconds(5)));
  EXPECT_EQ(options->session.servers[0].address.port, 5433);
  EXPECT_EQ(options->session.servers[1].address.port, 6);
  const auto alone = read("?load_balance=false");
  ASSERT_TRUE(alone.has_value());
  EXPECT_FALSE(alone->balance.is_balanced);
}

TEST(YugabyteOptions, TakeTheTopologyAndItsTimes) {
  const auto options = read(
      "?topology_keys=aws.east.one:2,aws.west.*&fallback_to_topology_keys_only=true"
      "&yb_servers_refresh_interval=0&failed_host_reconnect_delay_secs=60");
  ASSERT_TRUE(options.has_value());
  ASSERT_EQ(options->balance.keys.size(), 2U);
  EXPECT_EQ(options->balance.keys[0].priority, 2);
  EXPECT_EQ(options->balance.keys[1].zone, "");
  EXPECT_FALSE(options->balance.falls_back);
  EXPECT_EQ(options->balance.refresh_interval, Duration::zero());
  EXPECT_EQ(options->balance.quarantine, Duration(seconds(60)));
}

TEST(YugabyteOptions, AskForFollowersAtLogin) {
  const std::pair<std::string, std::string> setting("yb_read_from_followers", "true");
  const auto options = read("?follower_reads=true");
  ASSERT_TRUE(options.has_value());
  const auto& startup = options->session.startup;
  EXPECT_NE(std::find(startup.begin(), startup.end(), setting), startup.end());
  const auto without = read("");
  ASSERT_TRUE(without.has_value());
  EXPECT_EQ(std::count(without->session.startup.begin(), without->session.startup.end(), setting), 0);
}

TEST(YugabyteOptions, RefuseEverythingElse) {
  for (const char* options :
       {"?load_balance=maybe", "?topology_keys=aws", "?load_balance=false&topology_keys=a.b.c",
        "?yb_servers_refresh_interval=601", "?yb_servers_refresh_interval=-1",
        "?failed_host_reconnect_delay_secs=61", "?failed_host_reconnect_delay_secs=5s", "?unknown=1"}) {
    const auto read_back = read(options);
    ASSERT_FALSE(read_back.has_value()) << options;
    EXPECT_EQ(read_back.error().code(), ErrorCode::kConfiguration) << options;
  }
}

}  // namespace
}  // namespace bridge::yugabytedb
