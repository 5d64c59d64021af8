// Neon runs PostgreSQL: its SQL differs where no session stays.
#include "engine/databases/neon/dialect.h"

#include "engine/databases/neon/session_words.h"

namespace bridge::neon {

const sql::Dialect& neon_dialect() {
  static const NeonDialect dialect;
  return dialect;
}

const sql::Dialect& neon_pooled_dialect() {
  static const NeonPooledDialect dialect;
  return dialect;
}

std::string_view NeonDialect::name() const { return "Neon"; }

sql::RawTextRules NeonPooledDialect::raw_text_rules() const {
  sql::RawTextRules rules = NeonDialect::raw_text_rules();
  rules.find_objection = find_session_objection;
  return rules;
}

}  // namespace bridge::neon
