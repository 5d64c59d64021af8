// Proofs of a password: the steps that all logins share, without I/O and without a database's framing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/base/secret.h"

namespace bridge::driver {

/// Most PBKDF2 rounds a server may ask for: a second of a core, where an honest server asks for 4,096 to some
/// ten thousand.
inline constexpr std::uint32_t kMaxScramIterations = 600'000;

/// How the login is tied to the TLS session (RFC 5802 section 6).
enum class ChannelBinding : std::uint8_t {
  kUnsupported,  ///< `n`: this side cannot
  /// `y`: this side could, the server did not offer it; a stripped offer is noticed by the server
  kNotOffered,
  kEndPoint,  ///< `p=tls-server-end-point`
};

/// SCRAM-SHA-256 as in RFC 7677, client side, step by step:
///   first_message -> accept_first -> derive_proof (slow) -> final_message -> accept_final
/// Errors are kAuthentication. Passwords beyond ASCII are prepared first (saslprep.h). One login each.
class ScramClient {
 public:
  /// `binding` is the certificate's hash for kEndPoint, else empty. `nonce` is printable ASCII without
  /// commas.
  ScramClient(ChannelBinding mode, std::vector<std::byte> binding, std::string nonce);

  /// With an empty user name, as databases take it from elsewhere.
  std::string first_message();
  /// Checks the server's first message: nonce extends ours, salt decodes, iterations within bounds.
  Status accept_first(std::string_view message);
  /// Computes proof and expected signature. Takes as long as the server's iterations demand; any thread,
  /// nobody else meanwhile.
  Status derive_proof(const Secret& password);
  std::string final_message() const;
  /// Checks that the server knew the password as well. Constant time.
  Status accept_final(std::string_view message) const;

 private:
  std::string binding_header() const;

  ChannelBinding mode_;
  std::vector<std::byte> binding_;
  std::string nonce_;
  std::string server_first_;
  std::string server_nonce_;
  std::vector<std::byte> salt_;
  std::uint32_t iterations_ = 0;
  std::string proof_;
  std::string server_signature_;
};

/// A nonce from the operating system's generator. kInternal when that refuses.
Result<std::string> make_scram_nonce();

/// `md5` + hex of md5(md5(password + user) + salt): PostgreSQL's answer to its MD5 request. kAuthentication
/// where the crypto library forbids MD5.
Result<std::string> make_md5_answer(std::string_view user, const Secret& password, ByteSpan salt);

std::string encode_base64(ByteSpan bytes);
/// kDecode for anything but canonical, padded base64.
Result<std::vector<std::byte>> decode_base64(std::string_view text);

}  // namespace bridge::driver
