// What a PlanetScale URL asks for beside what MySQL's do.
#pragma once

#include "engine/databases/mysql/options.h"

namespace bridge::planetscale {

/// Read once from the URL; move only.
struct PlanetscaleOptions {
  mysql::Options session;
  bool checks_foreign_keys = false;  ///< the database has them enabled
  Duration transaction_limit{0};     ///< after so long the server ends a transaction

  /// kConfiguration for what MySQL refuses, a Unix socket, and TLS that is turned off.
  static Result<PlanetscaleOptions> from_url(const driver::ConnectionUrl& url);
};

}  // namespace bridge::planetscale
