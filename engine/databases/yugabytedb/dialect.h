// What YugabyteDB says differently from postgres.
#pragma once

#include "engine/databases/postgres/dialect.h"

namespace bridge::yugabytedb {

/// YugabyteDB's answers; everything not overridden is its parent's.
class YugabytedbDialect : public postgres::PostgresDialect {
 public:
  std::string_view name() const override;
};

/// The one instance; immutable, any thread.
const sql::Dialect& yugabytedb_dialect();

}  // namespace bridge::yugabytedb
