// What PlanetScale says differently from MySQL.
#pragma once

#include "engine/databases/mysql/dialect.h"

namespace bridge::planetscale {

/// PlanetScale's answers where foreign keys are enabled; everything not overridden is its parent's.
class PlanetscaleDialect : public mysql::MysqlDialect {
 public:
  std::string_view name() const override;
  const sql::Capabilities& capabilities() const override;
  /// Refuses what pins a session to one connection of the server, or what no session can have.
  sql::RawTextRules raw_text_rules() const override;
  /// Backslashes escape in texts, as Vitess reads them.
  Status write_literal(std::string& text, const types::Value& value,
                       const types::ColumnType& type) const override;
  sql::SqlWriter::Words pattern_escape() const override { return " ESCAPE '\\\\'"; }
  /// Locks of some tables alone are not parsed there.
  Status write_lock(sql::Compilation& compilation, const sql::Lock& lock) const override;
  /// How many rows a query gave an upsert is not told there.
  Status write_conflict(sql::Compilation& compilation, const sql::ConflictClause& clause) const override;
  /// The level of one transaction would become that of the session.
  Status write_begin_prelude(sql::SqlWriter& writer, const sql::Begin& begin) const override;
  Status write_nothing(sql::SqlWriter& writer) const override;
};

/// Where they are not: an index stands for each foreign key, and nothing checks it.
class UncheckedDialect final : public PlanetscaleDialect {
 public:
  const sql::Capabilities& capabilities() const override;
  bool write_unchecked_reference(sql::SqlWriter& writer, const Identifier& name) const override;
};

/// The one instance of each; immutable, any thread.
const sql::Dialect& planetscale_dialect();
const sql::Dialect& unchecked_dialect();

}  // namespace bridge::planetscale
