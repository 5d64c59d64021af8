// The accepting thread.
#include "engine/net/testing/loopback_server.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <csignal>
#include <utility>

#include "engine/net/signal_shield.h"

namespace bridge::net::testing {
namespace {

sockaddr_in loopback_address() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::uint16_t bind_loopback(const Socket& socket) {
  sockaddr_in address = loopback_address();
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);  // SAFETY: the sockets API's own base-struct cast
  if (bind(socket.descriptor(), generic, size) != 0 || getsockname(socket.descriptor(), generic, &size) != 0)
    return 0;
  return ntohs(address.sin_port);
}

// Else it would arrive when the shield falls.
void drop_pending_pipe_signal() {
  sigset_t pipe_only;
  sigemptyset(&pipe_only);
  sigaddset(&pipe_only, SIGPIPE);
  const timespec at_once{};
  sigtimedwait(&pipe_only, nullptr, &at_once);
}

constexpr int kBacklog = 16;

}  // namespace

LoopbackServer::LoopbackServer(Serve serve)
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), serve_(std::move(serve)) {
  port_ = bind_loopback(listener_);
  if (listen(listener_.descriptor(), kBacklog) == 0) thread_ = std::thread([this] { run(); });
}

LoopbackServer::LoopbackServer(const std::string& unix_path, Serve serve)
    : listener_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), serve_(std::move(serve)) {
  const auto address = SocketAddress::from_unix_path(unix_path);
  if (!address || bind(listener_.descriptor(), address->get(), address->size) != 0) return;
  if (listen(listener_.descriptor(), kBacklog) == 0) thread_ = std::thread([this] { run(); });
}

LoopbackServer::~LoopbackServer() {
  is_stopping_ = true;
  shutdown(listener_.descriptor(), SHUT_RDWR);  // wakes the accept
  shutdown(serving_, SHUT_RDWR);                // wakes whoever waits for a client that is still there
  if (thread_.joinable()) thread_.join();
}

void LoopbackServer::run() {
  const SignalShield shield;  // writing to a client that has gone must not end the test program
  while (true) {
    const Socket accepted(accept4(listener_.descriptor(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!accepted.is_open()) break;
    serving_ = accepted.descriptor();
    if (!is_stopping_) serve_(accepted.descriptor());
    serving_ = -1;
  }
  drop_pending_pipe_signal();
}

std::uint16_t find_closed_port() {
  const Socket probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return bind_loopback(probe);
}

}  // namespace bridge::net::testing
