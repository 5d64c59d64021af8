// A byte stream to a server: TCP, Unix socket, or TLS over either. Never blocks.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/deadline.h"
#include "engine/net/event_loop.h"
#include "engine/telemetry/tracer.h"

namespace bridge::net {

/// A connected stream. Owned by one connection; loop thread only. Errors are kConnectionLost or kTls.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Reads what is there; 0 = nothing now. End of stream is kConnectionLost.
  virtual Result<std::size_t> read_some(std::span<std::byte> into) = 0;
  /// Writes what fits now; 0 = nothing fits. Bytes not taken must come first in the next call (TLS may have
  /// sealed them already).
  virtual Result<std::size_t> write_some(ByteSpan bytes) = 0;
  /// Calls `on_ready` in later turns while the interest holds. Replaces the former watch; an empty interest
  /// pauses.
  virtual Status watch(Interest interest, std::function<void()> on_ready) = 0;
  /// True when nothing waits to be read and the peer has not closed. Costs one system call, no round trip.
  virtual bool is_quiet() = 0;
  /// Whether decrypted bytes lie ready that no descriptor will announce.
  virtual bool has_buffered_input() const { return false; }
  /// The tls-server-end-point channel binding of RFC 5929 section 4 (hash of the server's certificate); empty
  /// without TLS.
  virtual std::vector<std::byte> channel_binding() const { return {}; }
  virtual bool is_encrypted() const { return false; }
  /// Closes at once. Idempotent, never fails.
  virtual void close() noexcept = 0;
};

/// Where to connect: host and port, or the absolute path of a Unix socket.
struct Address {
  std::string host{};
  std::uint16_t port = 0;
  std::string unix_path{};  ///< used instead of host and port when not empty
};

/// How far the server's identity is proved. There is no "prefer": asked for means demanded.
enum class TlsMode : std::uint8_t {
  kDisable,
  kRequire,     ///< encrypted, identity not proved
  kVerifyCa,    ///< certificate signed by a trusted authority
  kVerifyFull,  ///< and issued for the host name
};

/// What one connection demands of TLS.
struct TlsOptions {
  TlsMode mode = TlsMode::kDisable;
  std::string host_name{};           ///< for SNI and verification
  std::string root_certificates{};   ///< PEM file; empty = the system's store
  std::string client_certificate{};  ///< PEM file; empty = none
  std::string client_key{};          ///< PEM file, refused when others may read it
  std::string alpn{};  ///< protocol to negotiate (direct TLS demands "postgresql"); empty = none
};

using TransportCompletion = std::function<void(Result<std::unique_ptr<Transport>>)>;

/// Makes transports. Destroying it drops what is under way without an answer. The seam for tests:
/// engine/net/testing/scripted_transport.h plays a script instead.
class TransportFactory {
 public:
  virtual ~TransportFactory() = default;
  /// Resolves and connects, trying every address of the name within the deadline; kConnectFailed names each
  /// address tried. Answers once, in a later turn.
  virtual void connect(telemetry::OperationSpan& span, const Address& address, Deadline deadline,
                       TransportCompletion on_done) = 0;
  /// Wraps a connected stream in TLS. Bytes received before the handshake make it fail. kTls on failure, the
  /// reason named; never falls back. kConfiguration for files and options that cannot be used,
  /// kConnectionLost or kConnectFailed when the stream or the time ended first.
  virtual void start_tls(telemetry::OperationSpan& span, std::unique_ptr<Transport> stream,
                         const TlsOptions& options, Deadline deadline, TransportCompletion on_done) = 0;
};

/// The real thing, over sockets and OpenSSL. Outlived by the loop.
std::unique_ptr<TransportFactory> make_transport_factory(EventLoop& loop);

}  // namespace bridge::net
