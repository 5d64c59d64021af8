// One TLS handshake, from a connected stream to an encrypted one or an error.
#pragma once

#include <memory>

#include "engine/net/tls_transport.h"

namespace bridge::net {

/// Drives a handshake to its end within the deadline. Owned by the transport factory; loop thread only.
class TlsOperation : public std::enable_shared_from_this<TlsOperation> {
 public:
  /// `on_done` is called exactly once, in a later turn than `begin`, unless the operation is destroyed first.
  TlsOperation(EventLoop& loop, Deadline deadline, TransportCompletion on_done);

  /// Starts over the stream. Once.
  void begin(Result<TlsContext> context, std::unique_ptr<Transport> stream, const TlsOptions& options);

 private:
  void step();
  void finish(Result<std::unique_ptr<Transport>> result);

  EventLoop& loop_;
  Deadline deadline_;
  TransportCompletion on_done_;
  std::unique_ptr<TlsTransport> transport_;
  std::unique_ptr<Timer> timer_;
};

}  // namespace bridge::net
