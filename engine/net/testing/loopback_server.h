// A real server in a thread, for tests: one listener on loopback or a Unix path, a function per connection.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

#include "engine/net/socket.h"

namespace bridge::net::testing {

/// Accepts connections one after the other and hands each to `serve` in its own thread of execution; the
/// descriptor blocks and is closed after `serve` returns. Stops when destroyed, whatever its client does.
class LoopbackServer {
 public:
  using Serve = std::function<void(int descriptor)>;
  /// Listens on 127.0.0.1, any port.
  explicit LoopbackServer(Serve serve);
  /// Listens on a Unix path.
  LoopbackServer(const std::string& unix_path, Serve serve);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  void run();

  Socket listener_;
  Serve serve_;
  std::uint16_t port_ = 0;
  std::atomic<bool> is_stopping_ = false;
  std::atomic<int> serving_ = -1;
  std::thread thread_;
};

/// A port of 127.0.0.1 nobody listens on.
std::uint16_t find_closed_port();

}  // namespace bridge::net::testing
