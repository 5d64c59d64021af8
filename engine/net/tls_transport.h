// TLS over any other Transport: OpenSSL reads and writes through a BIO of ours.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>

#include "engine/net/tls_context.h"
#include "engine/net/transport.h"

namespace bridge::net {

/// A client's TLS stream. Made unready; `handshake` is called until it is done. Errors: kConnectionLost when
/// the stream below ended (a truncated TLS stream too), kTls for everything TLS itself refuses.
class TlsTransport final : public Transport {
 public:
  /// Fails with kConfiguration when the host name the mode needs is missing, with kTls when the server spoke
  /// first.
  static Result<std::unique_ptr<TlsTransport>> make(EventLoop& loop, TlsContext context,
                                                    std::unique_ptr<Transport> stream,
                                                    const TlsOptions& options);
  ~TlsTransport() override;

  /// One step; true when the handshake is done and the server is who the mode demands.
  Result<bool> handshake();
  /// Calls `on_ready` when the next step of the handshake can be taken, until `watch` replaces it.
  Status watch_handshake(std::function<void()> on_ready);

  Result<std::size_t> read_some(std::span<std::byte> into) override;
  Result<std::size_t> write_some(ByteSpan bytes) override;
  Status watch(Interest interest, std::function<void()> on_ready) override;
  bool is_quiet() override;
  bool has_buffered_input() const override { return may_have_more_; }
  std::vector<std::byte> channel_binding() const override;
  bool is_encrypted() const override { return true; }
  void close() noexcept override;

  /// What the BIO's callbacks use: the stream below, and a note of why it failed.
  Result<std::size_t> read_stream(std::span<std::byte> into);
  Result<std::size_t> write_stream(ByteSpan bytes);

 private:
  enum class Want : std::uint8_t { kNothing, kRead, kWrite };
  using SslHandle = std::unique_ptr<SSL, decltype(&SSL_free)>;

  TlsTransport(EventLoop& loop, TlsContext context, std::unique_ptr<Transport> stream, TlsOptions options);
  Status prepare();
  Status set_identity();
  Status check_alpn() const;
  Status refuse_early_bytes();
  Result<Want> classify(int outcome);
  Error describe_failure();
  Error end(Error error);
  Status update_watch();
  void announce_buffered();
  std::optional<Error> closed_error() const;

  EventLoop& loop_;
  TlsContext context_;
  std::unique_ptr<Transport> stream_;
  TlsOptions options_;
  SslHandle ssl_{nullptr, SSL_free};
  std::uint64_t fork_generation_;
  std::optional<Error> stream_error_;
  Want handshake_want_ = Want::kNothing;
  Want read_want_ = Want::kNothing;
  Want write_want_ = Want::kNothing;
  bool is_established_ = false;
  bool is_broken_ = false;
  bool may_have_more_ = false;

  Interest interest_;
  Interest stream_interest_;
  std::shared_ptr<const std::function<void()>> on_ready_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  bool is_announcing_ = false;
};

}  // namespace bridge::net
