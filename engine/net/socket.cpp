// The system calls of making and connecting sockets.
#include "engine/net/socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace bridge::net {
namespace {

// A peer that vanished is noticed after 30 s of silence and three unanswered probes, and unacknowledged bytes
// after 30 s: below what load balancers and people wait for, above what a busy network loses.
constexpr int kKeepaliveIdleSeconds = 30;
constexpr int kKeepaliveIntervalSeconds = 10;
constexpr int kKeepaliveProbes = 3;
constexpr int kUserTimeoutMilliseconds = 30'000;

template <typename Target>
const Target& view_as(const SocketAddress& address) {
  // SAFETY: sockaddr_storage is made to be read as the family it names
  return reinterpret_cast<const Target&>(address.storage);
}

// Refusals are ignored on purpose: a connection without keepalive is still a connection, and the statement
// deadlines hold.
void tune_tcp(int descriptor) {
  const auto set = [descriptor](int level, int option, int value) {
    static_cast<void>(setsockopt(descriptor, level, option, &value, sizeof(value)));
  };
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, kKeepaliveIdleSeconds);
  set(IPPROTO_TCP, TCP_KEEPINTVL, kKeepaliveIntervalSeconds);
  set(IPPROTO_TCP, TCP_KEEPCNT, kKeepaliveProbes);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, kUserTimeoutMilliseconds);
}

}  // namespace

void Socket::close() noexcept {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

const sockaddr* SocketAddress::get() const { return &view_as<sockaddr>(*this); }

std::string SocketAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> digits{};
  switch (family()) {
    case AF_INET: {
      const auto& address = view_as<sockaddr_in>(*this);
      inet_ntop(AF_INET, &address.sin_addr, digits.data(), digits.size());
      return std::string(digits.data()) + ":" + std::to_string(ntohs(address.sin_port));
    }
    case AF_INET6: {
      const auto& address = view_as<sockaddr_in6>(*this);
      inet_ntop(AF_INET6, &address.sin6_addr, digits.data(), digits.size());
      return "[" + std::string(digits.data()) + "]:" + std::to_string(ntohs(address.sin6_port));
    }
    case AF_UNIX:
      return &view_as<sockaddr_un>(*this).sun_path[0];
    default:
      return "an address of an unknown family";
  }
}

Result<SocketAddress> SocketAddress::from_unix_path(std::string_view path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path) || path.find('\0') != std::string_view::npos) {
    return make_error(ErrorCode::kConfiguration, "the path of a Unix socket must have 1 to " +
                                                     std::to_string(sizeof(address.sun_path) - 1) +
                                                     " bytes and no NUL, not " + std::to_string(path.size()) +
                                                     " bytes");
  }
  std::memcpy(&address.sun_path[0], path.data(), path.size());
  SocketAddress result;
  std::memcpy(&result.storage, &address, sizeof(address));
  result.size = sizeof(address);
  return result;
}

Result<Socket> begin_connect(const SocketAddress& address) {
  Socket socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return make_error(ErrorCode::kConnectFailed, describe_errno(errno));
  if (address.family() != AF_UNIX) tune_tcp(socket.descriptor());
  if (::connect(socket.descriptor(), address.get(), address.size) == 0) return socket;
  // EINTR: the kernel goes on connecting, as after EINPROGRESS
  if (errno == EINPROGRESS || errno == EINTR) return socket;
  return make_error(ErrorCode::kConnectFailed, describe_errno(errno));
}

std::string pending_connect_error(const Socket& socket) {
  int code = 0;
  socklen_t size = sizeof(code);
  if (getsockopt(socket.descriptor(), SOL_SOCKET, SO_ERROR, &code, &size) != 0) code = errno;
  return code == 0 ? std::string() : describe_errno(code);
}

std::string describe_errno(int code) { return std::generic_category().message(code); }

}  // namespace bridge::net
