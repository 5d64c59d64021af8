// What a PostgreSQL URL asks for, checked once; from then on nobody reads the URL.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/base/secret.h"
#include "engine/databases/postgres/wire/login.h"
#include "engine/driver/connection_url.h"
#include "engine/driver/server_address.h"

namespace bridge::postgres {

enum class SessionTarget : std::uint8_t { kAny, kReadWrite, kReadOnly, kPrimary, kStandby, kPreferStandby };
/// As the option is written.
std::string_view to_word(SessionTarget target);

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

  /// kConfiguration for options that are unknown or contradict each other; values are never quoted.
  static Result<Options> from_url(const driver::ConnectionUrl& url);
};

}  // namespace bridge::postgres
