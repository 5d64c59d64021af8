// What a MySQL URL asks for, checked once; from then on nobody reads the URL.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/base/secret.h"
#include "engine/databases/mysql/flavour.h"
#include "engine/driver/connection_url.h"
#include "engine/driver/server_address.h"
#include "engine/driver/url_options.h"

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
  bool allows_cleartext = false;   ///< only ever over TLS that is verified
  Flavour flavour;

  /// kConfiguration for options that are unknown or contradict each other; values are never quoted.
  static Result<Options> from_url(const driver::ConnectionUrl& url, const Flavour& flavour = {});
  /// The same for a flavour, which takes its own options from the reader and then has it refuse what is left.
  static Result<Options> read(driver::UrlOptions& reader, const Flavour& flavour);
};

}  // namespace bridge::mysql
