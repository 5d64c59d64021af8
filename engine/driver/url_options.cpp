// Options by libpq's names for every database, except that nothing here means "if possible".
#include "engine/driver/url_options.h"

#include <charconv>
#include <optional>

namespace bridge::driver {
namespace {

using Tls = net::TlsMode;

constexpr std::string_view kDefaultHost = "127.0.0.1";
constexpr int kLongestTimeoutSeconds = 3'600;  // an hour: beyond it is a mistake
constexpr std::array<OptionWord<Tls>, 4> kTlsModes{{{"disable", Tls::kDisable},
                                                    {"require", Tls::kRequire},
                                                    {"verify-ca", Tls::kVerifyCa},
                                                    {"verify-full", Tls::kVerifyFull}}};

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

/// What the URL asks of TLS, before it is known which host it is for.
struct TlsWish {
  std::optional<Tls> mode;
  net::TlsOptions files;
  std::string address;  ///< of the only host
};

Result<ServerAddress> make_server(const Endpoint& endpoint, const TlsWish& wish, const UrlOptions& options,
                                  const ServerDefaults& defaults) {
  ServerAddress server;
  server.address.port = endpoint.port == 0 ? defaults.port : endpoint.port;
  server.tls = wish.files;
  if (endpoint.host.starts_with('/')) {
    server.address.unix_path = defaults.socket_path(endpoint.host, server.address.port);
    if (wish.mode.value_or(Tls::kDisable) != Tls::kDisable || defaults.needs_tls)
      return options.refuse("there is no TLS over a Unix socket; leave sslmode out");
    return server;
  }
  server.address.host = wish.address.empty() ? endpoint.host : wish.address;
  server.tls.host_name = endpoint.host;
  const bool is_trusted = is_loopback(endpoint.host) && !defaults.needs_tls;
  server.tls.mode = wish.mode.value_or(is_trusted ? Tls::kDisable : Tls::kVerifyFull);
  return server;
}

}  // namespace

std::string UrlOptions::take(const std::string& name, std::string fallback) {
  known_.insert(name);
  const auto found = url_.options.find(name);
  return found == url_.options.end() ? std::move(fallback) : found->second;
}

Result<Duration> UrlOptions::take_seconds(const std::string& name) {
  const std::string text = take(name);
  if (text.empty()) return Duration::zero();
  int seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failure != std::errc() || end != text.data() + text.size() || seconds < 1 ||
      seconds > kLongestTimeoutSeconds) {
    return refuse("the option " + name + " is not a number of seconds from 1 to " +
                  std::to_string(kLongestTimeoutSeconds));
  }
  return Duration(std::chrono::seconds(seconds));
}

Status UrlOptions::refuse_others() const {
  for (const auto& [name, value] : url_.options) {
    if (!known_.contains(name)) return refuse("the option " + name + " is not known");
  }
  return {};
}

Error UrlOptions::refuse(std::string_view reason) const {
  return make_error(ErrorCode::kConfiguration, std::string(product_) + " URL: " + std::string(reason));
}

Result<std::vector<ServerAddress>> read_servers(UrlOptions& options, const ServerDefaults& defaults) {
  TlsWish wish;
  BRIDGE_ASSIGN_OR_RETURN(const Tls mode, options.choose("sslmode", kTlsModes, Tls::kDisable));
  if (options.has("sslmode")) wish.mode = mode;
  if (wish.mode == Tls::kDisable && defaults.needs_tls)
    return options.refuse("it is reached over TLS only; leave sslmode=disable out");
  wish.files.root_certificates = options.take("sslrootcert");
  if (wish.files.root_certificates == "system") wish.files.root_certificates.clear();
  wish.files.client_certificate = options.take("sslcert");
  wish.files.client_key = options.take("sslkey");
  wish.address = options.take("hostaddr");
  auto endpoints = options.url().endpoints;
  if (!wish.address.empty() && endpoints.size() != 1)
    return options.refuse("hostaddr is the address of one host; name one");
  if (endpoints.empty()) endpoints.push_back({std::string(kDefaultHost), 0});
  std::vector<ServerAddress> servers;
  for (const Endpoint& endpoint : endpoints) {
    BRIDGE_ASSIGN_OR_RETURN(ServerAddress server, make_server(endpoint, wish, options, defaults));
    servers.push_back(std::move(server));
  }
  return servers;
}

}  // namespace bridge::driver
