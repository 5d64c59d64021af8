// Vitess runs MySQL's statements; what differs is what it keeps of a session, and foreign keys.
#include "engine/databases/planetscale/dialect.h"

#include "engine/databases/planetscale/session_words.h"

namespace bridge::planetscale {

using sql::Capability;

const sql::Dialect& planetscale_dialect() {
  static const PlanetscaleDialect dialect;
  return dialect;
}

const sql::Dialect& unchecked_dialect() {
  static const UncheckedDialect dialect;
  return dialect;
}

std::string_view PlanetscaleDialect::name() const { return "PlanetScale"; }

// KILL is not permitted unless whoever runs the servers says so.
const sql::Capabilities& PlanetscaleDialect::capabilities() const {
  static const sql::Capabilities capabilities = MysqlDialect::capabilities()
                                                    .without(Capability::kIsolationLevels)
                                                    .without(Capability::kOutOfBandCancel);
  return capabilities;
}

sql::RawTextRules PlanetscaleDialect::raw_text_rules() const {
  sql::RawTextRules rules = MysqlDialect::raw_text_rules();
  rules.find_objection = find_session_objection;
  return rules;
}

Status PlanetscaleDialect::write_literal(std::string& text, const types::Value& value,
                                         const types::ColumnType& type) const {
  std::string plain;
  BRIDGE_RETURN_IF_ERROR(MysqlDialect::write_literal(plain, value, type));
  for (const char character : plain) text.append(character == '\\' ? 2 : 1, character);
  return {};
}

Status PlanetscaleDialect::write_lock(sql::Compilation& compilation, const sql::Lock& lock) const {
  if (!lock.of.empty()) return unsupported("row locks of some tables alone; lock the rows of all");
  return MysqlDialect::write_lock(compilation, lock);
}

Status PlanetscaleDialect::write_conflict(sql::Compilation& compilation,
                                          const sql::ConflictClause& clause) const {
  if (clause.insert.query)
    return unsupported(
        "upserts of many rows at once, as it does not tell how many they were; upsert them one by one");
  return MysqlDialect::write_conflict(compilation, clause);
}

Status PlanetscaleDialect::write_begin_prelude(sql::SqlWriter&, const sql::Begin& begin) const {
  if (begin.isolation == sql::Isolation::kDefault) return {};
  return unsupported(
      "isolation levels of single transactions, as they would hold for the session; leave them out");
}

Status PlanetscaleDialect::write_nothing(sql::SqlWriter& writer) const {
  writer.words("DO 0");
  return {};
}

const sql::Capabilities& UncheckedDialect::capabilities() const {
  static const sql::Capabilities capabilities =
      PlanetscaleDialect::capabilities().without(Capability::kAddForeignKey);
  return capabilities;
}

bool UncheckedDialect::write_unchecked_reference(sql::SqlWriter& writer, const Identifier& name) const {
  writer.words("INDEX ").identifier(name);
  return true;
}

}  // namespace bridge::planetscale
