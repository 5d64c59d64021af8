// A certificate authority made in memory, for tests of TLS.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

namespace bridge::net::testing {

/// What a certificate should say.
struct CertificateWish {
  std::string common_name = "server";
  std::string subject_alternatives = "DNS:localhost,IP:127.0.0.1";  ///< OpenSSL's notation; empty = none
  long valid_from_seconds = -3600;                                  ///< against now
  long valid_until_seconds = 3600;
  std::string digest = "SHA256";  ///< ignored for Ed25519
  bool is_ed25519 = false;
  bool is_self_signed = false;
};

/// Files of a certificate and its key, readable by the owner only.
struct CertificateFiles {
  std::string certificate;
  std::string key;
};

/// Issues certificates into a directory of its own, which is removed in the end. Aborts the test program when
/// OpenSSL refuses.
class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  /// PEM file of the authority's own certificate.
  const std::string& root_file() const { return root_file_; }
  const std::string& directory() const { return directory_; }
  CertificateFiles issue(const CertificateWish& wish);

 private:
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

  std::string write(const Certificate& certificate);
  std::string write(const Key& key);

  std::string directory_;
  Key key_{nullptr, EVP_PKEY_free};
  Certificate certificate_{nullptr, X509_free};
  std::string root_file_;
  int serial_ = 1;
};

}  // namespace bridge::net::testing
