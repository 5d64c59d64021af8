// By CockroachDB's manual; what it took from PostgreSQL, it took with other defaults.
#include "engine/databases/cockroachdb/dialect.h"

#include <algorithm>
#include <string>

#include "engine/sql/text_search.h"

namespace bridge::cockroachdb {
namespace {

using sql::Capability;
using types::StorageType;

/// Statements of hundreds to a thousand rows are what it is fastest at; larger ones grow its intents.
constexpr std::size_t kMaxRowsPerValues = 1'000;
constexpr std::size_t kMaxParameters = 65'535;  // Bind counts them in sixteen bits
constexpr std::size_t kMaxNameBytes = 63;       // its parent's, so that names are the same on both

}  // namespace

const sql::Dialect& cockroachdb_dialect() {
  static const CockroachdbDialect dialect;
  return dialect;
}

std::string_view CockroachdbDialect::name() const { return "CockroachDB"; }

const sql::Capabilities& CockroachdbDialect::capabilities() const {
  static const sql::Capabilities capabilities =
      PostgresDialect::capabilities()
          .without(Capability::kTransactionalDdl)  // newer versions commit before a definition
          .without(Capability::kDeferrableConstraints)
          .without(Capability::kDeferrableUniques)
          .without(Capability::kIndexNullsOrdering)
          .without(Capability::kGroupingSets)
          .without(Capability::kTextSearch)
          .without(Capability::kClausesInRecursion);
  return capabilities;
}

sql::DialectLimits CockroachdbDialect::limits() const {
  return {.max_parameters = kMaxParameters,
          .max_identifier_bytes = kMaxNameBytes,
          .max_rows_per_values = kMaxRowsPerValues};
}

Status CockroachdbDialect::write_function(sql::Compilation& compilation, sql::Operand call) const {
  const std::string& name = call.node->as<sql::FunctionCall>()->name;
  if (sql::is_text_search(name))
    return unsupported("text search by the words of a search box; use ilike, or raw SQL with to_tsquery");
  return PostgresDialect::write_function(compilation, call);
}

// An index that no search of ours can use would only cost.
Status CockroachdbDialect::write_create_text_index(sql::SqlWriter& writer,
                                                   const sql::CreateTextIndex& creation) const {
  return Dialect::write_create_text_index(writer, creation);
}

Status CockroachdbDialect::write_drop_text_index(sql::SqlWriter& writer,
                                                 const sql::DropTextIndex& removal) const {
  return Dialect::write_drop_text_index(writer, removal);
}

Status CockroachdbDialect::write_begin(sql::SqlWriter& writer, const sql::Begin& begin) const {
  if (begin.is_deferrable) return unsupported("deferrable transactions; leave deferrable out");
  return PostgresDialect::write_begin(writer, begin);
}

Status CockroachdbDialect::write_explain(sql::SqlWriter& writer, const sql::Explain& explain) const {
  writer.words(explain.analyze ? sql::SqlWriter::Words("EXPLAIN ANALYZE ")
                               : sql::SqlWriter::Words("EXPLAIN "));
  return {};
}

// Numbers made where the row is written, not by a sequence that all writers share.
Status CockroachdbDialect::write_identity(sql::SqlWriter& writer, const sql::Table& table) const {
  const bool is_narrow =
      std::any_of(table.columns.begin(), table.columns.end(), [](const sql::Column& column) {
        return column.generation == sql::Generation::kIdentity && column.type.storage != StorageType::kInt64;
      });
  if (is_narrow) return unsupported("generated keys of less than 64 bits; leave bits out");
  writer.words(" DEFAULT unique_rowid()");
  return {};
}

// INTEGER has 64 bits there.
sql::SqlWriter::Words CockroachdbDialect::name_type(StorageType storage) const {
  return storage == StorageType::kInt32 ? sql::SqlWriter::Words("int4") : PostgresDialect::name_type(storage);
}

}  // namespace bridge::cockroachdb
