// The login's last word is followed by one statement.
#include "engine/databases/mysql/session_login.h"

#include <string>
#include <utility>

#include "engine/databases/mysql/server_check.h"

namespace bridge::mysql {
namespace {

using driver::NextAction;

constexpr wire::Tag kSettings = 1;

wire::LoginOptions login_options(const Options& options, const driver::ServerAddress& server) {
  wire::LoginOptions login;
  login.user = options.user;
  login.password = options.password.clone();
  login.database = options.database;
  login.asks_for_tls = server.has_tls();
  login.is_private = !server.address.unix_path.empty();
  login.allows_cleartext = options.allows_cleartext;
  login.allows_server_key = options.allows_server_key;
  return login;
}

}  // namespace

std::string session_settings(const wire::SessionTraits& traits, const Flavour& flavour) {
  if (!flavour.whole_settings.empty()) return std::string(flavour.whole_settings);
  std::string settings = "SET NAMES utf8mb4 COLLATE utf8mb4_bin, time_zone = '+00:00', sql_mode = '";
  // MariaDB does not know which columns follow from a key; our own look at the query has to do there.
  if (!traits.is_mariadb) settings += "ONLY_FULL_GROUP_BY,";
  settings +=
      "STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
      "NO_ENGINE_SUBSTITUTION,NO_BACKSLASH_ESCAPES', "
      // longer joined texts would be cut, quotients and averages rounded, counts told in other words
      "group_concat_max_len = 1073741824, div_precision_increment = 16, lc_messages = 'en_US'";
  // A recursion of more rows would be cut short by MariaDB, and end with an error on MySQL.
  if (traits.is_mariadb) return settings + ", max_recursive_iterations = 4294967295";
  settings += ", cte_max_recursion_depth = 4294967295";
  // The second format of plans says nothing of writes; servers before 8.3 have the first one alone.
  settings += " /*!80300 , explain_json_format_version = 1 */";
  return settings;
}

SessionLogin::SessionLogin(const Options& options, const driver::ServerAddress& server)
    : flavour_(options.flavour), login_(login_options(options, server)) {}

Result<NextAction> SessionLogin::on_tls_started(std::vector<std::byte>, ByteWriter& out) {
  return login_.on_tls_started(out);
}

Result<NextAction> SessionLogin::on_key_derived(const Status& derived, ByteWriter& out) {
  return login_.on_key_derived(derived, out);
}

Result<NextAction> SessionLogin::on_bytes(ByteSpan received, ByteWriter& out) {
  if (replies_) {
    BRIDGE_ASSIGN_OR_RETURN(const std::size_t consumed, replies_->receive(received));
    return NextAction{replies_->is_idle() ? NextAction::Kind::kDone : NextAction::Kind::kContinue, consumed};
  }
  BRIDGE_ASSIGN_OR_RETURN(NextAction action, login_.on_bytes(received, out));
  if (action.kind != NextAction::Kind::kDone) return action;
  BRIDGE_RETURN_IF_ERROR(check_server(login_.traits(), flavour_.family));
  wire::ReplyObserver& observer = *this;
  replies_.emplace(observer, wire::Replies::Form{});
  BRIDGE_RETURN_IF_ERROR(replies_->query(out, kSettings, session_settings(login_.traits(), flavour_)));
  action.kind = NextAction::Kind::kContinue;
  return action;
}

Status SessionLogin::on_failed(wire::Tag, driver::ServerError report) {
  return flavour_.translate(std::move(report));
}

}  // namespace bridge::mysql
