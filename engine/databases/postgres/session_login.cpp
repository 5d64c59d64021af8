// Servers from PostgreSQL 14 on tell their role while they log a client in; others are asked afterwards.
#include "engine/databases/postgres/session_login.h"

#include <string>
#include <utility>

namespace bridge::postgres {
namespace {

using driver::NextAction;

wire::LoginOptions login_options(const Options& options, const driver::ServerAddress& server) {
  wire::LoginOptions login;
  login.parameters = options.startup;
  login.user = options.user;
  login.password = options.password.clone();
  login.has_password = options.has_password;
  login.asks_for_tls = server.has_tls() && !server.starts_with_tls;
  login.allowed = options.allowed;
  login.binding = options.binding;
  return login;
}

/// The role, where the server told it.
std::optional<wire::ServerRole> told_role(const std::map<std::string, std::string>& parameters) {
  const auto standby = parameters.find("in_hot_standby");
  const auto read_only = parameters.find("default_transaction_read_only");
  if (standby == parameters.end() || read_only == parameters.end()) return std::nullopt;
  const bool is_standby = standby->second == "on";
  return wire::ServerRole{is_standby, is_standby || read_only->second == "on"};
}

std::string describe(const wire::ServerRole& role) {
  if (role.is_standby) return "it is a standby";
  return role.is_read_only ? "it is a primary set read-only" : "it is a primary that takes writes";
}

}  // namespace

SessionLogin::SessionLogin(std::shared_ptr<const Options> options, const driver::ServerAddress& server,
                           bool accepts_any)
    : options_(std::move(options)), accepts_any_(accepts_any), login_(login_options(*options_, server)) {}

Result<NextAction> SessionLogin::begin(std::vector<std::byte> binding, ByteWriter& out) {
  if (!binding.empty()) login_.set_channel_binding(std::move(binding));
  return login_.begin(out);
}

Result<NextAction> SessionLogin::on_tls_started(std::vector<std::byte> binding, ByteWriter& out) {
  return login_.on_tls_started(std::move(binding), out);
}

Result<NextAction> SessionLogin::on_key_derived(const Status& derived, ByteWriter& out) {
  return login_.on_key_derived(derived, out);
}

Result<NextAction> SessionLogin::on_bytes(ByteSpan received, ByteWriter& out) {
  if (question_) return on_answer(received);
  BRIDGE_ASSIGN_OR_RETURN(NextAction action, login_.on_bytes(received, out));
  if (action.kind != NextAction::Kind::kDone) return action;
  if (options_->check_server != nullptr)
    BRIDGE_RETURN_IF_ERROR(options_->check_server(login_.server_parameters()));
  if (accepts_any_) return action;
  if (const auto role = told_role(login_.server_parameters())) {
    BRIDGE_RETURN_IF_ERROR(check_role(*role));
    return action;
  }
  question_.emplace();
  BRIDGE_RETURN_IF_ERROR(question_->begin(out));
  action.kind = NextAction::Kind::kContinue;
  return action;
}

Result<NextAction> SessionLogin::on_answer(ByteSpan received) {
  BRIDGE_ASSIGN_OR_RETURN(const NextAction action, question_->on_bytes(received));
  if (action.kind == NextAction::Kind::kDone) BRIDGE_RETURN_IF_ERROR(check_role(question_->role()));
  return action;
}

Status SessionLogin::check_role(const wire::ServerRole& role) const {
  if (is_wanted(role)) return {};
  return make_error(ErrorCode::kConnectFailed, describe(role) + ", target_session_attrs asks for " +
                                                   std::string(to_word(options_->target)));
}

bool SessionLogin::is_wanted(const wire::ServerRole& role) const {
  switch (options_->target) {
    case SessionTarget::kAny:
      return true;
    case SessionTarget::kReadWrite:
      return !role.is_read_only;
    case SessionTarget::kReadOnly:
      return role.is_read_only;
    case SessionTarget::kPrimary:
      return !role.is_standby;
    case SessionTarget::kStandby:
    case SessionTarget::kPreferStandby:
      return role.is_standby;
  }
  return false;
}

}  // namespace bridge::postgres
