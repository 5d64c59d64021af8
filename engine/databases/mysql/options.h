// What a MySQL URL asks for, checked once; from then on nobody reads the URL.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/base/secret.h"
#include "engine/driver/connection_url.h"
#include "engine/driver/server_address.h"

namespace bridge::mysql {

/// Who must answer at the other end.
enum class ServerFamily : std::uint8_t { kAny, kMysql, kMariadb };

/// Everything a connection needs to know. Immutable; move only.
struct Options {
  std::vector<driver::ServerAddress> servers;
  std::string user;
  Secret password;
  std::string database;
  /// Most a single server of the list may take; zero = its share of the whole time
  Duration server_timeout{0};
  ServerFamily family = ServerFamily::kAny;
  bool allows_server_key = false;  ///< see wire::LoginOptions
  bool allows_cleartext = false;   ///< only ever over TLS that is verified

  /// kConfiguration for options that are unknown or contradict each other; values are never quoted.
  static Result<Options> from_url(const driver::ConnectionUrl& url);
};

}  // namespace bridge::mysql
