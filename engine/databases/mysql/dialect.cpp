// What MySQL says differently from standard SQL: statements, types, literals.
#include "engine/databases/mysql/dialect.h"

#include <algorithm>

#include "engine/databases/mysql/type_map.h"
#include "engine/sql/compilation.h"
#include "engine/sql/constraint_names.h"
#include "engine/types/interval.h"

namespace bridge::mysql {
namespace {

using sql::Capability;
using sql::Compilation;
using sql::Operand;
using sql::SqlWriter;
using types::ColumnType;
using types::StorageType;
using Words = SqlWriter::Words;

constexpr std::size_t kMaxParameters = 65'535;  // the count has sixteen bits
constexpr std::size_t kMaxNameLength = 64;      // characters; names here are ASCII
// What an unbounded decimal becomes: the most digits there are, as many as possible of them behind the point.
constexpr std::size_t kMostDigits = 65;
constexpr std::size_t kMostScale = 30;
// Characters of four bytes in the longest row there is.
constexpr std::size_t kMaxVarchar = 16'383;
// A key of InnoDB has 3,072 bytes: three texts of so many characters, of four bytes at most.
constexpr std::size_t kKeyLength = 255;
// Behind an offset without a limit: the manual's own number for "all".
constexpr std::uint64_t kNoLimit = 18'446'744'073'709'551'615U;

bool is_text(StorageType storage) { return storage == StorageType::kText || storage == StorageType::kInet; }

// Columns without a bounded length, and JSON, take a default only as an expression.
bool needs_expression_default(StorageType storage) {
  return is_text(storage) || storage == StorageType::kBytes || storage == StorageType::kJson ||
         storage == StorageType::kArray;
}

bool is_among(const std::vector<std::size_t>& columns, std::size_t column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

bool stands_in_key(const sql::Table& table, std::size_t column) {
  if (table.columns[column].is_primary_key) return true;
  const auto holds = [&](const auto& constraint) { return is_among(constraint.columns, column); };
  return std::any_of(table.unique_constraints.begin(), table.unique_constraints.end(), holds) ||
         std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(), holds) ||
         std::any_of(table.indexes.begin(), table.indexes.end(), [&](const sql::Index& index) {
           return is_among(sql::find_columns(index.keys), column);
         });
}

// What stands in a key must have a bound; longer values are refused by the server.
ColumnType to_key_type(const sql::Table& table, const sql::Column& column) {
  ColumnType type = column.type;
  const bool needs_bound =
      (type.storage == StorageType::kText || type.storage == StorageType::kBytes) && type.max_length == 0;
  const auto place = table.find_column(column.name.text());
  if (needs_bound && place && stands_in_key(table, *place)) type.max_length = kKeyLength;
  return type;
}

}  // namespace

const sql::Dialect& mysql_dialect() {
  static const MysqlDialect dialect;
  return dialect;
}

std::string_view MysqlDialect::name() const { return "MySQL"; }

const sql::Capabilities& MysqlDialect::capabilities() const {
  static const sql::Capabilities capabilities = sql::Capabilities::of(
      Capability::kRowLocks, Capability::kSkipLocked, Capability::kPipelining, Capability::kNullsOrdering,
      Capability::kReadonlyTransactions, Capability::kSavepoints, Capability::kInteractiveTransactions,
      Capability::kServerCursors, Capability::kOutOfBandCancel, Capability::kGroupByKey, Capability::kWindows,
      Capability::kRowValues, Capability::kLateral, Capability::kSetOperatorsAll,
      Capability::kNestedSetOperands, Capability::kOnConflict, Capability::kIsolationLevels,
      Capability::kJsonPaths, Capability::kRegularExpressions, Capability::kUpdateFrom,
      Capability::kAddForeignKey);
  return capabilities;
}

sql::DialectLimits MysqlDialect::limits() const {
  return {.max_parameters = kMaxParameters,
          .max_identifier_bytes = kMaxNameLength,
          .max_rows_per_values = kMaxParameters};
}

void MysqlDialect::write_quoted(std::string& text, const Identifier& name) const {
  text.append("`").append(name.text()).append("`");
}

void MysqlDialect::write_placeholder(std::string& text, std::size_t, const ColumnType&) const {
  text.append("?");
}

Words MysqlDialect::binary_collation() const { return " COLLATE utf8mb4_0900_bin"; }

Status MysqlDialect::write_type(SqlWriter& writer, const ColumnType& type) const {
  if (type.storage == StorageType::kDecimal) {
    writer.words("DECIMAL(").number(type.precision > 0 ? type.precision : kMostDigits).words(", ");
    writer.number(type.precision > 0 ? type.scale : kMostScale).words(")");
    return {};
  }
  if (type.storage == StorageType::kBytes && type.max_length > 0) {
    writer.words("VARBINARY(").number(type.max_length).words(")");
  } else if (type.storage == StorageType::kText && type.max_length > 0 && type.max_length <= kMaxVarchar) {
    writer.words("VARCHAR(").number(type.max_length).words(")");
  } else {
    writer.words(to_words(type.storage));
  }
  if (is_text(type.storage)) writer.words(" CHARACTER SET utf8mb4").words(binary_collation());
  return {};
}

Status MysqlDialect::write_literal(std::string& text, const types::Value& value,
                                   const ColumnType& type) const {
  if (value.is_null) return Dialect::write_literal(text, value, type);
  switch (value.type) {
    case StorageType::kInterval: {
      BRIDGE_ASSIGN_OR_RETURN(const std::int64_t microseconds, types::to_microseconds(value.interval));
      text.append(std::to_string(microseconds));
      return {};
    }
    case StorageType::kUuid: {
      const std::string bytes(value.uuid.begin(), value.uuid.end());
      return Dialect::write_literal(text, types::Value::of_text(StorageType::kBytes, bytes), type);
    }
    case StorageType::kTimestampUtc: {
      const auto moment = types::Value::of_integer(StorageType::kTimestamp, value.integer);
      return Dialect::write_literal(text, moment, type);
    }
    default:  // standard SQL says all others
      return Dialect::write_literal(text, value, type);
  }
}

// OFFSET stands only behind LIMIT.
Status MysqlDialect::write_page(Compilation& compilation, Operand limit, Operand offset) const {
  SqlWriter& text = compilation.text();
  if (!limit && !offset) return {};
  text.words(" LIMIT ");
  if (limit) {
    compilation.write_whole(limit);
  } else {
    text.number(kNoLimit);
  }
  if (!offset) return {};
  text.words(" OFFSET ");
  compilation.write_whole(offset);
  return {};
}

Status MysqlDialect::write_default_row(SqlWriter& writer) const {
  writer.words(" () VALUES ()");
  return {};
}

// An insert whose rows are counted beforehand, none of them numbered by its sender, reserves its numbers at
// once in every innodb_autoinc_lock_mode, one step apart (manual, "AUTO_INCREMENT Handling in InnoDB", simple
// inserts). Numbers between two steps belong to other servers of a cluster.
Status MysqlDialect::write_numbered_rows(SqlWriter& writer, const Identifier& column,
                                         std::size_t rows) const {
  if (rows == 1) {
    writer.identifier(column).words(" = LAST_INSERT_ID()");
    return {};
  }
  writer.identifier(column).words(" >= LAST_INSERT_ID() AND ").identifier(column);
  writer.words(" < LAST_INSERT_ID() + ").number(rows).words(" * @@auto_increment_increment AND ");
  writer.identifier(column).words(" % @@auto_increment_increment = ");
  writer.words("LAST_INSERT_ID() % @@auto_increment_increment ORDER BY ").identifier(column);
  return {};
}

Status MysqlDialect::write_begin(SqlWriter& writer, const sql::Begin& begin) const {
  writer.words(begin.is_readonly ? Words("START TRANSACTION READ ONLY") : Words("START TRANSACTION"));
  return {};
}

// Holds for the next transaction only.
Status MysqlDialect::write_begin_prelude(SqlWriter& writer, const sql::Begin& begin) const {
  switch (begin.isolation) {
    case sql::Isolation::kDefault:
      break;
    case sql::Isolation::kReadUncommitted:
      writer.words("SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED");
      break;
    case sql::Isolation::kReadCommitted:
      writer.words("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
      break;
    case sql::Isolation::kRepeatableRead:
      writer.words("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      break;
    case sql::Isolation::kSerializable:
      writer.words("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
      break;
  }
  return {};
}

Status MysqlDialect::write_explain(SqlWriter& writer, const sql::Explain& explain) const {
  const bool is_write = explain.other && !std::holds_alternative<sql::Raw>(explain.other->body());
  if (is_write && explain.analyze) return unsupported("explain with analyze of writes; explain them without");
  if (is_write) {
    writer.words("EXPLAIN FORMAT=JSON ");  // the tree says of writes no more than that they are none of it
  } else {
    writer.words(explain.analyze ? Words("EXPLAIN ANALYZE ") : Words("EXPLAIN FORMAT=TREE "));
  }
  return {};
}

Status MysqlDialect::write_column_definition(Compilation& compilation, const sql::Table& table,
                                             const sql::Column& column) const {
  sql::Column bounded = column;
  bounded.type = to_key_type(table, column);
  if (column.generation != sql::Generation::kExpression || !needs_expression_default(column.type.storage))
    return Dialect::write_column_definition(compilation, table, bounded);
  SqlWriter& text = compilation.text();
  text.identifier(column.name).words(" ");
  BRIDGE_RETURN_IF_ERROR(write_type(text, bounded.type));
  text.words(" DEFAULT (");
  BRIDGE_RETURN_IF_ERROR(compilation.write({column.default_expression.get(), 0}));
  text.words(")");
  if (!column.type.is_nullable) text.words(" NOT NULL");
  return {};
}

Status MysqlDialect::write_identity(SqlWriter& writer, const sql::Table&) const {
  writer.words(" AUTO_INCREMENT");
  return {};
}

Status MysqlDialect::write_drop_table(SqlWriter& writer, const sql::DropTable& removal) const {
  writer.words(removal.if_exists ? Words("DROP TABLE IF EXISTS ") : Words("DROP TABLE "));
  writer.table(*removal.table);
  return {};
}

Status MysqlDialect::write_create_index(SqlWriter& writer, const sql::CreateIndex& creation,
                                        const Identifier& name) const {
  writer.words(creation.table->indexes[creation.index].is_unique ? Words("CREATE UNIQUE INDEX ")
                                                                 : Words("CREATE INDEX "));
  writer.identifier(name).words(" ON ").table(*creation.table);
  return {};
}

}  // namespace bridge::mysql
