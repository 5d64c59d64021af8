// TLS against a real OpenSSL server: modes, certificates, bindings, truncation.
#include "engine/net/tls_transport.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <string>

#include "engine/net/testing/loop_fixture.h"
#include "engine/net/testing/loopback_server.h"
#include "engine/net/testing/test_authority.h"

namespace bridge::net::testing {
namespace {

using std::chrono::milliseconds;

struct ServerWish {
  CertificateFiles files{};
  std::string client_root{};  // demand a client certificate signed by it
  std::string alpn{};         // protocol to agree to
  std::string early_plaintext{};
  bool is_truncating = false;  // after the first echo
};

int select_alpn(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offer,
                unsigned offer_size, void* argument) {
  const auto& wanted = *static_cast<const std::string*>(argument);
  unsigned char* selected = nullptr;
  const std::string list = static_cast<char>(wanted.size()) + wanted;
  const auto* bytes =
      reinterpret_cast<const unsigned char*>(list.data());  // SAFETY: unsigned char may alias any object
  if (SSL_select_next_proto(&selected, size, bytes, static_cast<unsigned>(list.size()), offer, offer_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *chosen = offer + (std::string_view(reinterpret_cast<const char*>(offer), offer_size)
                         .find(wanted));  // SAFETY: char may alias any object
  return SSL_TLSEXT_ERR_OK;
}

void echo_tls(SSL* ssl, bool is_truncating) {
  std::array<char, 65536> buffer{};
  while (true) {
    const int size = SSL_read(ssl, buffer.data(), static_cast<int>(buffer.size()));
    if (size <= 0) break;
    if (SSL_write(ssl, buffer.data(), size) <= 0) return;
    if (is_truncating) return;
  }
  SSL_shutdown(ssl);
}

LoopbackServer::Serve serve_tls(ServerWish wish) {
  return [wish](int descriptor) mutable {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()),
                                                                    SSL_CTX_free);
    SSL_CTX_set_security_level(context.get(), 0);  // SHA-1 certificates are part of the test
    ASSERT_EQ(1,
              SSL_CTX_use_certificate_file(context.get(), wish.files.certificate.c_str(), SSL_FILETYPE_PEM));
    ASSERT_EQ(1, SSL_CTX_use_PrivateKey_file(context.get(), wish.files.key.c_str(), SSL_FILETYPE_PEM));
    if (!wish.client_root.empty()) {
      ASSERT_EQ(1, SSL_CTX_load_verify_file(context.get(), wish.client_root.c_str()));
      SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
    if (!wish.alpn.empty()) SSL_CTX_set_alpn_select_cb(context.get(), select_alpn, &wish.alpn);
    if (!wish.early_plaintext.empty())
      send(descriptor, wish.early_plaintext.data(), wish.early_plaintext.size(), MSG_NOSIGNAL);
    const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), SSL_free);
    SSL_set_fd(ssl.get(), descriptor);
    if (SSL_accept(ssl.get()) == 1) echo_tls(ssl.get(), wish.is_truncating);
    ERR_clear_error();
  };
}

class TlsTransportTest : public LoopFixture {
 protected:
  TransportResult connect_tls(const ServerWish& wish, const TlsOptions& options) {
    server_ = std::make_unique<LoopbackServer>(serve_tls(wish));
    auto stream = connect({.host = "127.0.0.1", .port = server_->port()});
    if (!stream) return stream;
    return start_tls(std::move(*stream), options);
  }
  TlsOptions verify_full(std::string host = "localhost") const {
    return {.mode = TlsMode::kVerifyFull,
            .host_name = std::move(host),
            .root_certificates = authority_.root_file()};
  }
  void expect_refusal(const ServerWish& wish, const TlsOptions& options, const std::string& reason) {
    auto transport = connect_tls(wish, options);
    ASSERT_FALSE(transport) << "was to be refused: " << reason;
    EXPECT_EQ(transport.error().code(), ErrorCode::kTls);
    EXPECT_NE(transport.error().message().find(reason), std::string::npos) << transport.error().message();
  }
  /// The certificate's hash by a digest, computed independently of the transport.
  static std::vector<std::byte> fingerprint(const std::string& path, const EVP_MD* digest) {
    std::FILE* file = std::fopen(path.c_str(), "rbe");
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        PEM_read_X509(file, nullptr, nullptr, nullptr), X509_free);
    std::fclose(file);
    std::vector<std::byte> hash(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    X509_digest(certificate.get(), digest, reinterpret_cast<unsigned char*>(hash.data()),
                &size);  // SAFETY: unsigned char may alias any object
    hash.resize(size);
    return hash;
  }
  void TearDown() override {
    LoopFixture::TearDown();  // closes the client's end, for which the server's thread waits
    server_.reset();
  }

