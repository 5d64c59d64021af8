// What CockroachDB says differently from PostgreSQL.
#pragma once

#include "engine/databases/postgres/dialect.h"

namespace bridge::cockroachdb {

/// CockroachDB's answers; everything not overridden is its parent's.
class CockroachdbDialect final : public postgres::PostgresDialect {
 public:
  std::string_view name() const override;
  const sql::Capabilities& capabilities() const override;
  sql::DialectLimits limits() const override;

  Status write_function(sql::Compilation& compilation, sql::Operand call) const override;
  Status write_begin(sql::SqlWriter& writer, const sql::Begin& begin) const override;
  std::string_view restart_savepoint() const override { return "cockroach_restart"; }
  Status write_explain(sql::SqlWriter& writer, const sql::Explain& explain) const override;
  Status write_identity(sql::SqlWriter& writer, const sql::Table& table) const override;
  Status write_create_text_index(sql::SqlWriter& writer, const sql::CreateTextIndex& creation) const override;
  Status write_drop_text_index(sql::SqlWriter& writer, const sql::DropTextIndex& removal) const override;

 protected:
  sql::SqlWriter::Words name_type(types::StorageType storage) const override;
};

/// The one instance; immutable, any thread.
const sql::Dialect& cockroachdb_dialect();

}  // namespace bridge::cockroachdb
