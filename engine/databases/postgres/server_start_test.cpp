// A server that is starting up: whoever connects waits for it within his time, and no longer.
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

#include "engine/databases/postgres/testing/session_fixture.h"
#include "engine/net/testing/loopback_server.h"

namespace bridge::postgres::testing {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

constexpr std::string_view kStarting = "E\0\0\0\x37SFATAL\0C57P03\0Mthe database system is starting up\0\0"sv;
constexpr std::string_view kRoomless = "E\0\0\0\x2DSFATAL\0C53300\0Mtoo many clients already\0\0"sv;
constexpr std::string_view kWelcome = "R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I"sv;

/// Says `refusal` to the first clients and welcomes those behind them.
class Doorman {
 public:
  Doorman(int refusals, std::string_view refusal)
      : refusals_(refusals), refusal_(refusal), server_([this](int descriptor) { serve(descriptor); }) {}

  std::string address() const { return "127.0.0.1:" + std::to_string(server_.port()); }
  int knocks() const { return knocks_; }

 private:
  void serve(int descriptor) {
    char startup[1024];
    if (recv(descriptor, startup, sizeof(startup), 0) <= 0) return;
    const std::string_view answer = knocks_++ < refusals_ ? refusal_ : kWelcome;
    if (send(descriptor, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) return;
    while (recv(descriptor, startup, sizeof(startup), 0) > 0) continue;
  }

  int refusals_;
  std::string_view refusal_;
  std::atomic<int> knocks_ = 0;
  net::testing::LoopbackServer server_;
};

class ServerStart : public SessionFixture {
 protected:
  void SetUp() override { LoopFixture::SetUp(); }  // needs no server but its own

  Result<std::unique_ptr<driver::Connection>> enter(const std::string& servers, Duration limit) {
    return open("postgresql://bridge@" + servers + "/postgres", limit);
  }
};

TEST_F(ServerStart, IsWaitedFor) {
  const Doorman doorman(3, kStarting);
  EXPECT_TRUE(enter(doorman.address(), 20s));
  EXPECT_EQ(doorman.knocks(), 4);
}

TEST_F(ServerStart, IsWaitedForWithinTheDeadline) {
  const Doorman doorman(1'000'000, kStarting);
  const auto began = std::chrono::steady_clock::now();
  const auto connection = enter(doorman.address(), 500ms);
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().code(), ErrorCode::kConnectFailed);
  EXPECT_EQ(connection.error().server().sqlstate, "57P03");
  EXPECT_GT(doorman.knocks(), 2);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
}

TEST_F(ServerStart, LeavesTheTurnToAnotherServer) {
  const Doorman starting(1'000'000, kStarting);
  const Doorman open(0, kStarting);
  EXPECT_TRUE(enter(starting.address() + "," + open.address(), 20s));
  EXPECT_EQ(starting.knocks(), 1);
}

TEST_F(ServerStart, IsWaitedForWhereTheOthersAreGone) {
  const Doorman starting(2, kStarting);
  EXPECT_TRUE(enter("127.0.0.1:1," + starting.address(), 20s));
  EXPECT_EQ(starting.knocks(), 3);
}

TEST_F(ServerStart, NothingElseIsWaitedFor) {
  const Doorman roomless(1, kRoomless);
  EXPECT_FALSE(enter(roomless.address(), 20s));
  EXPECT_EQ(roomless.knocks(), 1);
}

}  // namespace
}  // namespace bridge::postgres::testing
