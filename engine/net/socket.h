// An owned socket and the addresses it can reach.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/result.h"

namespace bridge::net {

/// Owns a non-blocking descriptor that no child program inherits; closed when destroyed. Move only.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    if (this != &other) {
      close();
      descriptor_ = std::exchange(other.descriptor_, -1);
    }
    return *this;
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { close(); }

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  /// Idempotent. Says nothing to the peer beyond what the kernel does when the last copy is closed.
  void close() noexcept;

 private:
  int descriptor_ = -1;
};

/// A numeric address of one host, or the path of a Unix socket.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  int family() const { return storage.ss_family; }
  const sockaddr* get() const;
  /// As people write it: `127.0.0.1:5432`, `[::1]:5432`, `/run/db/.s.PGSQL.5432`.
  std::string text() const;

  /// Fails with kConfiguration when the path does not fit the kernel's structure.
  static Result<SocketAddress> from_unix_path(std::string_view path);
};

/// Makes a stream socket for the address and begins to connect it. Connected or under way afterwards.
/// kConnectFailed names the reason.
Result<Socket> begin_connect(const SocketAddress& address);
/// How a connect that was under way ended: empty when well, else the reason.
std::string pending_connect_error(const Socket& socket);
/// Text for an errno, without the thread-unsafe strerror.
std::string describe_errno(int code);

}  // namespace bridge::net
