// Which servers the driver takes for CockroachDB, and what a URL may ask for.
#include "engine/databases/cockroachdb/driver.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>
#include <string_view>

#include "engine/driver/testing/session_fixture.h"
#include "engine/net/testing/loopback_server.h"

namespace bridge::cockroachdb {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kAccepted = "R\0\0\0\x08\0\0\0\0"sv;
constexpr std::string_view kVersion =
    "S\0\0\0\x19"
    "crdb_version\0v24.1.0\0"sv;
constexpr std::string_view kReady = "Z\0\0\0\x05I"sv;

/// Welcomes whoever comes, telling what it is given to tell.
class Porter {
 public:
  explicit Porter(std::string told) : told_(std::move(told)), server_([this](int peer) { serve(peer); }) {}
  std::string address() const { return "127.0.0.1:" + std::to_string(server_.port()); }
  const std::string& startup() const { return startup_; }

 private:
  void serve(int peer) {
    char received[1024];
    const ssize_t size = recv(peer, received, sizeof(received), 0);
    if (size <= 0) return;
    startup_.assign(received, static_cast<std::size_t>(size));
    const std::string welcome = std::string(kAccepted) + told_ + std::string(kReady);
    if (send(peer, welcome.data(), welcome.size(), MSG_NOSIGNAL) < 0) return;
    while (recv(peer, received, sizeof(received), 0) > 0) continue;
  }

  std::string told_;
  std::string startup_;
  net::testing::LoopbackServer server_;
};

class CockroachdbLogin : public driver::testing::SessionFixture {
 protected:
  Result<std::unique_ptr<driver::Driver>> make_driver(const driver::ConnectionUrl& url) override {
    return make_cockroachdb_driver(url, environment());
  }
  auto enter(const Porter& porter, std::string_view options = {}) {
    std::string url = "cockroachdb://app@";
    url.append(porter.address()).append("/shop").append(options);
    return open(url);
  }
};

TEST_F(CockroachdbLogin, TakesAServerThatSaysSo) {
  const Porter porter{std::string(kVersion)};
  EXPECT_TRUE(enter(porter));
}

TEST_F(CockroachdbLogin, RefusesOthersUnlessTold) {
  const Porter porter{""};
  const auto refused = enter(porter);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::kConfiguration);
  EXPECT_TRUE(enter(porter, "?server_check=false"));
}

TEST_F(CockroachdbLogin, HasNullsSortedAsInPostgres) {
  const Porter porter{std::string(kVersion)};
  ASSERT_TRUE(enter(porter));
  EXPECT_NE(porter.startup().find("null_ordered_last\0on\0"sv), std::string::npos);
}

TEST_F(CockroachdbLogin, AsksForFollowers) {
  const Porter porter{std::string(kVersion)};
  ASSERT_TRUE(enter(porter, "?follower_reads=true"));
  EXPECT_NE(porter.startup().find("default_transaction_use_follower_reads\0on\0"sv), std::string::npos);
}

TEST_F(CockroachdbLogin, RefusesWhatItDoesNotKnow) {
  for (const char* text : {"cockroachdb://a@h/d?unknown=1", "cockroachdb://a@h/d?server_check=perhaps"}) {
    const auto url = driver::ConnectionUrl::parse(text);
    ASSERT_TRUE(url.has_value());
    EXPECT_FALSE(make_driver(*url).has_value()) << text;
  }
}

}  // namespace
}  // namespace bridge::cockroachdb
