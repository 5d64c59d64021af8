// What a MySQL URL asks for, checked once; from then on nobody reads the URL.
#pragma once

#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/base/secret.h"
#include "engine/databases/mysql/flavour.h"
#include "engine/driver/connection_url.h"
#include "engine/driver/server_address.h"

namespace bridge::mysql {

/// Everything a connection needs to know. Immutable; move only.
struct Options {
  std::vector<driver::ServerAddress> servers;
  std::string user;
  Secret password;
  std::string database;
  /// Most a single server of the list may take; zero = its share of the whole time
  Duration server_timeout{0};
  bool allows_server_key = false;  ///< see wire::LoginOptions
  Flavour flavour;
  bool allows_cleartext = false;  ///< only ever over TLS that is verified

  /// kConfiguration for options that are unknown or contradict each other; values are never quoted.
  static Result<Options> from_url(const driver::ConnectionUrl& url, const Flavour& flavour = {});
};

}  // namespace bridge::mysql
