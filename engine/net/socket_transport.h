// A Transport over a connected socket: TCP or Unix.
#pragma once

#include "engine/net/socket.h"
#include "engine/net/transport.h"

namespace bridge::net {

/// Owns the socket. See Transport for errors and threads.
class SocketTransport final : public Transport {
 public:
  SocketTransport(EventLoop& loop, Socket socket);
  ~SocketTransport() override { SocketTransport::close(); }

  Result<std::size_t> read_some(std::span<std::byte> into) override;
  Result<std::size_t> write_some(ByteSpan bytes) override;
  Status watch(Interest interest, std::function<void()> on_ready) override;
  bool is_quiet() override;
  void close() noexcept override;

 private:
  EventLoop& loop_;
  Socket socket_;
  std::unique_ptr<SocketWatch> watch_;  // after the socket: ends before the descriptor is closed
  // shared, because a callback may replace itself or destroy the transport while it runs
  std::shared_ptr<const std::function<void()>> on_ready_;
};

}  // namespace bridge::net
