// Connecting for real: loopback, Unix sockets, refusals, silence, names.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>

#include "engine/net/resolver.h"
#include "engine/net/testing/loop_fixture.h"
#include "engine/net/testing/loopback_server.h"

namespace bridge::net::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

void echo(int descriptor) {
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t size = recv(descriptor, buffer.data(), buffer.size(), 0);
    if (size <= 0) return;
    ASSERT_EQ(size, send(descriptor, buffer.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL));
  }
}

class TransportFactoryTest : public LoopFixture {};

TEST_F(TransportFactoryTest, TcpCarriesBytesBothWays) {
  const LoopbackServer server(echo);
  auto transport = connect({.host = "127.0.0.1", .port = server.port()});
  ASSERT_TRUE(transport) << transport.error().message();
  const std::string load(std::size_t{1} << 20, 'x');
  EXPECT_TRUE((*transport)->is_quiet());
  EXPECT_EQ(exchange(**transport, load, load.size()), load);
  EXPECT_FALSE((*transport)->is_encrypted());
  EXPECT_TRUE((*transport)->channel_binding().empty());
}

TEST_F(TransportFactoryTest, NamesAreResolvedBesideTheLoop) {
  const LoopbackServer server(echo);
  auto transport = connect({.host = "localhost", .port = server.port()});
  ASSERT_TRUE(transport) << transport.error().message();
  EXPECT_EQ(exchange(**transport, "hello", 5), "hello");
}

TEST_F(TransportFactoryTest, UnixSocketCarriesBytes) {
  std::string directory = "/tmp/bridge_unix_XXXXXX";
  ASSERT_NE(mkdtemp(directory.data()), nullptr);
  const std::string path = directory + "/socket";
  {
    const LoopbackServer server(path, echo);
    auto transport = connect({.unix_path = path});
    ASSERT_TRUE(transport) << transport.error().message();
    EXPECT_EQ(exchange(**transport, "hello", 5), "hello");
  }
  unlink(path.c_str());
  rmdir(directory.c_str());
}

TEST_F(TransportFactoryTest, MissingUnixSocketNamesThePath) {
  auto transport = connect({.unix_path = "/nonexistent/socket"});
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().code(), ErrorCode::kConnectFailed);
  EXPECT_NE(transport.error().message().find("/nonexistent/socket"), std::string::npos);
}

TEST_F(TransportFactoryTest, OverlongUnixPathIsAConfigurationError) {
  auto transport = connect({.unix_path = "/" + std::string(200, 'x')});
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().code(), ErrorCode::kConfiguration);
}

TEST_F(TransportFactoryTest, RefusalNamesEveryAddressTried) {
  auto transport = connect({.host = "localhost", .port = find_closed_port()});
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().code(), ErrorCode::kConnectFailed);
  EXPECT_NE(transport.error().message().find("127.0.0.1:"), std::string::npos) << transport.error().message();
  EXPECT_NE(transport.error().message().find("refused"), std::string::npos) << transport.error().message();
}

TEST_F(TransportFactoryTest, UnknownNameIsAConnectFailure) {
  auto transport = connect({.host = "no-such-host.invalid", .port = 1});
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().code(), ErrorCode::kConnectFailed);
  EXPECT_NE(transport.error().message().find("no-such-host.invalid"), std::string::npos);
}

// A listener with a full backlog drops further SYNs: the closest to a black hole without privileges.
TEST_F(TransportFactoryTest, SilenceEndsAtTheDeadline) {
  const Socket listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);  // SAFETY: the sockets API's own base-struct cast
  ASSERT_EQ(0, bind(listener.descriptor(), generic, size));
  ASSERT_EQ(0, listen(listener.descriptor(), 0));
  ASSERT_EQ(0, getsockname(listener.descriptor(), generic, &size));
  const Address target{.host = "127.0.0.1", .port = ntohs(address.sin_port)};
  std::vector<std::unique_ptr<Transport>> fillers;
  const TimePoint before = loop_->now();
  Result<std::unique_ptr<Transport>> last = make_error(ErrorCode::kInternal, "not tried");
  for (int index = 0; index < 4; ++index) {
    last = connect(target, milliseconds(100));
    if (!last) break;
    fillers.push_back(std::move(*last));
  }
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code(), ErrorCode::kConnectFailed);
  EXPECT_NE(last.error().message().find("127.0.0.1:"), std::string::npos) << last.error().message();
  EXPECT_LT(loop_->now() - before, seconds(2));
}