  TestAuthority authority_;
  std::unique_ptr<LoopbackServer> server_;
};

TEST_F(TlsTransportTest, VerifiedStreamCarriesBytesBothWays) {
  auto transport = connect_tls({.files = authority_.issue({})}, verify_full());
  ASSERT_TRUE(transport) << transport.error().message();
  EXPECT_TRUE((*transport)->is_encrypted());
  const std::string load(std::size_t{1} << 20, 'x');
  EXPECT_EQ(exchange(**transport, load, load.size()), load);
  ASSERT_TRUE((*transport)->watch({}, [] {}));
  EXPECT_TRUE((*transport)->is_quiet());
  EXPECT_FALSE((*transport)->has_buffered_input() && (*transport)->is_quiet());
}

TEST_F(TlsTransportTest, SmallReadsSeeWhatNoDescriptorAnnounces) {
  auto transport = connect_tls({.files = authority_.issue({})}, verify_full());
  ASSERT_TRUE(transport) << transport.error().message();
  ASSERT_TRUE((*transport)->write_some(to_bytes("abcdef")));
  std::string received;
  ASSERT_TRUE((*transport)->watch({.readable = true}, [&] {
    std::byte one{};
    auto size = (*transport)->read_some({&one, 1});
    ASSERT_TRUE(size);
    if (*size == 1) received += static_cast<char>(one);
  }));
  EXPECT_TRUE(run_until([&] { return received.size() == 6; }));
  EXPECT_EQ(received, "abcdef");
}

TEST_F(TlsTransportTest, NumericHostIsCheckedAgainstAddresses) {
  auto transport = connect_tls({.files = authority_.issue({})}, verify_full("127.0.0.1"));
  EXPECT_TRUE(transport) << transport.error().message();
}

TEST_F(TlsTransportTest, WrongHostIsRefusedOnlyInFullMode) {
  const ServerWish wish{.files = authority_.issue({.subject_alternatives = "DNS:elsewhere.example"})};
  expect_refusal(wish, verify_full(), "not issued for localhost");
  expect_refusal(wish, verify_full("127.0.0.1"), "not issued for 127.0.0.1");
  TlsOptions options = verify_full();
  options.mode = TlsMode::kVerifyCa;
  EXPECT_TRUE(connect_tls(wish, options));
}

TEST_F(TlsTransportTest, WildcardsCoverOneWholeLabel) {
  const ServerWish wish{
      .files = authority_.issue({.subject_alternatives = "DNS:*.example.com,DNS:part*.example.org"})};
  EXPECT_TRUE(connect_tls(wish, verify_full("db.example.com")));
  expect_refusal(wish, verify_full("a.b.example.com"), "not issued for");
  expect_refusal(wish, verify_full("example.com"), "not issued for");
  expect_refusal(wish, verify_full("partial.example.org"), "not issued for");
}

TEST_F(TlsTransportTest, DatesAreChecked) {
  expect_refusal({.files = authority_.issue({.valid_from_seconds = -200, .valid_until_seconds = -100})},
                 verify_full(), "has expired");
  expect_refusal({.files = authority_.issue({.valid_from_seconds = 100, .valid_until_seconds = 200})},
                 verify_full(), "not valid yet");
}

TEST_F(TlsTransportTest, StrangersAreRefusedUnlessNobodyAsks) {
  const ServerWish own{.files = authority_.issue({.is_self_signed = true})};
  expect_refusal(own, verify_full(), "self-signed");
  EXPECT_TRUE(connect_tls(own, {.mode = TlsMode::kRequire}));
  TestAuthority other;
  expect_refusal({.files = other.issue({})}, verify_full(), "authority that is not trusted");
  TlsOptions system = verify_full();
  system.root_certificates.clear();
  expect_refusal({.files = authority_.issue({})}, system, "not trusted");
}

TEST_F(TlsTransportTest, EarlyPlaintextIsRefused) {
  server_ = std::make_unique<LoopbackServer>(
      serve_tls({.files = authority_.issue({}), .early_plaintext = "hello"}));
  auto stream = connect({.host = "127.0.0.1", .port = server_->port()});
  ASSERT_TRUE(stream);
  ASSERT_TRUE(run_until([&] { return !(*stream)->is_quiet(); }));
  auto transport = start_tls(std::move(*stream), verify_full());
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().code(), ErrorCode::kTls);
  EXPECT_NE(transport.error().message().find("before the handshake"), std::string::npos);
}

