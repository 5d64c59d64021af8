// What a YugabyteDB URL asks for beside what PostgreSQL's do.
#pragma once

#include "engine/databases/postgres/options.h"
#include "engine/databases/yugabytedb/cluster.h"

namespace bridge::yugabytedb {

/// Read once from the URL; move only.
struct YugabyteOptions {
  postgres::Options session;
  BalanceOptions balance;

  /// kConfiguration for what PostgreSQL refuses and for what YugabyteDB's options do not mean.
  static Result<YugabyteOptions> from_url(const driver::ConnectionUrl& url);
};

}  // namespace bridge::yugabytedb
