// OpenSSL's wants, met with a stream that never blocks.
#include "engine/net/tls_transport.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <limits>
#include <utility>

#include "engine/net/fork_generation.h"

namespace bridge::net {
namespace {

int read_bio(BIO* bio, char* into, std::size_t size, std::size_t* taken) {
  BIO_clear_retry_flags(bio);
  auto* transport = static_cast<TlsTransport*>(BIO_get_data(bio));
  auto result = transport->read_stream(std::as_writable_bytes(std::span(into, size)));
  if (!result) return 0;
  if (*result == 0) {
    BIO_set_retry_read(bio);
    return 0;
  }
  *taken = *result;
  return 1;
}

int write_bio(BIO* bio, const char* bytes, std::size_t size, std::size_t* taken) {
  BIO_clear_retry_flags(bio);
  auto* transport = static_cast<TlsTransport*>(BIO_get_data(bio));
  auto result = transport->write_stream(std::as_bytes(std::span(bytes, size)));
  if (!result) return 0;
  if (*result == 0) {
    BIO_set_retry_write(bio);
    return 0;
  }
  *taken = *result;
  return 1;
}

long control_bio(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO_METHOD* make_bio_method() {
  BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "bridge transport");
  if (method == nullptr) return nullptr;
  BIO_meth_set_read_ex(method, read_bio);
  BIO_meth_set_write_ex(method, write_bio);
  BIO_meth_set_ctrl(method, control_bio);
  return method;
}

bool is_numeric_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

// What the macro SSL_set_tlsext_host_name does, which does not compile without old-style casts.
bool send_server_name(SSL* ssl, std::string name) {
  return SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) == 1;
}

std::string describe_verification(long code, const std::string& host) {
  switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "the server's certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the server's certificate is not valid yet";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "the server's certificate was not issued for " + host;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "the server's certificate is self-signed and not trusted";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "the server's certificate is signed by an authority that is not trusted";
    default:
      return std::string("the server's certificate is refused: ") + X509_verify_cert_error_string(code);
  }
}

Error tls_error(const std::string& reason) { return make_error(ErrorCode::kTls, "TLS failed: " + reason); }

}  // namespace

TlsTransport::TlsTransport(EventLoop& loop, TlsContext context, std::unique_ptr<Transport> stream,
                           TlsOptions options)
    : loop_(loop),
      context_(std::move(context)),
      stream_(std::move(stream)),
      options_(std::move(options)),
      fork_generation_(fork_generation()) {}

TlsTransport::~TlsTransport() { TlsTransport::close(); }

Result<std::unique_ptr<TlsTransport>> TlsTransport::make(EventLoop& loop, TlsContext context,
                                                         std::unique_ptr<Transport> stream,
                                                         const TlsOptions& options) {
  std::unique_ptr<TlsTransport> transport(
      new TlsTransport(loop, std::move(context), std::move(stream), options));
  BRIDGE_RETURN_IF_ERROR(transport->refuse_early_bytes());
  BRIDGE_RETURN_IF_ERROR(transport->prepare());
  return transport;
}

Status TlsTransport::refuse_early_bytes() {
  // whoever sits in the middle could place plaintext here that would later pass for the server's
  // (CVE-2021-23222)
  std::byte early{};
  BRIDGE_ASSIGN_OR_RETURN(const std::size_t size, stream_->read_some({&early, 1}));
  if (size > 0 || stream_->has_buffered_input())
    return tls_error("the server sent plaintext before the handshake");
  return {};
}

Status TlsTransport::prepare() {
  static BIO_METHOD* const method = make_bio_method();
  ERR_clear_error();
  ssl_.reset(SSL_new(context_.get()));
  BIO* bio = method == nullptr ? nullptr : BIO_new(method);
  if (ssl_ == nullptr || bio == nullptr) {
    BIO_free(bio);
    return tls_error(take_tls_reason());
  }
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_connect_state(ssl_.get());
  return set_identity();
}

