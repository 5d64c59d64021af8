// What SQLite says differently from standard SQL: statements, types, literals.
#include "engine/databases/sqlite/dialect.h"

#include <sqlite3.h>

#include <algorithm>

#include "engine/databases/sqlite/dialect_text_search.h"
#include "engine/sql/compilation.h"
#include "engine/types/decimal.h"
#include "engine/types/interval.h"

namespace bridge::sqlite {
namespace {

using sql::Capability;
using sql::Compilation;
using sql::Operand;
using sql::SqlWriter;
using types::ColumnType;
using types::StorageType;
using Words = SqlWriter::Words;

// SQLITE_MAX_VARIABLE_NUMBER unless the library was built otherwise
constexpr std::size_t kMaxParameters = 32'766;
constexpr int kFirstVersionWithFullJoins = 3'039'000;

Words to_words(StorageType storage) {
  switch (storage) {
    case StorageType::kBool:
    case StorageType::kInt16:
    case StorageType::kInt32:
    case StorageType::kInt64:
    case StorageType::kInterval:
      return "INTEGER";
    case StorageType::kFloat64:
      return "REAL";
    case StorageType::kBytes:
    case StorageType::kUuid:
      return "BLOB";
    case StorageType::kDecimal:
      return "TEXT COLLATE bridge_decimal";
    case StorageType::kText:
    case StorageType::kDate:
    case StorageType::kTime:
    case StorageType::kTimestamp:
    case StorageType::kTimestampUtc:
    case StorageType::kJson:
    case StorageType::kInet:
    case StorageType::kArray:
      return "TEXT";
  }
  return "TEXT";
}

// Standard SQL writes `DATE '...'`; here the text alone is the value.
Status append_without_word(std::string& text, const std::string& standard) {
  text.append(standard.substr(standard.find('\'')));
  return {};
}

std::size_t count_key_columns(const sql::Table& table) {
  return static_cast<std::size_t>(
      std::count_if(table.columns.begin(), table.columns.end(),
                    [](const sql::Column& column) { return column.is_primary_key; }));
}

}  // namespace

const sql::Dialect& sqlite_dialect() {
  static const SqliteDialect dialect;
  return dialect;
}

std::string_view SqliteDialect::name() const { return "SQLite"; }

const sql::Capabilities& SqliteDialect::capabilities() const {
  static const sql::Capabilities older = sql::Capabilities::of(
      Capability::kReturning, Capability::kOnConflict, Capability::kBulkCopy, Capability::kTransactionalDdl,
      Capability::kAggregateFilter, Capability::kNullsOrdering, Capability::kReadonlyTransactions,
      Capability::kSavepoints, Capability::kServerCursors, Capability::kOutOfBandCancel,
      Capability::kInteractiveTransactions, Capability::kGroupByKey, Capability::kWindows,
      Capability::kRowValues, Capability::kJsonPaths, Capability::kMaterializedHints, Capability::kUpdateFrom,
      Capability::kDeferrableConstraints);
  static const sql::Capabilities known = [] {
    sql::Capabilities claims = older;
    if (sqlite3_libversion_number() >= kFirstVersionWithFullJoins)
      claims = claims.with(Capability::kFullJoins);
    return can_search_text() ? claims.with(Capability::kTextSearch) : claims;
  }();
  return known;
}

sql::RawTextRules SqliteDialect::raw_text_rules() const {
  return {.has_bracket_quotes = true, .has_question_marks = true, .placeholder_marks = ":@$#"};
}

sql::DialectLimits SqliteDialect::limits() const {
  return {.max_parameters = kMaxParameters, .max_rows_per_values = kMaxParameters};
}

void SqliteDialect::write_placeholder(std::string& text, std::size_t, const ColumnType&) const {
  text.append("?");
}

Status SqliteDialect::write_type(SqlWriter& writer, const ColumnType& type) const {
  writer.words(to_words(type.storage));
  return {};
}

Status SqliteDialect::write_literal(std::string& text, const types::Value& value,
                                    const ColumnType& type) const {
  if (value.is_null) return Dialect::write_literal(text, value, type);
  std::string standard;
  switch (value.type) {
    case StorageType::kBool:
      text.append(value.integer != 0 ? "1" : "0");
      return {};
    case StorageType::kDecimal:
      BRIDGE_RETURN_IF_ERROR(Dialect::write_literal(standard, value, type));
      text.append("'").append(types::pad_decimal_text(standard, type.scale)).append("'");
      return {};
    case StorageType::kInterval: {
      BRIDGE_ASSIGN_OR_RETURN(const std::int64_t microseconds, types::to_microseconds(value.interval));
      text.append(std::to_string(microseconds));
      return {};
    }
    case StorageType::kUuid: {
      const std::string bytes(value.uuid.begin(), value.uuid.end());
      return Dialect::write_literal(text, types::Value::of_text(StorageType::kBytes, bytes), type);
    }
    case StorageType::kDate:
    case StorageType::kTime:
    case StorageType::kTimestamp:
    case StorageType::kTimestampUtc:
      BRIDGE_RETURN_IF_ERROR(Dialect::write_literal(standard, value, type));
      return append_without_word(text, standard);
    default:  // standard SQL says all others
      return Dialect::write_literal(text, value, type);
  }
}

// A column left out gets its default; SQLite has no word for that inside VALUES and SET. The default is a
// constant of the model.
Status SqliteDialect::write_default_value(Compilation& compilation, const sql::Column& column) const {
  if (column.generation != sql::Generation::kExpression) {
    compilation.text().words("NULL");
    return {};
  }
  Compilation constant(*this, Compilation::Values::kLiterals);
  constant.text().words("(");
  BRIDGE_RETURN_IF_ERROR(constant.write({column.default_expression.get(), 0}));
  constant.text().words(")");
  BRIDGE_RETURN_IF_ERROR(constant.text().status());
  compilation.text().append_raw(constant.text().text());
  return {};
}

// OFFSET stands only behind LIMIT; -1 is no limit.
Status SqliteDialect::write_page(Compilation& compilation, Operand limit, Operand offset) const {
  SqlWriter& text = compilation.text();
  if (!limit && !offset) return {};
  text.words(" LIMIT ");
  if (limit) {
    compilation.write_whole(limit);
  } else {
    text.words("-1");
  }
  if (!offset) return {};
  text.words(" OFFSET ");
  compilation.write_whole(offset);
  return {};
}

// Every transaction here is serializable, whatever weaker level was asked for. One that may write takes the
// lock at once: to upgrade later can fail without waiting.
Status SqliteDialect::write_begin(SqlWriter& writer, const sql::Begin& begin) const {
  writer.words(begin.is_readonly ? Words("BEGIN DEFERRED") : Words("BEGIN IMMEDIATE"));
  return {};
}

// SQLite calls the columns of VALUES column1, column2 and so on, and takes no other names for them.
Status SqliteDialect::write_values_source(Compilation& compilation, const sql::SourcePtr& source,
                                          const Identifier& name, std::size_t position) const {
  SqlWriter& text = compilation.text();
  text.words("(SELECT ");
  for (std::size_t index = 0; index < source->table->columns.size(); ++index) {
    if (index > 0) text.words(", ");
    text.words("column").number(index + 1).words(" AS ").identifier(source->table->columns[index].name);
  }
  text.words(" FROM (");
  BRIDGE_RETURN_IF_ERROR(compilation.write_rows(source, position));
  text.words(")) AS ").identifier(name);
  return {};
}

Status SqliteDialect::write_explain(SqlWriter& writer, const sql::Explain& explain) const {
  if (explain.analyze) return unsupported("explain with analyze");
  writer.words("EXPLAIN QUERY PLAN ");
  return {};
}

bool SqliteDialect::is_key_inline(const sql::Table& table) const {
  return count_key_columns(table) == 1 &&
         std::any_of(table.columns.begin(), table.columns.end(), [](const sql::Column& column) {
           return column.is_primary_key && column.generation == sql::Generation::kIdentity;
         });
}

// AUTOINCREMENT, so that the key of a deleted row never comes back.
Status SqliteDialect::write_identity(SqlWriter& writer, const sql::Table& table) const {
  if (!is_key_inline(table)) return unsupported("numbered column that is not the whole primary key");
  writer.words(" PRIMARY KEY AUTOINCREMENT");
  return {};
}

Status SqliteDialect::write_drop_table(SqlWriter& writer, const sql::DropTable& removal) const {
  writer.words(removal.if_exists ? Words("DROP TABLE IF EXISTS ") : Words("DROP TABLE "))
      .table(*removal.table);
  return {};
}

Status SqliteDialect::write_nothing(SqlWriter& writer) const {
  // Changes nothing, and unlike a query gives no column that somebody would have to read.
  writer.words("PRAGMA shrink_memory");
  return {};
}

}  // namespace bridge::sqlite
