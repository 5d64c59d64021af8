// The conversation from the server's greeting to its first acknowledgement: TLS, who logs in, and the proof
// of the password.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/base/secret.h"
#include "engine/databases/mysql/wire/messages.h"
#include "engine/databases/mysql/wire/packet.h"
#include "engine/driver/next_action.h"

namespace bridge::mysql::wire {

/// Who logs in, and how the password may travel. Holds it until the login is over.
struct LoginOptions {
  std::string user;
  Secret password;
  std::string database;  ///< empty: none is chosen
  bool asks_for_tls = false;
  /// The stream cannot be listened to by others than its two ends: a Unix socket.
  bool is_private = false;
  /// Over TLS whose certificate has been verified, the password may be sent as it is when the server asks for
  /// that; never otherwise.
  bool allows_cleartext = false;
  /// Without TLS the password may be encrypted for a key that the server sends, which is safe only where
  /// nobody stands between.
  bool allows_server_key = false;
  /// Writes shall count the rows they met, changed or not; for servers that say it in no other way.
  bool counts_found_rows = false;
};

/// What a finished login knows of the server.
struct SessionTraits {
  std::string version;
  std::uint32_t thread = 0;
  bool is_mariadb = false;
  bool has_extended_metadata = false;
  bool has_cached_metadata = false;
  bool has_bulk_execute = false;
};

/// One login, as a state machine without I/O; anything but the next legal message fails it. Errors: kTls,
/// kAuthentication, kConnectFailed, kConnectionLost, or what the server reported. Nothing but the request for
/// TLS leaves before TLS where that was asked for. One thread at a time.
class Login {
 public:
  explicit Login(LoginOptions options) : options_(std::move(options)) {}

  /// The answer to kStartTls.
  Result<driver::NextAction> on_tls_started(ByteWriter& out);
  Result<driver::NextAction> on_bytes(ByteSpan received, ByteWriter& out);
  /// Between kDeriveKey and on_key_derived; on any thread.
  Status derive_key();
  Result<driver::NextAction> on_key_derived(const Status& derived, ByteWriter& out);

  /// Complete once done.
  const SessionTraits& traits() const { return traits_; }

 private:
  enum class State : std::uint8_t {
    kAwaitGreeting,
    kAwaitTls,
    kAwaitVerdict,
    kAwaitServerKey,
    kAwaitSalt,
    kAwaitKey,
    kDone,
    kDead,
  };
  using Kind = driver::NextAction::Kind;

  Result<Kind> on_message(ByteSpan payload, ByteWriter& out);
  Result<Kind> on_greeting(ByteSpan payload, ByteWriter& out);
  Result<Kind> on_verdict(ByteSpan payload, ByteWriter& out);
  Status on_change_of_method(ByteSpan payload, ByteWriter& out);
  Result<Kind> on_more_proof(ByteSpan payload, ByteWriter& out);
  Status on_sha256_answer(ByteSpan payload, ByteWriter& out);
  Result<Kind> on_salt(ByteSpan payload);
  Status write_head(ByteWriter& out) const;
  Status send_response(ByteWriter& out);
  /// The first proof of a method; empty where the server speaks next.
  Result<std::string> prove() const;
  void await_answer(std::string_view proof);
  Status send_password(ByteWriter& out);
  Status send(ByteWriter& out, std::string_view proof);
  bool is_safe() const { return is_encrypted_ || options_.is_private; }

  LoginOptions options_;
  State state_ = State::kAwaitGreeting;
  bool is_encrypted_ = false;
  PacketReader packets_;
  std::uint32_t capabilities_ = 0;
  std::uint32_t mariadb_capabilities_ = 0;
  std::string method_;
  std::string scramble_;
  std::string salt_;
  unsigned iterations_ = 0;
  std::string signature_;
  SessionTraits traits_;
};

}  // namespace bridge::mysql::wire
