// SCRAM and MD5 by OpenSSL's primitives; no cryptography is written here, only the order of its steps.
#include "engine/driver/credentials.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <charconv>
#include <utility>

#include "engine/base/random.h"
#include "engine/driver/saslprep.h"

namespace bridge::driver {
namespace {

constexpr std::size_t kHashSize = 32;  // SHA-256
constexpr std::size_t kMd5Size = 16;
constexpr std::size_t kNonceBytes = 18;         // 144 bits; a multiple of three, so base64 needs no padding
constexpr std::size_t kMaxSaltBytes = 1'024;    // servers use 16 to 64
constexpr std::size_t kMaxMessageSize = 4'096;  // far beyond any real SCRAM message

using Digest = std::array<unsigned char, kHashSize>;

/// A digest that is zeroed when its scope ends.
struct SecretDigest {
  Digest bytes{};
  ~SecretDigest() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
};

Error refuse(std::string_view reason) {
  return make_error(ErrorCode::kAuthentication, "SCRAM login failed: " + std::string(reason));
}

const unsigned char* octets(ByteSpan bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());  // SAFETY: unsigned char may alias any object
}

ByteSpan span_of(const Digest& digest) { return std::as_bytes(std::span(digest)); }

bool sign(const Digest& key, std::string_view text, Digest& signature) {
  unsigned int size = 0;
  return HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets(to_bytes(text)), text.size(),
              signature.data(), &size) != nullptr &&
         size == kHashSize;
}

bool hash(const Digest& input, Digest& result) {
  return EVP_Digest(input.data(), input.size(), result.data(), nullptr, EVP_sha256(), nullptr) == 1;
}

/// Value of `name=value` at the head of `rest`, which moves behind its comma.
bool take_attribute(std::string_view& rest, char name, std::string_view& value) {
  if (rest.size() < 2 || rest[0] != name || rest[1] != '=') return false;
  const std::size_t comma = rest.find(',');
  value = rest.substr(2, comma == std::string_view::npos ? comma : comma - 2);
  rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  return true;
}

bool is_printable(std::string_view text) {
  constexpr char kFirst = 0x21;
  constexpr char kLast = 0x7E;
  for (const char letter : text) {
    if (letter < kFirst || letter > kLast || letter == ',') return false;
  }
  return !text.empty();
}

Result<std::string> md5_hex(std::string_view head, ByteSpan tail) {
  std::string text(head);
  text += to_text(tail);
  std::array<unsigned char, kMd5Size> digest{};
  const int done = EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_md5(), nullptr);
  OPENSSL_cleanse(text.data(), text.size());
  if (done != 1)
    return make_error(ErrorCode::kAuthentication,
                      "the cryptographic library of this machine forbids MD5 logins");
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  constexpr unsigned kLowBits = 0x0F;
  constexpr int kHighShift = 4;
  std::string hex;
  for (const unsigned char byte : digest) {
    hex.push_back(kHexDigits[byte >> kHighShift]);
    hex.push_back(kHexDigits[byte & kLowBits]);
  }
  return hex;
}

}  // namespace

ScramClient::ScramClient(ChannelBinding mode, std::vector<std::byte> binding, std::string nonce)
    : mode_(mode), binding_(std::move(binding)), nonce_(std::move(nonce)) {}

std::string ScramClient::binding_header() const {
  switch (mode_) {
    case ChannelBinding::kEndPoint:
      return "p=tls-server-end-point,,";
    case ChannelBinding::kNotOffered:
      return "y,,";
    case ChannelBinding::kUnsupported:
      break;
  }
  return "n,,";
}

std::string ScramClient::first_message() { return binding_header() + "n=,r=" + nonce_; }

Status ScramClient::accept_first(std::string_view message) {
  if (message.size() > kMaxMessageSize) return refuse("the server's first message is too long");
  std::string_view rest = message;
  std::string_view nonce;
  std::string_view salt;
  std::string_view iterations;
  if (!take_attribute(rest, 'r', nonce) || !take_attribute(rest, 's', salt) ||
      !take_attribute(rest, 'i', iterations)) {
    return refuse("the server's first message is malformed");
  }
  if (nonce.size() <= nonce_.size() || !nonce.starts_with(nonce_) || !is_printable(nonce)) {
    return refuse("the server's nonce does not extend ours");
  }
  auto decoded = decode_base64(salt);
  if (!decoded || decoded->empty() || decoded->size() > kMaxSaltBytes)
    return refuse("the server's salt is malformed");
  const char* end = iterations.data() + iterations.size();
  const auto [stop, failure] = std::from_chars(iterations.data(), end, iterations_);
  if (failure != std::errc() || stop != end || iterations_ == 0)
    return refuse("the server's iteration count is malformed");
  if (iterations_ > kMaxScramIterations) {
    return refuse("the server asks for more than " + std::to_string(kMaxScramIterations) + " iterations");
  }
  server_first_ = message;
  server_nonce_ = nonce;
  salt_ = std::move(*decoded);
  return {};
}