Status TlsTransport::set_identity() {
  const bool is_numeric = is_numeric_address(options_.host_name);
  if (!options_.host_name.empty() && !is_numeric && !send_server_name(ssl_.get(), options_.host_name)) {
    return tls_error("the host name cannot be sent: " + take_tls_reason());
  }
  if (!options_.alpn.empty()) {
    std::string offer(1, static_cast<char>(options_.alpn.size()));
    offer += options_.alpn;
    const auto* bytes =
        reinterpret_cast<const unsigned char*>(offer.data());  // SAFETY: unsigned char may alias any object
    if (offer.size() > std::numeric_limits<std::uint8_t>::max() ||
        SSL_set_alpn_protos(ssl_.get(), bytes, static_cast<unsigned>(offer.size())) != 0) {
      return make_error(ErrorCode::kConfiguration, "the ALPN protocol name is too long");
    }
  }
  if (options_.mode != TlsMode::kVerifyFull) return {};
  if (options_.host_name.empty())
    return make_error(ErrorCode::kConfiguration,
                      "verify-full needs the host name the certificate is issued for");
  X509_VERIFY_PARAM* rules = SSL_get0_param(ssl_.get());
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const int is_set =
      is_numeric ? X509_VERIFY_PARAM_set1_ip_asc(rules, options_.host_name.c_str())
                 : X509_VERIFY_PARAM_set1_host(rules, options_.host_name.data(), options_.host_name.size());
  if (is_set != 1) return tls_error("the host name cannot be checked: " + take_tls_reason());
  return {};
}

Status TlsTransport::check_alpn() const {
  if (options_.alpn.empty()) return {};
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
  if (to_text(std::as_bytes(std::span(chosen, size))) == options_.alpn) return {};
  return tls_error("the server did not agree to the protocol " + options_.alpn);
}

std::optional<Error> TlsTransport::closed_error() const {
  if (ssl_ == nullptr) return make_error(ErrorCode::kConnectionLost, "the connection is closed");
  if (is_broken_) return stream_error_->clone();
  return std::nullopt;
}

Result<std::size_t> TlsTransport::read_stream(std::span<std::byte> into) {
  auto result = stream_->read_some(into);
  if (!result) stream_error_ = result.error().clone();
  return result;
}

Result<std::size_t> TlsTransport::write_stream(ByteSpan bytes) {
  auto result = stream_->write_some(bytes);
  if (!result) stream_error_ = result.error().clone();
  return result;
}

Error TlsTransport::end(Error error) {
  is_broken_ = true;
  stream_error_ = std::move(error);
  return stream_error_->clone();
}

Error TlsTransport::describe_failure() {
  const std::string reason = take_tls_reason();
  if (stream_error_) return stream_error_->clone();
  const long verification = SSL_get_verify_result(ssl_.get());
  const bool is_verified = options_.mode == TlsMode::kVerifyCa || options_.mode == TlsMode::kVerifyFull;
  if (is_verified && !is_established_ && verification != X509_V_OK)
    return tls_error(describe_verification(verification, options_.host_name));
  return tls_error(reason);
}

Result<TlsTransport::Want> TlsTransport::classify(int outcome) {
  switch (SSL_get_error(ssl_.get(), outcome)) {
    case SSL_ERROR_NONE:
      return Want::kNothing;
    case SSL_ERROR_WANT_READ:
      return Want::kRead;
    case SSL_ERROR_WANT_WRITE:
      return Want::kWrite;
    case SSL_ERROR_ZERO_RETURN:
      return end(make_error(ErrorCode::kConnectionLost, "the server closed the connection"));
    default:
      return end(describe_failure());
  }
}

Result<bool> TlsTransport::handshake() {
  if (auto error = closed_error()) return std::move(*error);
  ERR_clear_error();
  BRIDGE_ASSIGN_OR_RETURN(handshake_want_, classify(SSL_do_handshake(ssl_.get())));
  if (handshake_want_ != Want::kNothing) return false;
  BRIDGE_RETURN_IF_ERROR(check_alpn());
  is_established_ = true;
  may_have_more_ = SSL_has_pending(ssl_.get()) == 1;
  return true;
}

Status TlsTransport::watch_handshake(std::function<void()> on_ready) {
  stream_interest_ = {.readable = handshake_want_ == Want::kRead,
                      .writable = handshake_want_ == Want::kWrite};
  return stream_->watch(stream_interest_, std::move(on_ready));
}