TEST_F(TlsTransportTest, PlainServerIsATlsFailure) {
  server_ = std::make_unique<LoopbackServer>([](int descriptor) {
    std::array<char, 4096> sink{};
    static_cast<void>(recv(descriptor, sink.data(), sink.size(), 0));
    static_cast<void>(send(descriptor, "-ERR what is that supposed to be\r\n", 34, MSG_NOSIGNAL));
  });
  auto stream = connect({.host = "127.0.0.1", .port = server_->port()});
  ASSERT_TRUE(stream);
  auto transport = start_tls(std::move(*stream), verify_full());
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().code(), ErrorCode::kTls) << transport.error().message();
}

TEST_F(TlsTransportTest, SilentServerEndsAtTheDeadline) {
  server_ = std::make_unique<LoopbackServer>([](int descriptor) {
    std::array<char, 4096> sink{};
    while (recv(descriptor, sink.data(), sink.size(), 0) > 0) {
    }
  });
  auto stream = connect({.host = "127.0.0.1", .port = server_->port()});
  ASSERT_TRUE(stream);
  auto transport = start_tls(std::move(*stream), verify_full(), milliseconds(30));
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().code(), ErrorCode::kConnectFailed);
}

TEST_F(TlsTransportTest, ServerThatHangsUpIsNamed) {
  server_ = std::make_unique<LoopbackServer>([](int) {});
  auto stream = connect({.host = "127.0.0.1", .port = server_->port()});
  ASSERT_TRUE(stream);
  auto transport = start_tls(std::move(*stream), verify_full());
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().code(), ErrorCode::kConnectionLost);
}

TEST_F(TlsTransportTest, TruncationIsALostConnection) {
  auto transport = connect_tls({.files = authority_.issue({}), .is_truncating = true}, verify_full());
  ASSERT_TRUE(transport) << transport.error().message();
  EXPECT_EQ(exchange(**transport, "abc", 3), "abc");
  EXPECT_EQ(exchange(**transport, "", 1), "connection_lost");
  EXPECT_FALSE((*transport)->is_quiet());
  std::byte sink{};
  EXPECT_EQ((*transport)->read_some({&sink, 1}).error().code(), ErrorCode::kConnectionLost);
}

TEST_F(TlsTransportTest, AlpnIsDemanded) {
  TlsOptions options = verify_full();
  options.alpn = "postgresql";
  EXPECT_TRUE(connect_tls({.files = authority_.issue({}), .alpn = "postgresql"}, options));
  expect_refusal({.files = authority_.issue({})}, options, "did not agree to the protocol postgresql");
}

TEST_F(TlsTransportTest, ClientCertificateIsShown) {
  const CertificateFiles client = authority_.issue({.common_name = "client", .subject_alternatives = ""});
  const ServerWish wish{.files = authority_.issue({}), .client_root = authority_.root_file()};
  TlsOptions options = verify_full();
  options.client_certificate = client.certificate;
  options.client_key = client.key;
  auto transport = connect_tls(wish, options);
  ASSERT_TRUE(transport) << transport.error().message();
  EXPECT_EQ(exchange(**transport, "abc", 3), "abc");
  auto without = connect_tls(wish, verify_full());
  // TLS 1.3 tells a client without certificate only after its side of the handshake is done
  ASSERT_TRUE(without);
  EXPECT_EQ(exchange(**without, "", 1), "tls");
}

