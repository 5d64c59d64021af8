// What a PostgreSQL URL asks for, checked once; from then on nobody reads the URL.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/base/secret.h"
#include "engine/databases/postgres/error_map.h"
#include "engine/databases/postgres/wire/login.h"
#include "engine/driver/connection_url.h"
#include "engine/driver/server_address.h"
#include "engine/driver/url_options.h"

namespace bridge::postgres {

enum class SessionTarget : std::uint8_t { kAny, kReadWrite, kReadOnly, kPrimary, kStandby, kPreferStandby };
/// As the option is written.
std::string_view to_word(SessionTarget target);

/// Whether a server, by what it told of itself at login, is one this driver is for.
using ServerCheck = Status (*)(const std::map<std::string, std::string>& parameters);

/// What a flavour's URL means where it says nothing, and what it may not say.
struct OptionDefaults {
  std::uint16_t port = 5432;
  bool needs_tls = false;
  wire::BindingPolicy binding = wire::BindingPolicy::kPrefer;
  bool has_session_per_transaction = false;
  bool keeps_prepared = true;  ///< where a session outlives its transactions, or a pooler follows statements
  Duration server_timeout{0};
  ErrorReader read_error = to_error_code;
  ServerCheck check_server = nullptr;
};

/// Everything a connection needs to know. Immutable; move only.
struct Options {
  std::vector<driver::ServerAddress> servers;
  std::string user;
  Secret password;
  bool has_password = false;
  wire::AllowedLogins allowed;
  wire::BindingPolicy binding = wire::BindingPolicy::kPrefer;
  SessionTarget target = SessionTarget::kAny;
  /// Most a single server of the list may take; zero = its share of the whole time
  Duration server_timeout{0};
  wire::StartupParameters startup;
  /// Each transaction may run in another session of the server: nothing of a session outlives one.
  bool has_session_per_transaction = false;
  bool keeps_prepared = true;  ///< false for poolers that do not follow prepared statements
  ErrorReader read_error = to_error_code;
  ServerCheck check_server = nullptr;

  /// kConfiguration for options that are unknown or contradict each other; values are never quoted.
  static Result<Options> from_url(const driver::ConnectionUrl& url);
  /// The same for a flavour, which takes its own options from the reader and then has it refuse what is left.
  static Result<Options> read(driver::UrlOptions& reader, const OptionDefaults& defaults);
};

}  // namespace bridge::postgres
