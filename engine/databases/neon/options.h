// What a Neon URL asks for beside what PostgreSQL's do.
#pragma once

#include "engine/databases/postgres/options.h"

namespace bridge::neon {

/// Read once from the URL; move only.
struct NeonOptions {
  postgres::Options session;
  Duration cold_start{0};    ///< longest that a sleeping endpoint is waited for
  Duration longest_idle{0};  ///< of a connection, below the time after which the endpoint falls asleep

  /// kConfiguration for what PostgreSQL refuses, TLS that is turned off, and a URL that names no endpoint.
  static Result<NeonOptions> from_url(const driver::ConnectionUrl& url);
};

}  // namespace bridge::neon