Status ScramClient::derive_proof(const Secret& password) {
  const Secret prepared = prepare_password(password);
  const std::string_view text = prepared.reveal();
  SecretDigest salted;
  if (PKCS5_PBKDF2_HMAC(text.data(), static_cast<int>(text.size()), octets(salt_),
                        static_cast<int>(salt_.size()), static_cast<int>(iterations_), EVP_sha256(),
                        static_cast<int>(kHashSize), salted.bytes.data()) != 1) {
    return refuse("key derivation is not available");
  }
  const std::string bare_first = "n=,r=" + nonce_;
  const std::string signed_text = bare_first + "," + server_first_ + "," + final_message();
  SecretDigest client_key;
  SecretDigest stored_key;
  SecretDigest server_key;
  Digest signature{};
  Digest expected{};
  const bool done =
      sign(salted.bytes, "Client Key", client_key.bytes) && hash(client_key.bytes, stored_key.bytes) &&
      sign(stored_key.bytes, signed_text, signature) && sign(salted.bytes, "Server Key", server_key.bytes) &&
      sign(server_key.bytes, signed_text, expected);
  if (!done) return refuse("message signing is not available");
  Digest proof{};
  for (std::size_t index = 0; index < kHashSize; ++index) {
    proof[index] = static_cast<unsigned char>(client_key.bytes[index] ^ signature[index]);
  }
  proof_ = encode_base64(span_of(proof));
  server_signature_ = to_text(span_of(expected));
  return {};
}

std::string ScramClient::final_message() const {
  std::string input = binding_header();
  input += to_text(binding_);
  std::string message = "c=" + encode_base64(to_bytes(input)) + ",r=" + server_nonce_;
  if (!proof_.empty()) message += ",p=" + proof_;
  return message;
}

Status ScramClient::accept_final(std::string_view message) const {
  std::string_view rest = message;
  std::string_view signature;
  if (take_attribute(rest, 'e', signature)) return refuse("the server refused the proof");
  rest = message;
  if (message.size() > kMaxMessageSize || !take_attribute(rest, 'v', signature)) {
    return refuse("the server's final message is malformed");
  }
  const auto decoded = decode_base64(signature);
  if (server_signature_.size() != kHashSize || !decoded || decoded.value().size() != kHashSize ||
      CRYPTO_memcmp(decoded.value().data(), server_signature_.data(), kHashSize) != 0) {
    return refuse("the server could not prove that it knows the password");
  }
  return {};
}

Result<std::string> make_scram_nonce() {
  std::array<std::byte, kNonceBytes> raw{};
  if (!fill_secure_random(raw.data(), raw.size()))
    return make_error(ErrorCode::kInternal, "no secure random numbers");
  return encode_base64(raw);
}

Result<std::string> make_md5_answer(std::string_view user, const Secret& password, ByteSpan salt) {
  BRIDGE_ASSIGN_OR_RETURN(const std::string inner, md5_hex(password.reveal(), to_bytes(user)));
  BRIDGE_ASSIGN_OR_RETURN(const std::string outer, md5_hex(inner, salt));
  return "md5" + outer;
}

std::string encode_base64(ByteSpan bytes) {
  constexpr std::size_t kGroupBytes = 3;
  constexpr std::size_t kGroupLetters = 4;
  // and OpenSSL's NUL
  std::string text((bytes.size() + kGroupBytes - 1) / kGroupBytes * kGroupLetters + 1, '\0');
  auto* target = reinterpret_cast<unsigned char*>(text.data());  // SAFETY: unsigned char may alias any object
  const int size = EVP_EncodeBlock(target, octets(bytes), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

Result<std::vector<std::byte>> decode_base64(std::string_view text) {
  std::vector<std::byte> bytes(text.size());
  // SAFETY: unsigned char may alias any object
  auto* target = reinterpret_cast<unsigned char*>(bytes.data());
  const int size = text.size() > kMaxMessageSize
                       ? -1
                       : EVP_DecodeBlock(target, octets(to_bytes(text)), static_cast<int>(text.size()));
  if (size < 0) return make_error(ErrorCode::kDecode, "malformed base64");
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  // OpenSSL skips blanks and forgives stray bits: only what encodes back to itself is canonical.
  if (encode_base64(bytes) != text) return make_error(ErrorCode::kDecode, "malformed base64");
  return bytes;
}

}  // namespace bridge::driver
