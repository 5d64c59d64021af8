// What a Neon URL means where it says nothing, and what it may not say.
#include "engine/databases/neon/options.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace bridge::neon {
namespace {

using std::chrono::seconds;

constexpr std::string_view kDirect = "neon://u:secret@ep-cool-1.eu.aws.neon.tech/d";
constexpr std::string_view kPooled = "neon://u:secret@ep-cool-1-pooler.eu.aws.neon.tech/d";

Result<NeonOptions> read(std::string_view base, std::string_view options = {}) {
  std::string text(base);
  text.append(options);
  BRIDGE_ASSIGN_OR_RETURN(const auto url, driver::ConnectionUrl::parse(text));
  return NeonOptions::from_url(url);
}

TEST(NeonOptions, DemandTlsWithTheHostsNameAndItsBinding) {
  const auto options = read(kDirect);
  ASSERT_TRUE(options.has_value());
  const driver::ServerAddress& server = options->session.servers.front();
  EXPECT_EQ(server.tls.mode, net::TlsMode::kVerifyFull);
  EXPECT_EQ(server.tls.host_name, "ep-cool-1.eu.aws.neon.tech");
  EXPECT_EQ(server.address.port, 5432);
  EXPECT_EQ(options->session.binding, postgres::wire::BindingPolicy::kRequire);
  EXPECT_FALSE(options->session.has_session_per_transaction);
  EXPECT_EQ(options->cold_start, Duration(seconds(15)));
  EXPECT_EQ(options->longest_idle, Duration(seconds(240)));
}

TEST(NeonOptions, KnowPooledEndpointsByTheirHost) {
  const auto options = read(kPooled);
  ASSERT_TRUE(options.has_value());
  EXPECT_TRUE(options->session.has_session_per_transaction);
  EXPECT_TRUE(options->session.keeps_prepared);
  const auto unnamed = read(kPooled, "?prepared_statements=off");
  ASSERT_TRUE(unnamed.has_value());
  EXPECT_FALSE(unnamed->session.keeps_prepared);
}

TEST(NeonOptions, ReachTheHostAtAnAddressUnderItsName) {
  const auto options = read(kDirect, "?hostaddr=127.0.0.1&sslmode=require");
  ASSERT_TRUE(options.has_value());
  const driver::ServerAddress& server = options->session.servers.front();
  EXPECT_EQ(server.address.host, "127.0.0.1");
  EXPECT_EQ(server.tls.host_name, "ep-cool-1.eu.aws.neon.tech");
}

TEST(NeonOptions, SendTheEndpointWhereTheHostCannotName) {
  const auto options = read("neon://u@192.0.2.7/d?options=endpoint%3Dep-cool-1-pooler");
  ASSERT_TRUE(options.has_value());
  EXPECT_TRUE(options->session.has_session_per_transaction);
  const auto& startup = options->session.startup;
  EXPECT_NE(std::find(startup.begin(), startup.end(),
                      std::pair<std::string, std::string>("options", "endpoint=ep-cool-1-pooler")),
            startup.end());
}

TEST(NeonOptions, TakeTimesOfTheirOwn) {
  const auto options = read(kDirect, "?cold_start=60&suspend_after=100&connect_timeout=2");
  ASSERT_TRUE(options.has_value());
  EXPECT_EQ(options->cold_start, Duration(seconds(60)));
  EXPECT_EQ(options->longest_idle, Duration(seconds(80)));
  EXPECT_EQ(options->session.server_timeout, Duration(seconds(2)));
}

TEST(NeonOptions, RefuseWhatNeonCannotDo) {
  for (const std::string_view text :
       {"neon://u@ep-1.a.b/d?sslmode=disable", "neon://u@192.0.2.7/d", "neon://u@localhost/d",
        "neon://u@/d?host=/run/postgresql", "neon://u@ep-1.a.b,ep-2.a.b/d",
        "neon://u@ep-1.a.b/d?cold_start=0", "neon://u@ep-1.a.b/d?unknown=1"}) {
    const auto options = read(text);
    ASSERT_FALSE(options.has_value()) << text;
    EXPECT_EQ(options.error().code(), ErrorCode::kConfiguration) << text;
    EXPECT_TRUE(options.error().message().starts_with("Neon URL: ")) << text;
  }
}

}  // namespace
}  // namespace bridge::neon
