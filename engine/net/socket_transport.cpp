// recv and send, and what their failures mean.
#include "engine/net/socket_transport.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace bridge::net {
namespace {

bool is_try_again(int code) { return code == EAGAIN || code == EWOULDBLOCK || code == EINTR; }

Error lost(int code) {
  return make_error(ErrorCode::kConnectionLost, "the connection was lost: " + describe_errno(code));
}

Error closed_here() { return make_error(ErrorCode::kConnectionLost, "the connection is closed"); }

}  // namespace

SocketTransport::SocketTransport(EventLoop& loop, Socket socket) : loop_(loop), socket_(std::move(socket)) {}

Result<std::size_t> SocketTransport::read_some(std::span<std::byte> into) {
  if (!socket_.is_open()) return closed_here();
  if (into.empty()) return std::size_t{0};
  const ssize_t size = ::recv(socket_.descriptor(), into.data(), into.size(), 0);
  if (size > 0) return static_cast<std::size_t>(size);
  if (size == 0) return make_error(ErrorCode::kConnectionLost, "the server closed the connection");
  if (is_try_again(errno)) return std::size_t{0};
  return lost(errno);
}

Result<std::size_t> SocketTransport::write_some(ByteSpan bytes) {
  if (!socket_.is_open()) return closed_here();
  if (bytes.empty()) return std::size_t{0};
  const ssize_t size = ::send(socket_.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (size >= 0) return static_cast<std::size_t>(size);
  if (is_try_again(errno)) return std::size_t{0};
  return lost(errno);
}

Status SocketTransport::watch(Interest interest, std::function<void()> on_ready) {
  if (!socket_.is_open()) return closed_here();
  on_ready_ = std::make_shared<const std::function<void()>>(std::move(on_ready));
  if (watch_ != nullptr) return watch_->update(interest);
  BRIDGE_ASSIGN_OR_RETURN(watch_, loop_.watch(socket_.descriptor(), interest, [this](Interest) {
    const auto callback = on_ready_;
    (*callback)();
  }));
  return {};
}

bool SocketTransport::is_quiet() {
  if (!socket_.is_open()) return false;
  std::byte probe{};
  return ::recv(socket_.descriptor(), &probe, sizeof(probe), MSG_PEEK | MSG_DONTWAIT) < 0 &&
         is_try_again(errno);
}

void SocketTransport::close() noexcept {
  watch_.reset();
  socket_.close();
}

}  // namespace bridge::net
