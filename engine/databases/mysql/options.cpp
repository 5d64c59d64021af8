// What MySQL has beside the options of every URL.
#include "engine/databases/mysql/options.h"

#include <array>
#include <string_view>
#include <utility>

#include "engine/databases/mysql/wire/constants.h"

namespace bridge::mysql {
namespace {

constexpr std::array<driver::OptionWord<bool>, 2> kSwitches{{{"on", true}, {"off", false}}};

std::string socket_path(const std::string& folder, std::uint16_t) { return folder + "/mysqld.sock"; }

bool is_verified(const driver::ServerAddress& server) {
  return server.tls.mode == net::TlsMode::kVerifyCa || server.tls.mode == net::TlsMode::kVerifyFull;
}

}  // namespace

Result<Options> Options::from_url(const driver::ConnectionUrl& url, const Flavour& flavour) {
  driver::UrlOptions reader(url, flavour.product);
  BRIDGE_ASSIGN_OR_RETURN(Options options, read(reader, flavour));
  BRIDGE_RETURN_IF_ERROR(reader.refuse_others());
  return options;
}

Result<Options> Options::read(driver::UrlOptions& reader, const Flavour& flavour) {
  const driver::ConnectionUrl& url = reader.url();
  if (url.user.empty()) return reader.refuse("it names no user");
  if (url.database.find('/') != std::string::npos) return reader.refuse("the database's name holds a slash");
  Options options;
  options.flavour = flavour;
  options.user = url.user;
  options.password = url.password.clone();
  options.database = url.database;
  BRIDGE_ASSIGN_OR_RETURN(options.allows_server_key, reader.choose("allow_server_key", kSwitches, false));
  BRIDGE_ASSIGN_OR_RETURN(options.allows_cleartext, reader.choose("allow_cleartext", kSwitches, false));
  BRIDGE_ASSIGN_OR_RETURN(options.server_timeout, reader.take_seconds("connect_timeout"));
  const std::string socket = reader.take("socket");
  BRIDGE_ASSIGN_OR_RETURN(options.servers,
                          read_servers(reader, {wire::kDefaultPort, socket_path, flavour.needs_tls}));
  if (!socket.empty() && flavour.needs_tls) return reader.refuse("it is reached over TLS only");
  if (!socket.empty()) {
    if (!socket.starts_with('/') || !url.endpoints.empty())
      return reader.refuse("the option socket is an absolute path, and then no host is named");
    options.servers.resize(1);
    options.servers.front() = driver::ServerAddress();
    options.servers.front().address.unix_path = socket;
  }
  for (const driver::ServerAddress& server : options.servers) {
    if (options.allows_cleartext && !is_verified(server))
      return reader.refuse("allow_cleartext needs sslmode=verify-full or verify-ca");
  }
  return options;
}

}  // namespace bridge::mysql
