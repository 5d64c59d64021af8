// protocol: 55.2.1 Start-up, 55.2.10 TLS Session Encryption, 55.3 SASL Authentication
#include "engine/databases/postgres/wire/login.h"

#include <utility>

#include "engine/databases/postgres/error_map.h"

namespace bridge::postgres::wire {
namespace {

using driver::NextAction;
using Kind = NextAction::Kind;

constexpr std::string_view kScram = "SCRAM-SHA-256";
constexpr std::string_view kScramPlus = "SCRAM-SHA-256-PLUS";
constexpr std::size_t kMd5SaltSize = 4;
constexpr std::size_t kMaxServerParameters = 128;  // servers report about fifteen

Error refuse(std::string_view reason) { return make_error(ErrorCode::kAuthentication, std::string(reason)); }

Error refuse_method(std::string_view method) {
  return refuse("the server asks for " + std::string(method) + ", which require_auth does not allow");
}

}  // namespace

Result<NextAction> Login::begin(ByteWriter& out) {
  if (!options_.asks_for_tls) return send_startup(out);
  write_tls_request(out);
  state_ = State::kAwaitTlsAnswer;
  return NextAction{};
}

Result<NextAction> Login::send_startup(ByteWriter& out) {
  BRIDGE_RETURN_IF_ERROR(write_startup(out, options_.parameters));
  state_ = State::kAwaitRequest;
  return NextAction{};
}

void Login::set_channel_binding(std::vector<std::byte> binding) {
  is_encrypted_ = true;
  binding_ = std::move(binding);
}

Result<NextAction> Login::on_tls_started(std::vector<std::byte> binding, ByteWriter& out) {
  if (state_ != State::kAwaitTls) return out_of_step("TLS started unasked");
  set_channel_binding(std::move(binding));
  return send_startup(out);
}

Result<NextAction> Login::on_tls_answer(ByteSpan received) {
  if (received.empty()) return NextAction{};
  const auto answer = static_cast<char>(received[0]);
  if (answer == kTlsRefused)
    return make_error(ErrorCode::kTls, "the server does not speak TLS, which sslmode demands");
  // What an unauthenticated peer says before TLS decides nothing and is shown to nobody.
  if (answer != kTlsAccepted)
    return make_error(ErrorCode::kTls, "the server did not answer the request for TLS");
  if (received.size() > 1) return make_error(ErrorCode::kTls, "the server sent bytes before TLS was started");
  state_ = State::kAwaitTls;
  return NextAction{Kind::kStartTls, 1};
}

Result<NextAction> Login::on_bytes(ByteSpan received, ByteWriter& out) {
  if (state_ == State::kAwaitTlsAnswer) return on_tls_answer(received);
  NextAction action;
  while (action.kind == Kind::kContinue) {
    auto next = next_message(received.subspan(action.consumed), kMaxLoginBytes);
    if (!next) return std::move(next).error();
    if (!next->has_value()) return action;
    action.consumed += (*next)->size;
    auto kind = on_message(**next, out);
    if (!kind) {
      state_ = State::kDead;
      return std::move(kind).error();
    }
    action.kind = *kind;
  }
  return action;
}

Result<Kind> Login::on_message(const Message& message, ByteWriter& out) {
  if (message.type == Backend::kError) {
    BRIDGE_ASSIGN_OR_RETURN(driver::ServerError report, parse_server_error(message.body));
    return to_error(std::move(report)).with_sent(Sent::kNo);
  }
  if (message.type == Backend::kNotice) return Kind::kContinue;
  if (state_ == State::kAwaitReady) return on_session_message(message);
  if (message.type == Backend::kAuthentication) return on_authentication(message.body, out);
  return out_of_step("a message that has no place in a login");
}

Result<Kind> Login::on_authentication(ByteSpan body, ByteWriter& out) {
  ByteReader reader(body);
  const auto kind = static_cast<Authentication>(reader.read_big_endian<std::int32_t>());
  if (reader.has_failed()) return out_of_step("a truncated login message");
  if (kind == Authentication::kOk && reader.is_at_end()) {
    BRIDGE_RETURN_IF_ERROR(on_ok());
    return Kind::kContinue;
  }
  if (kind == Authentication::kSaslContinue && state_ == State::kAwaitScramFirst) {
    BRIDGE_RETURN_IF_ERROR(scram_->accept_first(to_text(reader.read_rest())));
    state_ = State::kAwaitKey;
    return Kind::kDeriveKey;
  }
  if (kind == Authentication::kSaslFinal && state_ == State::kAwaitScramFinal) {
    BRIDGE_RETURN_IF_ERROR(scram_->accept_final(to_text(reader.read_rest())));
    state_ = State::kAwaitOk;
    return Kind::kContinue;
  }
  if (state_ != State::kAwaitRequest) return out_of_step("a login message out of order");
  BRIDGE_RETURN_IF_ERROR(on_request(kind, reader, out));
  return Kind::kContinue;
}

Status Login::on_ok() {
  if (state_ == State::kAwaitRequest) {
    if (!options_.allowed.none)
      return refuse("the server asks for no proof of identity, which require_auth demands");
  } else if (state_ != State::kAwaitOk) {
    return refuse("the server ended the login before it proved its identity");
  }
  if (options_.binding == BindingPolicy::kRequire && !used_binding_) {
    return refuse("the server's login cannot be bound to the TLS session, which channel_binding demands");
  }
  state_ = State::kAwaitReady;
  return {};
}

Status Login::check_password() const {
  if (options_.has_password) return {};
  return refuse("the server asks for a password and the URL has none");
}

Status Login::on_request(Authentication kind, ByteReader& reader, ByteWriter& out) {
  if (kind == Authentication::kSasl) return begin_scram(reader, out);
  if (options_.binding == BindingPolicy::kRequire) {
    return refuse("the server's login cannot be bound to the TLS session, which channel_binding demands");
  }
  if (kind == Authentication::kCleartext && reader.is_at_end()) {
    if (!options_.allowed.cleartext) return refuse_method("a clear-text password");
    BRIDGE_RETURN_IF_ERROR(check_password());
    state_ = State::kAwaitOk;
    return write_password(out, options_.password);
  }
  if (kind == Authentication::kMd5 && reader.remaining() == kMd5SaltSize) {
    if (!options_.allowed.md5) return refuse_method("an MD5 password");
    BRIDGE_RETURN_IF_ERROR(check_password());
    BRIDGE_ASSIGN_OR_RETURN(const std::string answer,
                            driver::make_md5_answer(options_.user, options_.password, reader.read_rest()));
    state_ = State::kAwaitOk;
    return write_md5_answer(out, answer);
  }
  return refuse("the server asks for a login method that is not known here");
}

Status Login::begin_scram(ByteReader& reader, ByteWriter& out) {
  bool offers_plain = false;
  bool offers_plus = false;
  while (true) {
    const std::string_view mechanism = reader.read_c_string();
    if (reader.has_failed()) return out_of_step("a truncated list of login mechanisms");
    if (mechanism.empty()) break;
    offers_plain = offers_plain || mechanism == kScram;
    offers_plus = offers_plus || mechanism == kScramPlus;
  }
  if (!reader.is_at_end()) return out_of_step("a malformed list of login mechanisms");
  if (!options_.allowed.scram) return refuse_method("SCRAM");
  BRIDGE_RETURN_IF_ERROR(check_password());

  const bool can_bind = is_encrypted_ && !binding_.empty() && options_.binding != BindingPolicy::kDisable;
  used_binding_ = can_bind && offers_plus;
  if (!used_binding_ && options_.binding == BindingPolicy::kRequire) {
    return refuse("the login cannot be bound to the TLS session, which channel_binding demands");
  }
  if (!used_binding_ && !offers_plain)
    return refuse("the server offers no login mechanism that is known here");
  const auto mode = used_binding_ ? driver::ChannelBinding::kEndPoint
                    : can_bind    ? driver::ChannelBinding::kNotOffered
                                  : driver::ChannelBinding::kUnsupported;
  BRIDGE_ASSIGN_OR_RETURN(std::string nonce, driver::make_scram_nonce());
  scram_.emplace(mode, used_binding_ ? binding_ : std::vector<std::byte>(), std::move(nonce));
  state_ = State::kAwaitScramFirst;
  return write_sasl_initial(out, used_binding_ ? kScramPlus : kScram, scram_->first_message());
}

Result<NextAction> Login::on_key_derived(const Status& derived, ByteWriter& out) {
  if (state_ != State::kAwaitKey) return out_of_step("a key derived unasked");
  if (!derived) return derived.error().clone();
  BRIDGE_RETURN_IF_ERROR(write_sasl_response(out, scram_->final_message()));
  state_ = State::kAwaitScramFinal;
  return NextAction{};
}

Result<Kind> Login::on_session_message(const Message& message) {
  switch (message.type) {
    case Backend::kParameterStatus: {
      BRIDGE_ASSIGN_OR_RETURN(const ParameterStatus status, parse_parameter_status(message.body));
      if (server_parameters_.size() == kMaxServerParameters)
        return out_of_step("a flood of session parameters");
      server_parameters_[std::string(status.name)] = std::string(status.value);
      return Kind::kContinue;
    }
    case Backend::kBackendKey: {
      BRIDGE_ASSIGN_OR_RETURN(key_, parse_backend_key(message.body));
      return Kind::kContinue;
    }
    case Backend::kReady: {
      BRIDGE_ASSIGN_OR_RETURN(const TransactionStatus status, parse_ready(message.body));
      if (status != TransactionStatus::kIdle)
        return out_of_step("a session that begins inside a transaction");
      BRIDGE_RETURN_IF_ERROR(check_session());
      state_ = State::kDone;
      return Kind::kDone;
    }
    default:  // everything else, known or not, has no place here
      return out_of_step("a message that has no place in a login");
  }
}

Status Login::check_session() const {
  const auto encoding = server_parameters_.find("client_encoding");
  if (encoding != server_parameters_.end() && encoding->second != "UTF8") {
    return make_error(ErrorCode::kConfiguration, "the server does not speak UTF-8 with this session");
  }
  const auto integers = server_parameters_.find("integer_datetimes");
  if (integers != server_parameters_.end() && integers->second != "on") {
    return make_error(ErrorCode::kConfiguration,
                      "the server keeps times as floating point, which is not supported");
  }
  return {};
}

}  // namespace bridge::postgres::wire