Result<std::size_t> TlsTransport::read_some(std::span<std::byte> into) {
  if (auto error = closed_error()) return std::move(*error);
  std::size_t filled = 0;
  read_want_ = Want::kNothing;
  may_have_more_ = false;
  while (filled < into.size()) {
    ERR_clear_error();
    std::size_t size = 0;
    auto want = classify(SSL_read_ex(ssl_.get(), into.data() + filled, into.size() - filled, &size));
    filled += size;
    if (want && *want == Want::kNothing) continue;
    // what was decrypted before a failure is still the server's word; the failure comes with the next call
    if (!want && filled == 0) return std::move(want).error();
    read_want_ = want ? *want : Want::kNothing;
    may_have_more_ = !want;
    break;
  }
  if (filled == into.size()) may_have_more_ = true;
  BRIDGE_RETURN_IF_ERROR(update_watch());
  announce_buffered();
  return filled;
}

Result<std::size_t> TlsTransport::write_some(ByteSpan bytes) {
  if (auto error = closed_error()) return std::move(*error);
  if (bytes.empty()) return std::size_t{0};
  ERR_clear_error();
  std::size_t size = 0;
  BRIDGE_ASSIGN_OR_RETURN(write_want_, classify(SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &size)));
  BRIDGE_RETURN_IF_ERROR(update_watch());
  return size;
}

Status TlsTransport::watch(Interest interest, std::function<void()> on_ready) {
  if (auto error = closed_error()) return std::move(*error);
  interest_ = interest;
  on_ready_ = std::make_shared<const std::function<void()>>(std::move(on_ready));
  BRIDGE_RETURN_IF_ERROR(update_watch());
  announce_buffered();
  return {};
}

Status TlsTransport::update_watch() {
  // a key update makes a read wait for room to write, and the other way round
  const Interest wanted{.readable = interest_.readable || (interest_.writable && write_want_ == Want::kRead),
                        .writable = (interest_.writable && write_want_ != Want::kRead) ||
                                    (interest_.readable && read_want_ == Want::kWrite)};
  if (wanted.readable == stream_interest_.readable && wanted.writable == stream_interest_.writable) return {};
  stream_interest_ = wanted;
  return stream_->watch(wanted, [this] {
    const auto callback = on_ready_;
    if (callback != nullptr) (*callback)();
  });
}

void TlsTransport::announce_buffered() {
  if (!may_have_more_ || !interest_.readable || is_announcing_) return;
  is_announcing_ = true;
  loop_.post([this, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired()) return;
    is_announcing_ = false;
    if (!may_have_more_ || !interest_.readable || on_ready_ == nullptr) return;
    const auto callback = on_ready_;
    (*callback)();
    if (!alive.expired()) announce_buffered();
  });
}

bool TlsTransport::is_quiet() {
  if (closed_error()) return false;
  ERR_clear_error();
  std::byte probe{};
  std::size_t size = 0;
  // a look, not a read, also takes in what TLS itself sends now and then (session tickets)
  const auto want = classify(SSL_peek_ex(ssl_.get(), &probe, 1, &size));
  if (!want) return false;
  may_have_more_ = *want == Want::kNothing;
  return *want == Want::kRead && SSL_has_pending(ssl_.get()) == 0;
}

std::vector<std::byte> TlsTransport::channel_binding() const {
  // protocol: RFC 5929 section 4.1
  if (ssl_ == nullptr || !is_established_) return {};
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl_.get()),
                                                                X509_free);
  int digest = NID_undef;
  if (certificate == nullptr ||
      X509_get_signature_info(certificate.get(), &digest, nullptr, nullptr, nullptr) != 1)
    return {};
  if (digest == NID_md5 || digest == NID_sha1) digest = NID_sha256;
  const EVP_MD* algorithm = digest == NID_undef ? nullptr : EVP_get_digestbynid(digest);
  std::vector<std::byte> hash(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  auto* target = reinterpret_cast<unsigned char*>(hash.data());  // SAFETY: unsigned char may alias any object
  if (algorithm == nullptr || X509_digest(certificate.get(), algorithm, target, &size) != 1) return {};
  hash.resize(size);
  return hash;
}

void TlsTransport::close() noexcept {
  if (ssl_ == nullptr) return;
  ERR_clear_error();
  // a forked child must not speak for its parent
  if (is_established_ && !is_broken_ && fork_generation_ == fork_generation()) SSL_shutdown(ssl_.get());
  ERR_clear_error();
  ssl_.reset();
  interest_ = {};
  stream_->close();
}

}  // namespace bridge::net
