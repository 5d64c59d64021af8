// What PostgreSQL has beside the options of every URL, by libpq's names.
#include "engine/databases/postgres/options.h"

#include <array>
#include <string_view>
#include <utility>

#include "engine/driver/url_options.h"

namespace bridge::postgres {
namespace {

constexpr std::string_view kProduct = "PostgreSQL";
constexpr std::string_view kDirectProtocol = "postgresql";  // protocol: ALPN name, 55.2.10

using Binding = wire::BindingPolicy;
template <typename Meaning>
using Word = driver::OptionWord<Meaning>;
constexpr std::array<Word<SessionTarget>, 6> kTargets{{{"any", SessionTarget::kAny},
                                                       {"read-write", SessionTarget::kReadWrite},
                                                       {"read-only", SessionTarget::kReadOnly},
                                                       {"primary", SessionTarget::kPrimary},
                                                       {"standby", SessionTarget::kStandby},
                                                       {"prefer-standby", SessionTarget::kPreferStandby}}};
constexpr std::array<Word<Binding>, 3> kBindings{
    {{"disable", Binding::kDisable}, {"prefer", Binding::kPrefer}, {"require", Binding::kRequire}}};
constexpr std::array<Word<bool>, 2> kNegotiations{{{"postgres", false}, {"direct", true}}};
constexpr std::array<Word<bool>, 2> kPoolModes{{{"session", false}, {"transaction", true}}};
constexpr std::array<Word<bool>, 2> kSwitches{{{"on", true}, {"off", false}}};

Result<wire::AllowedLogins> parse_required(driver::UrlOptions& reader) {
  const std::string text = reader.take("require_auth");
  wire::AllowedLogins allowed;
  if (text.empty()) return allowed;
  allowed = {.none = false, .scram = false, .md5 = false, .cleartext = false};
  std::string_view rest = text;
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string_view method = rest.substr(0, comma);
    if (method == "scram-sha-256")
      allowed.scram = true;
    else if (method == "md5")
      allowed.md5 = true;
    else if (method == "password")
      allowed.cleartext = true;
    else if (method == "none")
      allowed.none = true;
    else
      return reader.refuse("the option require_auth names a method that is not known");
    if (comma == std::string_view::npos) return allowed;
    rest.remove_prefix(comma + 1);
  }
}

std::string socket_path(const std::string& folder, std::uint16_t port) {
  return folder + "/.s.PGSQL." + std::to_string(port);
}

Status read_tls(driver::UrlOptions& reader, const OptionDefaults& defaults, Options& options) {
  BRIDGE_ASSIGN_OR_RETURN(options.servers,
                          read_servers(reader, {defaults.port, socket_path, defaults.needs_tls}));
  BRIDGE_ASSIGN_OR_RETURN(const bool is_direct, reader.choose("sslnegotiation", kNegotiations, false));
  for (driver::ServerAddress& server : options.servers) {
    server.starts_with_tls = is_direct;
    if (is_direct) server.tls.alpn = kDirectProtocol;
    if (is_direct && !server.has_tls()) return reader.refuse("sslnegotiation=direct needs sslmode");
    if (options.binding == Binding::kRequire && !server.has_tls())
      return reader.refuse("channel_binding=require needs TLS");
  }
  return {};
}

void fill_startup(const driver::ConnectionUrl& url, driver::UrlOptions& reader, Options& options) {
  options.startup = {{"user", url.user},
                     {"client_encoding", "UTF8"},
                     {"DateStyle", "ISO"},
                     {"TimeZone", "UTC"},
                     {"application_name", reader.take("application_name", "bridgeorm")}};
  // PgBouncer before 1.20 refuses logins that set what it does not track.
  if (!options.has_session_per_transaction) options.startup.emplace_back("IntervalStyle", "postgres");
  if (!url.database.empty()) options.startup.emplace_back("database", url.database);
  const std::string settings = reader.take("options");
  if (!settings.empty()) options.startup.emplace_back("options", settings);
}

}  // namespace

std::string_view to_word(SessionTarget target) {
  for (const auto& [word, meaning] : kTargets) {
    if (meaning == target) return word;
  }
  return {};
}

Result<Options> Options::from_url(const driver::ConnectionUrl& url) {
  driver::UrlOptions reader(url, kProduct);
  BRIDGE_ASSIGN_OR_RETURN(Options options, read(reader, {}));
  BRIDGE_RETURN_IF_ERROR(reader.refuse_others());
  return options;
}

Result<Options> Options::read(driver::UrlOptions& reader, const OptionDefaults& defaults) {
  const driver::ConnectionUrl& url = reader.url();
  if (url.user.empty()) return reader.refuse("it names no user");
  if (url.database.find('/') != std::string::npos) return reader.refuse("the database's name holds a slash");
  Options options;
  options.user = url.user;
  options.password = url.password.clone();
  options.has_password = url.has_password;
  BRIDGE_ASSIGN_OR_RETURN(options.allowed, parse_required(reader));
  BRIDGE_ASSIGN_OR_RETURN(options.binding, reader.choose("channel_binding", kBindings, defaults.binding));
  BRIDGE_ASSIGN_OR_RETURN(options.target,
                          reader.choose("target_session_attrs", kTargets, SessionTarget::kAny));
  BRIDGE_ASSIGN_OR_RETURN(options.server_timeout, reader.take_seconds("connect_timeout"));
  if (options.server_timeout == Duration::zero()) options.server_timeout = defaults.server_timeout;
  BRIDGE_ASSIGN_OR_RETURN(options.has_session_per_transaction,
                          reader.choose("pool_mode", kPoolModes, defaults.has_session_per_transaction));
  // Who asks for a pooler by name is told nothing of how it treats prepared statements.
  const bool is_known_pooler = defaults.has_session_per_transaction && defaults.keeps_prepared;
  const bool keeps_prepared = !options.has_session_per_transaction || is_known_pooler;
  BRIDGE_ASSIGN_OR_RETURN(options.keeps_prepared,
                          reader.choose("prepared_statements", kSwitches, keeps_prepared));
  options.read_error = defaults.read_error;
  options.check_server = defaults.check_server;
  BRIDGE_RETURN_IF_ERROR(read_tls(reader, defaults, options));
  fill_startup(url, reader, options);
  return options;
}

}  // namespace bridge::postgres