TEST_F(TransportFactoryTest, ClosedPeerIsNoticedWithoutARoundTrip) {
  const LoopbackServer server([](int) {});
  auto transport = connect({.host = "127.0.0.1", .port = server.port()});
  ASSERT_TRUE(transport);
  EXPECT_EQ(exchange(**transport, "", 1), "connection_lost");
  EXPECT_FALSE((*transport)->is_quiet());
}

TEST_F(TransportFactoryTest, UnaskedBytesMakeItLoud) {
  const LoopbackServer server([](int descriptor) {
    ASSERT_EQ(1, send(descriptor, "x", 1, MSG_NOSIGNAL));
    std::array<char, 1> sink{};
    static_cast<void>(recv(descriptor, sink.data(), sink.size(), 0));  // waits for the client to go
  });
  auto transport = connect({.host = "127.0.0.1", .port = server.port()});
  ASSERT_TRUE(transport);
  bool is_announced = false;
  ASSERT_TRUE((*transport)->watch({.readable = true}, [&] { is_announced = true; }));
  ASSERT_TRUE(run_until([&] { return is_announced; }));
  EXPECT_FALSE((*transport)->is_quiet());
}

TEST_F(TransportFactoryTest, ClosedTransportAnswersErrors) {
  const LoopbackServer server(echo);
  auto transport = connect({.host = "127.0.0.1", .port = server.port()});
  ASSERT_TRUE(transport);
  (*transport)->close();
  (*transport)->close();
  std::byte sink{};
  EXPECT_EQ((*transport)->read_some({&sink, 1}).error().code(), ErrorCode::kConnectionLost);
  EXPECT_EQ((*transport)->write_some({&sink, 1}).error().code(), ErrorCode::kConnectionLost);
  EXPECT_FALSE((*transport)->watch({.readable = true}, [] {}));
  EXPECT_FALSE((*transport)->is_quiet());
}

TEST_F(TransportFactoryTest, CallbackMayDestroyTheTransport) {
  const LoopbackServer server(echo);
  auto transport = connect({.host = "127.0.0.1", .port = server.port()});
  ASSERT_TRUE(transport);
  ASSERT_TRUE((*transport)->watch({.writable = true}, [&] { transport->reset(); }));
  EXPECT_TRUE(run_until([&] { return *transport == nullptr; }));
}

TEST_F(TransportFactoryTest, DestroyingTheFactoryDropsWhatIsUnderWay) {
  const LoopbackServer server(echo);
  telemetry::OperationSpan span = tracer_.start(telemetry::Operation::kConnect);
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    factory_->connect(span, {.host = host, .port = server.port()}, Deadline::after(*loop_, seconds(5)),
                      [](auto) { FAIL() << "answered after the factory was gone"; });
  }
  factory_.reset();
  loop_->run_blocking(Deadline::after(*loop_, milliseconds(20)));
  span.succeed();
}

TEST(Resolver, FamiliesAlternate) {
  SocketAddress version4;
  version4.storage.ss_family = AF_INET;
  SocketAddress version6;
  version6.storage.ss_family = AF_INET6;
  const auto mixed = interleave_families({version6, version6, version6, version4});
  ASSERT_EQ(mixed.size(), 4U);
  EXPECT_EQ(mixed[0].family(), AF_INET6);
  EXPECT_EQ(mixed[1].family(), AF_INET);
  EXPECT_EQ(mixed[2].family(), AF_INET6);
  EXPECT_TRUE(interleave_families({}).empty());
}

TEST(Socket, IsTunedForDatabases) {
  const LoopbackServer server(echo);
  sockaddr_in target{};
  target.sin_family = AF_INET;
  target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  target.sin_port = htons(server.port());
  SocketAddress address;
  std::memcpy(&address.storage, &target, sizeof(target));
  address.size = sizeof(target);
  const auto made = begin_connect(address);
  ASSERT_TRUE(made);
  const auto option = [&](int level, int name) {
    int value = -1;
    socklen_t size = sizeof(value);
    EXPECT_EQ(0, getsockopt(made->descriptor(), level, name, &value, &size));
    return value;
  };
  EXPECT_NE(option(SOL_SOCKET, SO_KEEPALIVE), 0);
  EXPECT_NE(option(IPPROTO_TCP, TCP_NODELAY), 0);
  EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPIDLE), 30);
  EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPINTVL), 10);
  EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPCNT), 3);
  EXPECT_EQ(option(IPPROTO_TCP, TCP_USER_TIMEOUT), 30'000);
}

}  // namespace
}  // namespace bridge::net::testing
