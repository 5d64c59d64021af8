// The conversation from the first byte to the first "ready": TLS request, startup, proof of the password,
// session parameters.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/base/secret.h"
#include "engine/databases/postgres/wire/backend.h"
#include "engine/databases/postgres/wire/frontend.h"
#include "engine/driver/credentials.h"
#include "engine/driver/next_action.h"

namespace bridge::postgres::wire {

/// Which proofs of identity are given. Others are refused when the server asks for them.
struct AllowedLogins {
  bool none = true;  ///< the server asks for nothing
  bool scram = true;
  bool md5 = false;
  bool cleartext = false;
};

enum class BindingPolicy : std::uint8_t { kDisable, kPrefer, kRequire };

/// Who logs in, how he may prove it, and what the session is set to. Holds the password until the login is
/// over.
struct LoginOptions {
  StartupParameters parameters;
  std::string user;
  Secret password;
  bool has_password = false;
  bool asks_for_tls = false;  ///< by TLSRequest; false without TLS, or when it runs from the first byte
  AllowedLogins allowed;
  BindingPolicy binding = BindingPolicy::kPrefer;
};

/// One login, as a state machine without I/O; anything but the next legal message fails it. Errors: kTls,
/// kAuthentication, kConnectionLost, or what the server reported. The password leaves only after TLS has been
/// started where it was asked for. One thread at a time.
class Login {
 public:
  explicit Login(LoginOptions options) : options_(std::move(options)) {}

  /// Writes the first message.
  Result<driver::NextAction> begin(ByteWriter& out);
  /// The answer to kStartTls. `binding` identifies the server's certificate; empty when it cannot.
  Result<driver::NextAction> on_tls_started(std::vector<std::byte> binding, ByteWriter& out);
  /// TLS runs since before `begin`.
  void set_channel_binding(std::vector<std::byte> binding);
  Result<driver::NextAction> on_bytes(ByteSpan received, ByteWriter& out);
  /// Between kDeriveKey and on_key_derived; on any thread.
  Status derive_key() { return scram_->derive_proof(options_.password); }
  Result<driver::NextAction> on_key_derived(const Status& derived, ByteWriter& out);

  /// What the server said of itself; complete once done.
  const std::map<std::string, std::string>& server_parameters() const { return server_parameters_; }
  const BackendKey& backend_key() const { return key_; }

 private:
  enum class State : std::uint8_t {
    kNew,
    kAwaitTlsAnswer,
    kAwaitTls,
    kAwaitRequest,
    kAwaitScramFirst,
    kAwaitKey,
    kAwaitScramFinal,
    kAwaitOk,
    kAwaitReady,
    kDone,
    kDead,
  };

  Result<driver::NextAction> send_startup(ByteWriter& out);
  Result<driver::NextAction> on_tls_answer(ByteSpan received);
  /// Answers what to do after one message; kContinue means the next one may follow.
  Result<driver::NextAction::Kind> on_message(const Message& message, ByteWriter& out);
  Result<driver::NextAction::Kind> on_authentication(ByteSpan body, ByteWriter& out);
  Result<driver::NextAction::Kind> on_session_message(const Message& message);
  Status on_ok();
  Status on_request(Authentication kind, ByteReader& reader, ByteWriter& out);
  Status begin_scram(ByteReader& reader, ByteWriter& out);
  Status check_password() const;
  Status check_session() const;

  LoginOptions options_;
  State state_ = State::kNew;
  bool is_encrypted_ = false;
  bool used_binding_ = false;
  std::vector<std::byte> binding_;
  std::optional<driver::ScramClient> scram_;
  std::map<std::string, std::string> server_parameters_;
  BackendKey key_;
};

}  // namespace bridge::postgres::wire
