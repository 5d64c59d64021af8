// The order of steps; every primitive is OpenSSL's.
#include "engine/driver/password_proofs.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>

#include "engine/base/bytes.h"

namespace bridge::driver {
namespace {

constexpr std::size_t kEd25519Size = 32;           // RFC 8032: seed
constexpr std::size_t kEd25519SignatureSize = 64;  // RFC 8032: signature

using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
using DigestContextPtr = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using StreamPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

Error refuse(std::string_view reason) { return make_error(ErrorCode::kAuthentication, std::string(reason)); }

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());  // SAFETY: unsigned char may alias any object
}

unsigned char* octets(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());  // SAFETY: unsigned char may alias any object
}

/// Text that is zeroed when its scope ends.
struct Wiped {
  std::string text;
  ~Wiped() { OPENSSL_cleanse(text.data(), text.size()); }
};

Result<std::string> digest(const EVP_MD* method, std::string_view text) {
  std::string result(static_cast<std::size_t>(EVP_MD_get_size(method)), '\0');
  if (EVP_Digest(text.data(), text.size(), octets(result), nullptr, method, nullptr) != 1)
    return refuse("the cryptographic library of this machine forbids this login's hash");
  return result;
}

std::string combine(std::string left, std::string_view right) {
  for (std::size_t index = 0; index < left.size(); ++index) {
    left[index] = static_cast<char>(left[index] ^ right[index % right.size()]);
  }
  return left;
}

}  // namespace

Result<std::string> make_sha256_proof(const Secret& password, std::string_view scramble) {
  Wiped once;
  BRIDGE_ASSIGN_OR_RETURN(once.text, digest(EVP_sha256(), password.reveal()));
  BRIDGE_ASSIGN_OR_RETURN(const std::string twice, digest(EVP_sha256(), once.text));
  BRIDGE_ASSIGN_OR_RETURN(const std::string mask, digest(EVP_sha256(), twice + std::string(scramble)));
  return combine(once.text, mask);
}

Result<std::string> make_sha1_proof(const Secret& password, std::string_view scramble) {
  Wiped once;
  BRIDGE_ASSIGN_OR_RETURN(once.text, digest(EVP_sha1(), password.reveal()));
  BRIDGE_ASSIGN_OR_RETURN(const std::string twice, digest(EVP_sha1(), once.text));
  BRIDGE_ASSIGN_OR_RETURN(const std::string mask, digest(EVP_sha1(), std::string(scramble) + twice));
  return combine(once.text, mask);
}

Result<std::string> encrypt_password(const Secret& password, std::string_view scramble,
                                     std::string_view key) {
  int size = 0;
  if (scramble.empty() || !narrow(key.size(), size)) return refuse("the server's public key is malformed");
  const StreamPtr stream(BIO_new_mem_buf(key.data(), size), BIO_free);
  const KeyPtr public_key(PEM_read_bio_PUBKEY(stream.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  if (public_key == nullptr || EVP_PKEY_is_a(public_key.get(), "RSA") != 1)
    return refuse("the server's public key is malformed");
  const KeyContextPtr context(EVP_PKEY_CTX_new(public_key.get(), nullptr), EVP_PKEY_CTX_free);
  Wiped masked{std::string(password.reveal())};
  masked.text.push_back('\0');
  masked.text = combine(std::move(masked.text), scramble);
  std::string encrypted(static_cast<std::size_t>(EVP_PKEY_get_size(public_key.get())), '\0');
  std::size_t length = encrypted.size();
  const bool done = context != nullptr && EVP_PKEY_encrypt_init(context.get()) == 1 &&
                    EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) == 1 &&
                    EVP_PKEY_encrypt(context.get(), octets(encrypted), &length, octets(masked.text),
                                     masked.text.size()) == 1;
  if (!done) return refuse("the password does not fit the server's public key");
  encrypted.resize(length);
  return encrypted;
}

Result<std::string> sign_by_password(const Secret& password, std::string_view salt, unsigned iterations,
                                     std::string_view message) {
  const std::string_view text = password.reveal();
  Wiped seed{std::string(kEd25519Size, '\0')};
  int text_size = 0;
  int salt_size = 0;
  int rounds = 0;
  const bool fits =
      narrow(text.size(), text_size) && narrow(salt.size(), salt_size) && narrow(iterations, rounds);
  if (!fits || PKCS5_PBKDF2_HMAC(text.data(), text_size, octets(salt), salt_size, rounds, EVP_sha512(),
                                 static_cast<int>(kEd25519Size), octets(seed.text)) != 1)
    return refuse("key derivation is not available");
  const KeyPtr key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, octets(seed.text), kEd25519Size),
                   EVP_PKEY_free);
  const DigestContextPtr context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::string signature(kEd25519SignatureSize, '\0');
  std::size_t length = signature.size();
  const bool done =
      key != nullptr && context != nullptr &&
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestSign(context.get(), octets(signature), &length, octets(message), message.size()) == 1;
  if (!done) return refuse("this machine's cryptographic library knows no Ed25519");
  return signature;
}

}  // namespace bridge::driver
