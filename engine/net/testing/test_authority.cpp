// Certificates by OpenSSL's own calls.
#include "engine/net/testing/test_authority.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace bridge::net::testing {
namespace {

constexpr long kVersion3 = 2;  // X.509 counts from zero
constexpr mode_t kOwnerOnly = 0600;

void demand(bool is_met) {
  if (is_met) return;
  std::fputs("OpenSSL refused to make a test certificate\n", stderr);
  std::abort();
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()), X509_EXTENSION_free);
  demand(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

void set_name(X509* certificate, const std::string& common_name) {
  const auto* text = reinterpret_cast<const unsigned char*>(
      common_name.c_str());  // SAFETY: unsigned char may alias any object
  demand(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, text, -1, -1,
                                    0) == 1);
}

}  // namespace

TestAuthority::TestAuthority() {
  std::string pattern = std::filesystem::temp_directory_path() / "bridge_tls_XXXXXX";
  demand(mkdtemp(pattern.data()) != nullptr);
  directory_ = pattern;
  key_.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  certificate_.reset(X509_new());
  demand(key_ != nullptr && certificate_ != nullptr);
  X509* root = certificate_.get();
  X509_set_version(root, kVersion3);
  ASN1_INTEGER_set(X509_get_serialNumber(root), serial_);
  X509_gmtime_adj(X509_getm_notBefore(root), -CertificateWish().valid_until_seconds);
  X509_gmtime_adj(X509_getm_notAfter(root), CertificateWish().valid_until_seconds);
  X509_set_pubkey(root, key_.get());
  set_name(root, directory_.substr(directory_.rfind('/') +
                                   1));  // two authorities of one name would pass for each other
  X509_set_issuer_name(root, X509_get_subject_name(root));
  add_extension(root, root, NID_basic_constraints, "critical,CA:TRUE");
  demand(X509_sign(root, key_.get(), EVP_sha256()) > 0);
  root_file_ = write(certificate_);
}

TestAuthority::~TestAuthority() {
  std::error_code ignored;  // a directory left behind in the temporary files harms nobody
  std::filesystem::remove_all(directory_, ignored);
}

CertificateFiles TestAuthority::issue(const CertificateWish& wish) {
  ++serial_;
  const Key key(wish.is_ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"),
                EVP_PKEY_free);
  const Certificate certificate(X509_new(), X509_free);
  demand(key != nullptr && certificate != nullptr);
  X509* leaf = certificate.get();
  X509* issuer = wish.is_self_signed ? leaf : certificate_.get();
  X509_set_version(leaf, kVersion3);
  ASN1_INTEGER_set(X509_get_serialNumber(leaf), serial_);
  X509_gmtime_adj(X509_getm_notBefore(leaf), wish.valid_from_seconds);
  X509_gmtime_adj(X509_getm_notAfter(leaf), wish.valid_until_seconds);
  X509_set_pubkey(leaf, key.get());
  set_name(leaf, wish.common_name);
  X509_set_issuer_name(leaf, X509_get_subject_name(issuer));
  if (!wish.subject_alternatives.empty())
    add_extension(leaf, issuer, NID_subject_alt_name, wish.subject_alternatives);
  // an Ed25519 signature has no digest of its own; it takes an Ed25519 signer
  EVP_PKEY* signer = wish.is_self_signed || wish.is_ed25519 ? key.get() : key_.get();
  const EVP_MD* digest = wish.is_ed25519 ? nullptr : EVP_get_digestbyname(wish.digest.c_str());
  demand(X509_sign(leaf, signer, digest) > 0);
  return {write(certificate), write(key)};
}

std::string TestAuthority::write(const Certificate& certificate) {
  const std::string path = directory_ + "/certificate_" + std::to_string(serial_) + ".pem";
  std::FILE* file = std::fopen(path.c_str(), "wbe");
  demand(file != nullptr && PEM_write_X509(file, certificate.get()) == 1);
  std::fclose(file);
  return path;
}

std::string TestAuthority::write(const Key& key) {
  const std::string path = directory_ + "/key_" + std::to_string(serial_) + ".pem";
  std::FILE* file = std::fopen(path.c_str(), "wbe");
  demand(file != nullptr &&
         PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  std::fclose(file);
  demand(chmod(path.c_str(), kOwnerOnly) == 0);
  return path;
}

}  // namespace bridge::net::testing
