// What Neon says differently from PostgreSQL.
#pragma once

#include "engine/databases/postgres/dialect.h"

namespace bridge::neon {

/// Neon's answers; everything not overridden is its parent's.
class NeonDialect : public postgres::PostgresDialect {
 public:
  std::string_view name() const override;
};

/// Of an endpoint behind Neon's pooler, where no session outlives a transaction.
class NeonPooledDialect final : public NeonDialect {
 public:
  sql::RawTextRules raw_text_rules() const override;
};

/// The one instance of each; immutable, any thread.
const sql::Dialect& neon_dialect();
const sql::Dialect& neon_pooled_dialect();

}  // namespace bridge::neon
