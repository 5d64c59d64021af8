// The steps of RFC 8032, section 5.1.6: OpenSSL hashes, and libsodium computes on the curve, as OpenSSL
// takes only keys of 32 octets.
#include "engine/driver/password_signature.h"

#include <dlfcn.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstring>

#include "engine/base/bytes.h"

namespace bridge::driver {
namespace {

constexpr std::size_t kHalf = 32;   // RFC 8032: scalars and points
constexpr std::size_t kWhole = 64;  // RFC 8032: hashes and signatures
constexpr const char* kLibrary = "libsodium.so.23";

using Half = std::array<unsigned char, kHalf>;
using Whole = std::array<unsigned char, kWhole>;

/// What is used of libsodium 1.0.18; null before it is found.
struct Curve {
  int (*start)() = nullptr;
  int (*multiply_base)(unsigned char* point, const unsigned char* scalar) = nullptr;
  void (*reduce)(unsigned char* scalar, const unsigned char* wide) = nullptr;
  void (*multiply)(unsigned char* product, const unsigned char* left, const unsigned char* right) = nullptr;
  void (*add)(unsigned char* sum, const unsigned char* left, const unsigned char* right) = nullptr;
  bool is_found = false;
};

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  // SAFETY: POSIX has dlsym give functions as pointers to objects; the signatures are those of the manual.
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

// Never closed: sessions may come at any time.
Curve load_curve() {
  Curve curve;
  void* const library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  curve.is_found = library != nullptr && find(library, "sodium_init", curve.start) &&
                   find(library, "crypto_scalarmult_ed25519_base_noclamp", curve.multiply_base) &&
                   find(library, "crypto_core_ed25519_scalar_reduce", curve.reduce) &&
                   find(library, "crypto_core_ed25519_scalar_mul", curve.multiply) &&
                   find(library, "crypto_core_ed25519_scalar_add", curve.add) && curve.start() >= 0;
  return curve;
}

const Curve& the_curve() {
  static const Curve curve = load_curve();
  return curve;
}

/// Octets that are zeroed when their scope ends.
template <typename Octets>
struct Wiped {
  Octets octets{};
  ~Wiped() { OPENSSL_cleanse(octets.data(), octets.size()); }
};

std::string_view to_view(const unsigned char* octets, std::size_t size) {
  return {reinterpret_cast<const char*>(octets), size};  // SAFETY: char may alias any object
}

bool hash(std::string_view text, Whole& result) {
  return EVP_Digest(text.data(), text.size(), result.data(), nullptr, EVP_sha512(), nullptr) == 1;
}

bool hash_to_scalar(const Curve& curve, std::string_view text, Half& scalar) {
  Wiped<Whole> wide;
  if (!hash(text, wide.octets)) return false;
  curve.reduce(scalar.data(), wide.octets.data());
  return true;
}

/// The secret scalar: the first half of the hash with its outer bits set, in the order of the group.
void make_scalar(const Curve& curve, const Whole& hashed, Half& scalar) {
  constexpr unsigned char kCleared = 0xF8;   // RFC 8032, section 5.1.5: a multiple of eight
  constexpr unsigned char kLastKept = 0x7F;  // RFC 8032, section 5.1.5: below 2^255
  constexpr unsigned char kLastSet = 0x40;   // RFC 8032, section 5.1.5: and not below 2^254
  Wiped<Whole> wide;
  std::memcpy(wide.octets.data(), hashed.data(), kHalf);
  wide.octets[0] &= kCleared;
  wide.octets[kHalf - 1] &= kLastKept;
  wide.octets[kHalf - 1] |= kLastSet;
  curve.reduce(scalar.data(), wide.octets.data());
}

bool sign(const Curve& curve, std::string_view password, std::string_view message, Whole& signature) {
  Wiped<Whole> hashed;
  Wiped<Half> secret;
  Wiped<Half> nonce;
  Half point{};
  Half challenge{};
  if (!hash(password, hashed.octets)) return false;
  make_scalar(curve, hashed.octets, secret.octets);
  Wiped<std::string> prefixed{std::string(to_view(hashed.octets.data() + kHalf, kHalf))};
  prefixed.octets += message;
  if (!hash_to_scalar(curve, prefixed.octets, nonce.octets)) return false;
  if (curve.multiply_base(signature.data(), nonce.octets.data()) != 0) return false;
  if (curve.multiply_base(point.data(), secret.octets.data()) != 0) return false;
  std::string challenged(to_view(signature.data(), kHalf));
  challenged += to_view(point.data(), kHalf);
  challenged += message;
  if (!hash_to_scalar(curve, challenged, challenge)) return false;
  curve.multiply(challenge.data(), challenge.data(), secret.octets.data());
  curve.add(signature.data() + kHalf, challenge.data(), nonce.octets.data());
  return true;
}

}  // namespace

Result<std::string> sign_by_plain_password(const Secret& password, std::string_view message) {
  const Curve& curve = the_curve();
  if (!curve.is_found)
    return make_error(
        ErrorCode::kConfiguration,
        "the server asks for an ed25519 login, whose arithmetic is that of libsodium: install it "
        "(Debian: libsodium23), or let the server ask for parsec or another method");
  Whole signature{};
  if (!sign(curve, password.reveal(), message, signature))
    return make_error(ErrorCode::kAuthentication, "the password cannot sign on this machine");
  return std::string(to_view(signature.data(), signature.size()));
}

}  // namespace bridge::driver
