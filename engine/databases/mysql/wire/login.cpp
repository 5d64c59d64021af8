// protocol: MySQL, Connection Phase, Caching_sha2_password information; MariaDB, Connection
#include "engine/databases/mysql/wire/login.h"

#include <array>
#include <utility>

#include "engine/base/random.h"
#include "engine/databases/mysql/error_map.h"
#include "engine/driver/password_proofs.h"
#include "engine/driver/password_signature.h"

namespace bridge::mysql::wire {
namespace {

using driver::NextAction;

constexpr std::string_view kCachingSha256 = "caching_sha2_password";
constexpr std::string_view kSha256 = "sha256_password";
constexpr std::string_view kNative = "mysql_native_password";
constexpr std::string_view kCleartext = "mysql_clear_password";
constexpr std::string_view kParsec = "parsec";
constexpr std::string_view kEd25519 = "client_ed25519";

// protocol: MySQL, Caching_sha2_password information
constexpr char kFastProofTaken = 3;
constexpr char kFullProofWanted = 4;
constexpr std::string_view kCachingKeyRequest{"\2", 1};
constexpr std::string_view kSha256KeyRequest{"\1", 1};

// protocol: MariaDB, plugin/auth_ed25519 and plugin/auth_parsec: what is signed; 'P', the power of the
// rounds, the salt
constexpr char kParsecMark = 'P';
constexpr std::size_t kSignedScramble = 32;
constexpr std::size_t kParsecHead = 2;
constexpr unsigned kParsecFirstRounds = 1'024;
constexpr unsigned kParsecMostDoublings = 9;  // half a million rounds: a second of a core
constexpr std::size_t kMaxSaltSize = 255;

// Neither several statements in one text nor several results of one statement are asked for.
constexpr std::uint32_t kWanted = kLongPassword | kProtocol41 | kTransactions | kSecureConnection |
                                  kPluginAuthentication | kDeprecateEof | kLengthEncodedProof;
constexpr std::uint32_t kWantedOfMariadb = kBulkOperations | kExtendedMetadata | kCacheMetadata;

Error refuse(std::string_view reason) { return make_error(ErrorCode::kAuthentication, std::string(reason)); }

// Names a method without quoting what an unauthenticated peer wrote.
Error refuse_method() {
  return refuse(
      "the server asks for a login method that is not known here: caching_sha2_password, sha256_password, "
      "mysql_native_password, ed25519 and parsec are");
}

Error refuse_unsafe() {
  return refuse(
      "the server wants the whole password, which only travels over TLS: ask for that with sslmode, or, "
      "where "
      "nobody can stand between, allow the server's own key with allow_server_key=on");
}

/// Methods that sign what the server says when it asks for them, never its greeting.
bool is_signing(std::string_view method) { return method == kParsec || method == kEd25519; }

}  // namespace

Result<NextAction> Login::on_bytes(ByteSpan received, ByteWriter& out) {
  NextAction action;
  while (action.kind == Kind::kContinue && state_ != State::kAwaitTls) {
    auto packet = packets_.next(received.subspan(action.consumed), kMaxLoginBytes);
    auto kind = packet ? Result<Kind>(Kind::kContinue) : Result<Kind>(std::move(packet).error());
    if (packet && !packet->has_value()) return action;
    if (packet) {
      action.consumed += (*packet)->size;
      kind = on_message((*packet)->payload, out);
    }
    if (!kind) {
      state_ = State::kDead;
      return std::move(kind).error();
    }
    action.kind = *kind;
  }
  return action;
}

Result<Login::Kind> Login::on_message(ByteSpan payload, ByteWriter& out) {
  if (header_of(payload) == Header::kError) {
    BRIDGE_ASSIGN_OR_RETURN(driver::ServerError report, parse_report(payload));
    return to_error(std::move(report)).with_sent(Sent::kNo);
  }
  switch (state_) {
    case State::kAwaitGreeting:
      return on_greeting(payload, out);
    case State::kAwaitServerKey: {
      ByteReader reader(payload);
      reader.read_byte();  // a proof's continuation, like all that stands here
      BRIDGE_ASSIGN_OR_RETURN(const std::string proof, driver::encrypt_password(options_.password, scramble_,
                                                                                to_text(reader.read_rest())));
      state_ = State::kAwaitVerdict;
      BRIDGE_RETURN_IF_ERROR(send(out, proof));
      return Kind::kContinue;
    }
    case State::kAwaitSalt:
      return on_salt(payload);
    case State::kAwaitVerdict:
      return on_verdict(payload, out);
    case State::kAwaitTls:
    case State::kAwaitKey:
    case State::kDone:
    case State::kDead:
      break;
  }
  return out_of_step("a message that has no place in a login");
}

Result<Login::Kind> Login::on_greeting(ByteSpan payload, ByteWriter& out) {
  BRIDGE_ASSIGN_OR_RETURN(const Greeting greeting, parse_greeting(payload));
  capabilities_ = greeting.capabilities & kWanted;
  if (greeting.is_mariadb()) capabilities_ &= ~std::uint32_t{kLongPassword};
  if (!options_.database.empty()) capabilities_ |= kConnectWithDatabase;
  mariadb_capabilities_ = greeting.mariadb_capabilities & kWantedOfMariadb;
  if ((capabilities_ & kDeprecateEof) == 0)
    return make_error(ErrorCode::kConnectFailed,
                      "the server is too old: MySQL 5.7 or MariaDB 10.2 is needed");
  scramble_ = greeting.scramble;
  method_ = greeting.method;
  traits_ = {.version = std::string(greeting.version),
             .thread = greeting.thread,
             .is_mariadb = greeting.is_mariadb(),
             .has_extended_metadata = (mariadb_capabilities_ & kExtendedMetadata) != 0,
             .has_cached_metadata = (mariadb_capabilities_ & kCacheMetadata) != 0,
             .has_bulk_execute = (mariadb_capabilities_ & kBulkOperations) != 0};
  if (!options_.asks_for_tls) {
    BRIDGE_RETURN_IF_ERROR(send_response(out));
    return Kind::kContinue;
  }
  if ((greeting.capabilities & kTls) == 0)
    return make_error(ErrorCode::kTls, "the server does not speak TLS, which sslmode demands");
  capabilities_ |= kTls;
  PacketWriter request(out, packets_.sequence());
  BRIDGE_RETURN_IF_ERROR(write_head(out));
  BRIDGE_ASSIGN_OR_RETURN(const std::uint8_t next, request.finish());
  packets_.expect_sequence(next);
  state_ = State::kAwaitTls;
  return Kind::kStartTls;
}

Result<NextAction> Login::on_tls_started(ByteWriter& out) {
  if (state_ != State::kAwaitTls) return out_of_step("TLS started unasked");
  is_encrypted_ = true;
  BRIDGE_RETURN_IF_ERROR(send_response(out));
  return NextAction{};
}

// protocol: MySQL, Protocol::SSLRequest, which is also how a HandshakeResponse41 begins
Status Login::write_head(ByteWriter& out) const {
  out.write_little_endian(capabilities_);
  out.write_little_endian(kMaxPacketSent);
  out.write_byte(kCharset);
  constexpr std::array<std::byte, kResponseReserved> kZeroes{};
  out.write_bytes(kZeroes);
  out.write_little_endian(mariadb_capabilities_);
  return {};
}

Status Login::send_response(ByteWriter& out) {
  auto proof = is_signing(method_) ? Result<std::string>(refuse_method()) : prove();
  if (!proof) {
    // The server's own method need not be the user's: it asks for another if it wants one.
    method_ = kNative;
    proof = prove();
  }
  if (!proof) return std::move(proof).error();
  PacketWriter response(out, packets_.sequence());
  BRIDGE_RETURN_IF_ERROR(write_head(out));
  out.write_c_string(options_.user);
  write_counted(out, *proof);
  if ((capabilities_ & kConnectWithDatabase) != 0) out.write_c_string(options_.database);
  out.write_c_string(method_);
  BRIDGE_ASSIGN_OR_RETURN(const std::uint8_t next, response.finish());
  packets_.expect_sequence(next);
  await_answer(*proof);
  return {};
}

void Login::await_answer(std::string_view proof) {
  state_ = State::kAwaitVerdict;
  if (method_ == kParsec) state_ = State::kAwaitSalt;
  if (method_ == kSha256 && proof == kSha256KeyRequest) state_ = State::kAwaitServerKey;
}

Result<std::string> Login::prove() const {
  if (method_ == kCleartext) {
    if (options_.allows_cleartext && is_encrypted_) return std::string(options_.password.reveal()) + '\0';
    return refuse("the server asks for a clear-text password, which only verified TLS may carry");
  }
  if (method_ == kEd25519) return driver::sign_by_plain_password(options_.password, scramble_);
  const bool is_known =
      method_ == kCachingSha256 || method_ == kSha256 || method_ == kNative || method_ == kParsec;
  if (!is_known) return refuse_method();
  if (method_ == kParsec) return std::string();  // the server gives the salt first
  if (options_.password.is_empty()) return method_ == kSha256 ? std::string(1, '\0') : std::string();
  if (method_ == kCachingSha256) return driver::make_sha256_proof(options_.password, scramble_);
  if (method_ == kNative) return driver::make_sha1_proof(options_.password, scramble_);
  if (is_safe()) return std::string(options_.password.reveal()) + '\0';
  if (!options_.allows_server_key) return refuse_unsafe();
  return std::string(kSha256KeyRequest);
}

Status Login::send(ByteWriter& out, std::string_view proof) {
  PacketWriter packet(out, packets_.sequence());
  out.write_text(proof);
  BRIDGE_ASSIGN_OR_RETURN(const std::uint8_t next, packet.finish());
  packets_.expect_sequence(next);
  return {};
}

Result<Login::Kind> Login::on_verdict(ByteSpan payload, ByteWriter& out) {
  switch (header_of(payload)) {
    case Header::kOk:
      BRIDGE_RETURN_IF_ERROR(parse_ok(payload));
      state_ = State::kDone;
      return Kind::kDone;
    case Header::kEnd:
      BRIDGE_RETURN_IF_ERROR(on_change_of_method(payload, out));
      return Kind::kContinue;
    case Header::kMoreProof:
      return on_more_proof(payload, out);
    case Header::kLocalInfile:
    case Header::kError:
      break;
  }
  return out_of_step("a message that has no place in a login");
}

Status Login::on_change_of_method(ByteSpan payload, ByteWriter& out) {
  ByteReader reader(payload);
  reader.read_byte();  // the caller knows it
  method_ = reader.read_c_string();
  if (reader.has_failed()) return refuse("the server asks for a login method that ended with MySQL 4");
  scramble_ = to_text(reader.read_rest());
  const std::size_t size = is_signing(method_) ? kSignedScramble : kScrambleSize;
  if (scramble_.size() > size) scramble_.resize(size);  // a NUL ends it
  if (scramble_.size() < size && method_ != kCleartext) return out_of_step("a truncated scramble");
  BRIDGE_ASSIGN_OR_RETURN(const std::string proof, prove());
  BRIDGE_RETURN_IF_ERROR(send(out, proof));
  await_answer(proof);
  return {};
}

Result<Login::Kind> Login::on_more_proof(ByteSpan payload, ByteWriter& out) {
  if (method_ != kCachingSha256) return out_of_step("a continuation of a proof that has none");
  BRIDGE_RETURN_IF_ERROR(on_sha256_answer(payload, out));
  return Kind::kContinue;
}

Status Login::on_sha256_answer(ByteSpan payload, ByteWriter& out) {
  ByteReader reader(payload);
  reader.read_byte();  // the caller knows it
  const auto answer = static_cast<char>(reader.read_byte());
  if (!reader.is_at_end()) return out_of_step("a malformed answer to a proof");
  if (answer == kFastProofTaken) return {};
  if (answer != kFullProofWanted) return out_of_step("an unknown answer to a proof");
  return send_password(out);
}

// The whole password, to a server that has not kept it from an earlier login.
Status Login::send_password(ByteWriter& out) {
  if (is_safe()) return send(out, std::string(options_.password.reveal()) + '\0');
  if (!options_.allows_server_key) return refuse_unsafe();
  state_ = State::kAwaitServerKey;
  return send(out, kCachingKeyRequest);
}

Result<Login::Kind> Login::on_salt(ByteSpan payload) {
  ByteReader reader(payload);
  if (header_of(payload) == Header::kMoreProof) reader.read_byte();
  const std::string_view given = to_text(reader.read_rest());
  if (given.size() <= kParsecHead || given.size() > kMaxSaltSize || given.front() != kParsecMark)
    return out_of_step("a malformed salt");
  const auto doublings = static_cast<unsigned char>(given[1]);
  if (doublings > kParsecMostDoublings)
    return refuse("the server asks for too many rounds of key derivation");
  iterations_ = kParsecFirstRounds << doublings;
  salt_ = given.substr(kParsecHead);
  state_ = State::kAwaitKey;
  return Kind::kDeriveKey;
}

Status Login::derive_key() {
  std::string nonce(kSignedScramble, '\0');
  if (!fill_secure_random(std::as_writable_bytes(std::span(nonce)).data(), nonce.size()))
    return make_error(ErrorCode::kInternal, "no secure random numbers");
  BRIDGE_ASSIGN_OR_RETURN(const std::string signature,
                          driver::sign_by_password(options_.password, salt_, iterations_, scramble_ + nonce));
  signature_ = nonce + signature;
  return {};
}

Result<NextAction> Login::on_key_derived(const Status& derived, ByteWriter& out) {
  if (state_ != State::kAwaitKey) return out_of_step("a key derived unasked");
  if (!derived) return derived.error().clone();
  BRIDGE_RETURN_IF_ERROR(send(out, signature_));
  state_ = State::kAwaitVerdict;
  return NextAction{};
}

}  // namespace bridge::mysql::wire
