// Options by libpq's names where libpq has them, except that nothing here means "if possible".
#include "engine/databases/postgres/options.h"

#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace bridge::postgres {
namespace {

constexpr std::uint16_t kDefaultPort = 5432;
constexpr std::string_view kDefaultHost = "127.0.0.1";
constexpr int kLongestTimeoutSeconds = 3'600;               // an hour: beyond it is a mistake
constexpr std::string_view kDirectProtocol = "postgresql";  // protocol: ALPN name, 55.2.10

Error refuse(std::string_view reason) {
  return make_error(ErrorCode::kConfiguration, "PostgreSQL URL: " + std::string(reason));
}

/// Looks options up and remembers which nobody asked for.
class OptionReader {
 public:
  explicit OptionReader(const driver::ConnectionUrl& url) : url_(url) {}

  std::string take(const std::string& name, std::string fallback = {}) {
    known_.insert(name);
    const auto found = url_.options.find(name);
    return found == url_.options.end() ? std::move(fallback) : found->second;
  }

  template <typename Choice, std::size_t kSize>
  Result<Choice> choose(const std::string& name,
                        const std::array<std::pair<std::string_view, Choice>, kSize>& choices,
                        Choice fallback) {
    const std::string text = take(name);
    if (text.empty()) return fallback;
    for (const auto& [word, choice] : choices) {
      if (word == text) return choice;
    }
    return refuse("the option " + name + " has a value that is not known");
  }

  Status refuse_others() const {
    for (const auto& [name, value] : url_.options) {
      if (!known_.contains(name)) return refuse("the option " + name + " is not known");
    }
    return {};
  }

 private:
  const driver::ConnectionUrl& url_;
  std::set<std::string> known_;
};

using Tls = net::TlsMode;
using Binding = wire::BindingPolicy;
template <typename Meaning>
using Word = std::pair<std::string_view, Meaning>;
constexpr std::array<Word<Tls>, 4> kTlsModes{{{"disable", Tls::kDisable},
                                              {"require", Tls::kRequire},
                                              {"verify-ca", Tls::kVerifyCa},
                                              {"verify-full", Tls::kVerifyFull}}};
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

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

Result<wire::AllowedLogins> parse_required(const std::string& text) {
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
      return refuse("the option require_auth names a method that is not known");
    if (comma == std::string_view::npos) return allowed;
    rest.remove_prefix(comma + 1);
  }
}

Result<Duration> parse_timeout(const std::string& text) {
  if (text.empty()) return Duration::zero();
  int seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failure != std::errc() || end != text.data() + text.size() || seconds < 1 ||
      seconds > kLongestTimeoutSeconds) {
    return refuse("the option connect_timeout is not a number of seconds from 1 to " +
                  std::to_string(kLongestTimeoutSeconds));
  }
  return Duration(std::chrono::seconds(seconds));
}

/// What the URL asks of TLS, before it is known which host it is for.
struct TlsWish {
  std::optional<Tls> mode;
  net::TlsOptions files;
};

Result<ServerAddress> make_server(const driver::Endpoint& endpoint, const TlsWish& wish) {
  ServerAddress server;
  server.address.port = endpoint.port == 0 ? kDefaultPort : endpoint.port;
  server.tls = wish.files;
  if (endpoint.host.starts_with('/')) {
    server.address.unix_path = endpoint.host + "/.s.PGSQL." + std::to_string(server.address.port);
    if (wish.mode.value_or(Tls::kDisable) != Tls::kDisable)
      return refuse("there is no TLS over a Unix socket; leave sslmode out");
    return server;
  }
  server.address.host = endpoint.host;
  server.tls.host_name = endpoint.host;
  server.tls.mode = wish.mode.value_or(is_loopback(endpoint.host) ? Tls::kDisable : Tls::kVerifyFull);
  return server;
}

Status read_tls(const driver::ConnectionUrl& url, OptionReader& reader, Options& options) {
  TlsWish wish;
  BRIDGE_ASSIGN_OR_RETURN(const Tls mode, reader.choose("sslmode", kTlsModes, Tls::kDisable));
  if (url.options.contains("sslmode")) wish.mode = mode;
  wish.files.root_certificates = reader.take("sslrootcert");
  if (wish.files.root_certificates == "system") wish.files.root_certificates.clear();
  wish.files.client_certificate = reader.take("sslcert");
  wish.files.client_key = reader.take("sslkey");
  BRIDGE_ASSIGN_OR_RETURN(options.uses_direct_tls, reader.choose("sslnegotiation", kNegotiations, false));
  if (options.uses_direct_tls) wish.files.alpn = kDirectProtocol;

  auto endpoints = url.endpoints;
  if (endpoints.empty()) endpoints.push_back({std::string(kDefaultHost), 0});
  for (const driver::Endpoint& endpoint : endpoints) {
    BRIDGE_ASSIGN_OR_RETURN(ServerAddress server, make_server(endpoint, wish));
    if (options.uses_direct_tls && server.tls.mode == Tls::kDisable)
      return refuse("sslnegotiation=direct needs sslmode");
    if (options.binding == Binding::kRequire && server.tls.mode == Tls::kDisable) {
      return refuse("channel_binding=require needs TLS");
    }
    options.servers.push_back(std::move(server));
  }
  return {};
}

void fill_startup(const driver::ConnectionUrl& url, OptionReader& reader, Options& options) {
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

std::string ServerAddress::name() const {
  return address.unix_path.empty() ? address.host + ":" + std::to_string(address.port) : address.unix_path;
}

Result<Options> Options::from_url(const driver::ConnectionUrl& url) {
  if (url.user.empty()) return refuse("it names no user");
  if (url.database.find('/') != std::string::npos) return refuse("the database's name holds a slash");
  OptionReader reader(url);
  Options options;
  options.user = url.user;
  options.password = url.password.clone();
  options.has_password = url.has_password;
  BRIDGE_ASSIGN_OR_RETURN(options.allowed, parse_required(reader.take("require_auth")));
  BRIDGE_ASSIGN_OR_RETURN(options.binding, reader.choose("channel_binding", kBindings, Binding::kPrefer));
  BRIDGE_ASSIGN_OR_RETURN(options.target,
                          reader.choose("target_session_attrs", kTargets, SessionTarget::kAny));
  BRIDGE_ASSIGN_OR_RETURN(options.server_timeout, parse_timeout(reader.take("connect_timeout")));
  BRIDGE_ASSIGN_OR_RETURN(options.has_session_per_transaction, reader.choose("pool_mode", kPoolModes, false));
  BRIDGE_ASSIGN_OR_RETURN(options.keeps_prepared, reader.choose("prepared_statements", kSwitches,
                                                                !options.has_session_per_transaction));
  BRIDGE_RETURN_IF_ERROR(read_tls(url, reader, options));
  fill_startup(url, reader, options);
  BRIDGE_RETURN_IF_ERROR(reader.refuse_others());
  return options;
}

}  // namespace bridge::postgres