TEST_F(TlsTransportTest, UnusableClientFilesAreConfigurationErrors) {
  const CertificateFiles client = authority_.issue({});
  const CertificateFiles other = authority_.issue({});
  const auto refusal = [&](const std::string& certificate, const std::string& key) {
    TlsOptions options = verify_full();
    options.client_certificate = certificate;
    options.client_key = key;
    const auto context = make_tls_context(options);
    return context ? std::string("accepted")
                   : std::string(to_name(context.error().code())) + ": " + context.error().message();
  };
  EXPECT_EQ(refusal(client.certificate, client.key), "accepted");
  EXPECT_NE(refusal(client.certificate, other.key).find("does not belong"), std::string::npos);
  EXPECT_EQ(refusal("/nonexistent", client.key).substr(0, 14), "configuration:");
  EXPECT_EQ(refusal(client.certificate, "/nonexistent").substr(0, 14), "configuration:");
  EXPECT_EQ(refusal("", client.key).substr(0, 14), "configuration:");
  for (const mode_t mode : {mode_t{0640}, mode_t{0604}, mode_t{0620}}) {
    ASSERT_EQ(0, chmod(client.key.c_str(), mode));
    EXPECT_NE(refusal(client.certificate, client.key).find("only its owner may"), std::string::npos);
  }
}

TEST_F(TlsTransportTest, OptionsThatMakeNoSenseAreConfigurationErrors) {
  TlsOptions missing_root = verify_full();
  missing_root.root_certificates = "/nonexistent";
  EXPECT_EQ(make_tls_context(missing_root).error().code(), ErrorCode::kConfiguration);
  EXPECT_EQ(make_tls_context({}).error().code(), ErrorCode::kConfiguration);
  auto nameless = connect_tls({.files = authority_.issue({})}, verify_full(""));
  ASSERT_FALSE(nameless);
  EXPECT_EQ(nameless.error().code(), ErrorCode::kConfiguration);
}

TEST_F(TlsTransportTest, ChannelBindingIsTheHashOfTheCertificate) {
  const auto binding = [&](const CertificateFiles& files) {
    auto transport = connect_tls({.files = files}, {.mode = TlsMode::kRequire});
    EXPECT_TRUE(transport) << transport.error().message();
    return transport ? (*transport)->channel_binding() : std::vector<std::byte>{};
  };
  const CertificateFiles plain = authority_.issue({});
  EXPECT_EQ(binding(plain), fingerprint(plain.certificate, EVP_sha256()));
  const CertificateFiles strong = authority_.issue({.digest = "SHA512"});
  EXPECT_EQ(binding(strong), fingerprint(strong.certificate, EVP_sha512()));
  const CertificateFiles weak = authority_.issue({.digest = "SHA1"});
  EXPECT_EQ(binding(weak), fingerprint(weak.certificate, EVP_sha256()));
  EXPECT_TRUE(binding(authority_.issue({.is_ed25519 = true, .is_self_signed = true})).empty());
}

TEST_F(TlsTransportTest, ContextsAreSharedUntilAFileChanges) {
  TlsContextCache cache;
  const auto first = cache.find_or_make(verify_full());
  const auto second = cache.find_or_make(verify_full("other.example"));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->get(), second->get());
  const std::array<timespec, 2> times{timespec{.tv_sec = 1, .tv_nsec = 0},
                                      timespec{.tv_sec = 1, .tv_nsec = 0}};
  ASSERT_EQ(0, utimensat(AT_FDCWD, authority_.root_file().c_str(), times.data(), 0));
  const auto third = cache.find_or_make(verify_full());
  ASSERT_TRUE(third);
  EXPECT_NE(first->get(), third->get());
}

}  // namespace
}  // namespace bridge::net::testing
