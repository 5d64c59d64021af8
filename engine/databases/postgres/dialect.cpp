// What PostgreSQL says differently from standard SQL.
#include "engine/databases/postgres/dialect.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "engine/databases/postgres/dialect_functions.h"
#include "engine/sql/compilation.h"
#include "engine/sql/derived.h"
#include "engine/sql/functions.h"
#include "engine/sql/operand_types.h"

namespace bridge::postgres {
namespace {

using sql::Capability;
using sql::Compilation;
using sql::Operand;
using sql::SqlWriter;
using types::ColumnType;
using types::StorageType;
using Words = SqlWriter::Words;

constexpr std::size_t kMaxParameters = 65'535;  // Bind counts them in sixteen bits
constexpr std::size_t kMaxNameBytes = 63;       // NAMEDATALEN less one; longer names are cut silently

// The server then takes the column's own type for the value, whatever exactly that is.
bool is_told_by_column(const sql::Expression* other, const ColumnType& type) {
  return other != nullptr && other->as<sql::ColumnReference>() != nullptr &&
         other->type().storage == type.storage;
}

// Functions with integer arguments take int4, to which int8 is not cast implicitly; left alone, the
// placeholder fits.
bool takes_plain_integers(const sql::FunctionCall& call) {
  constexpr std::array<std::string_view, 6> kPlain = {"lag",   "lead",  "nth_value",
                                                      "ntile", "round", "substring"};
  return sql::find_function(call.name) == nullptr ||
         std::find(kPlain.begin(), kPlain.end(), call.name) != kPlain.end();
}

Status write_argument(Compilation& compilation, Operand argument, bool is_plain) {
  if (is_plain && argument.node->as<sql::Parameter>() != nullptr &&
      sql::is_integer(argument.node->type().storage)) {
    return compilation.write_assigned(argument);
  }
  return compilation.write(argument);
}

Status write_call(Compilation& compilation, Operand call, std::string_view name) {
  const auto& node = *call.node->as<sql::FunctionCall>();
  const std::size_t count = sql::argument_count(*call.node);
  SqlWriter& text = compilation.text();
  text.function(name).words(node.is_distinct ? Words("(DISTINCT ") : Words("("));
  for (std::size_t index = 0; index < count; ++index) {
    if (index > 0) text.words(", ");
    BRIDGE_RETURN_IF_ERROR(
        write_argument(compilation, Compilation::child(call, index), takes_plain_integers(node)));
  }
  return {};
}

// The sum of int8 is numeric here.
bool is_wide_sum(const sql::Expression& call) {
  return call.as<sql::FunctionCall>()->name == "sum" && call.type().storage == StorageType::kInt64;
}

}  // namespace

const sql::Dialect& postgres_dialect() {
  static const PostgresDialect dialect;
  return dialect;
}

std::string_view PostgresDialect::name() const { return "PostgreSQL"; }

const sql::Capabilities& PostgresDialect::capabilities() const {
  static const sql::Capabilities capabilities = sql::Capabilities::of(
      Capability::kReturning, Capability::kOnConflict, Capability::kArrays, Capability::kArrayParameters,
      Capability::kBulkCopy, Capability::kDistinctOn, Capability::kRowLocks, Capability::kSkipLocked,
      Capability::kPipelining, Capability::kTransactionalDdl, Capability::kAddForeignKey,
      Capability::kDeferrableConstraints, Capability::kDeferrableUniques, Capability::kSchemas,
      Capability::kNativeIlike, Capability::kAggregateFilter, Capability::kNullsOrdering,
      Capability::kReadonlyTransactions, Capability::kIsolationLevels, Capability::kSavepoints,
      Capability::kInteractiveTransactions, Capability::kServerCursors, Capability::kOutOfBandCancel,
      Capability::kErrorAbortsTransaction, Capability::kGroupByKey, Capability::kClausesInRecursion,
      Capability::kWindows, Capability::kRowValues, Capability::kJsonPaths, Capability::kIndexNullsOrdering,
      Capability::kLateral, Capability::kWritingCommonTables, Capability::kMaterializedHints,
      Capability::kFullJoins, Capability::kNestedSetOperands, Capability::kSetOperatorsAll,
      Capability::kAggregateOrdering, Capability::kWithinGroup, Capability::kGroupingSets,
      Capability::kUpdateFrom, Capability::kDeleteUsing, Capability::kTextSearch,
      Capability::kRegularExpressions, Capability::kNullsSortHigh);
  return capabilities;
}

Words PostgresDialect::name_type(StorageType storage) const {
  switch (storage) {
    case StorageType::kBool:
      return "boolean";
    case StorageType::kInt16:
      return "smallint";
    case StorageType::kInt32:
      return "integer";
    case StorageType::kInt64:
      return "bigint";
    case StorageType::kFloat64:
      return "double precision";
    case StorageType::kDecimal:
      return "numeric";
    case StorageType::kText:
    case StorageType::kArray:  // never asked: an array is named by its element
      return "text";
    case StorageType::kBytes:
      return "bytea";
    case StorageType::kDate:
      return "date";
    case StorageType::kTime:
      return "time";
    case StorageType::kTimestamp:
      return "timestamp";
    case StorageType::kTimestampUtc:
      return "timestamptz";
    case StorageType::kInterval:
      return "interval";
    case StorageType::kUuid:
      return "uuid";
    case StorageType::kJson:
      return "jsonb";
    case StorageType::kInet:
      return "inet";
  }
  return "text";
}

// A bound value keeps its length and digits: a cast to varchar(3) or numeric(4,1) would cut or round it
// silently.
void PostgresDialect::write_unbounded(SqlWriter& text, const ColumnType& type) const {
  if (type.storage == StorageType::kArray) {
    text.words(name_type(type.element)).words("[]");
  } else {
    text.words(name_type(type.storage));
  }
}

sql::RawTextRules PostgresDialect::raw_text_rules() const {
  return {.has_backtick_quotes = false, .placeholder_marks = "$", .are_placeholders_numbers = true};
}

sql::DialectLimits PostgresDialect::limits() const {
  return {.max_parameters = kMaxParameters,
          .max_identifier_bytes = kMaxNameBytes,
          .max_rows_per_values = kMaxParameters};
}

void PostgresDialect::write_placeholder(std::string& text, std::size_t index, const ColumnType&) const {
  text.append("$").append(std::to_string(index + 1));
}

Status PostgresDialect::write_type(SqlWriter& writer, const ColumnType& type) const {
  if (type.storage == StorageType::kDecimal && type.precision > 0) {
    writer.words("numeric(").number(type.precision).words(", ").number(type.scale).words(")");
  } else if (type.storage == StorageType::kText && type.max_length > 0) {
    writer.words("varchar(").number(type.max_length).words(")");
  } else {
    write_unbounded(writer, type);
  }
  return {};
}

Status PostgresDialect::write_literal(std::string& text, const types::Value& value,
                                      const ColumnType& type) const {
  if (value.is_null) return Dialect::write_literal(text, value, type);
  switch (value.type) {
    case StorageType::kBytes: {
      std::string hexadecimal;
      BRIDGE_RETURN_IF_ERROR(Dialect::write_literal(hexadecimal, value, type));
      text.append("'\\x").append(hexadecimal.substr(2)).append("::bytea");  // standard form: X'..'
      return {};
    }
    case StorageType::kInterval: {
      const types::Interval& span = value.interval;
      text.append("'")
          .append(std::to_string(span.months))
          .append(" months ")
          .append(std::to_string(span.days))
          .append(" days ");
      text.append(std::to_string(span.microseconds)).append(" microseconds'::interval");
      return {};
    }
    case StorageType::kTimestampUtc:
    case StorageType::kUuid:
    case StorageType::kJson:
    case StorageType::kInet: {
      BRIDGE_RETURN_IF_ERROR(Dialect::write_literal(text, value, type));
      if (value.type == StorageType::kTimestampUtc) return {};
      text.append("::").append(name_type(value.type).text());
      return {};
    }
    default:  // standard SQL says all others
      return Dialect::write_literal(text, value, type);
  }
}

Status PostgresDialect::write_parameter(Compilation& compilation, Operand parameter) const {
  compilation.write_whole(parameter);
  compilation.text().words("::");
  write_unbounded(compilation.text(), parameter.node->type());
  return {};
}

Status PostgresDialect::write_compared(Compilation& compilation, Operand operand,
                                       const sql::Expression* other) const {
  if (operand.node->as<sql::Parameter>() != nullptr && is_told_by_column(other, operand.node->type())) {
    return compilation.write_assigned(operand);
  }
  return compilation.write(operand, sql::Rank::kArithmetic);
}

Status PostgresDialect::write_binary(Compilation& compilation, sql::BinaryOperator operation, Operand left,
                                     Operand right) const {
  if (!sql::is_pattern(operation)) return Dialect::write_binary(compilation, operation, left, right);
  BRIDGE_RETURN_IF_ERROR(compilation.write(left, sql::Rank::kArithmetic));
  switch (operation) {
    case sql::BinaryOperator::kIlike:
      compilation.text().words(" ILIKE ");
      break;
    case sql::BinaryOperator::kNotIlike:
      compilation.text().words(" NOT ILIKE ");
      break;
    case sql::BinaryOperator::kNotLike:
      compilation.text().words(" NOT LIKE ");
      break;
    default:  // the last of the four patterns
      compilation.text().words(" LIKE ");
      break;
  }
  BRIDGE_RETURN_IF_ERROR(compilation.write(right, sql::Rank::kArithmetic));
  compilation.text().words(" ESCAPE '\\'");
  return {};
}

Status PostgresDialect::write_function(Compilation& compilation, Operand call) const {
  const std::string& portable = call.node->as<sql::FunctionCall>()->name;
  if (const FunctionWriter write = find_function_writer(portable)) return write(*this, compilation, call);
  const bool is_wide = is_wide_sum(*call.node);
  if (is_wide) compilation.text().words("CAST(");
  BRIDGE_RETURN_IF_ERROR(write_call(compilation, call, to_postgres_name(portable)));
  BRIDGE_RETURN_IF_ERROR(write_call_end(compilation, call));
  if (is_wide) compilation.text().words(" AS bigint)");
  return {};
}

Status PostgresDialect::write_window(Compilation& compilation, Operand window) const {
  const Operand call = Compilation::child(window, 0);
  if (!is_wide_sum(*call.node)) return Dialect::write_window(compilation, window);
  compilation.text().words("CAST(");
  BRIDGE_RETURN_IF_ERROR(write_call(compilation, call, call.node->as<sql::FunctionCall>()->name));
  BRIDGE_RETURN_IF_ERROR(write_call_end(compilation, call));
  BRIDGE_RETURN_IF_ERROR(compilation.write_over(window));
  compilation.text().words(" AS bigint)");
  return {};
}

// One array however many members: one text, one plan.
Status PostgresDialect::write_in_list(Compilation& compilation, bool is_negated, Operand left,
                                      Operand list) const {
  ColumnType member = list.node->type();
  member.storage = member.element;
  BRIDGE_RETURN_IF_ERROR(write_compared(compilation, left, nullptr));
  compilation.text().words(is_negated ? Words(" <> ALL(") : Words(" = ANY("));
  BRIDGE_RETURN_IF_ERROR(is_told_by_column(left.node, member) ? compilation.write_assigned(list)
                                                              : compilation.write(list));
  compilation.text().words(")");
  return {};
}

Status PostgresDialect::write_cast(Compilation& compilation, Operand operand,
                                   const ColumnType& target) const {
  const StorageType source = operand.node->type().storage;
  const bool crosses_zone =
      (source == StorageType::kTimestampUtc && target.storage != StorageType::kTimestampUtc) ||
      (source == StorageType::kTimestamp && target.storage == StorageType::kTimestampUtc);
  const bool is_temporal =
      target.storage >= StorageType::kDate && target.storage <= StorageType::kTimestampUtc;
  if (!crosses_zone || !is_temporal) return Dialect::write_cast(compilation, operand, target);
  // The same whatever the session's time zone is.
  compilation.text().words("CAST((");
  BRIDGE_RETURN_IF_ERROR(compilation.write(operand, sql::Rank::kAtom));
  compilation.text().words(" AT TIME ZONE 'UTC') AS ");
  BRIDGE_RETURN_IF_ERROR(write_type(compilation.text(), target));
  compilation.text().words(")");
  return {};
}

Status PostgresDialect::write_page(Compilation& compilation, Operand limit, Operand offset) const {
  if (limit) {
    compilation.text().words(" LIMIT ");
    compilation.write_whole(limit);
  }
  if (offset) {
    compilation.text().words(" OFFSET ");
    compilation.write_whole(offset);
  }
  return {};
}

// One array for each column, however many rows: one text, one plan.
Status PostgresDialect::write_values_source(Compilation& compilation, const sql::SourcePtr& source,
                                            const Identifier& name, std::size_t position) const {
  if (source->derived->kind != sql::DerivedKind::kLists)
    return Dialect::write_values_source(compilation, source, name, position);
  std::vector<Operand> lists;
  for (const sql::ExpressionPtr& list : source->derived->rows) lists.push_back({list.get(), position++});
  SqlWriter& text = compilation.text();
  text.words("unnest(");
  BRIDGE_RETURN_IF_ERROR(compilation.write_list(lists));
  text.words(") AS ").identifier(name).words("(");
  std::vector<std::size_t> columns(lists.size());
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  compilation.write_column_names(*source->table, columns);
  text.words(")");
  return {};
}

Status PostgresDialect::write_begin(SqlWriter& writer, const sql::Begin& begin) const {
  writer.words("BEGIN");
  switch (begin.isolation) {
    case sql::Isolation::kDefault:
      break;
    case sql::Isolation::kReadUncommitted:
      writer.words(" ISOLATION LEVEL READ UNCOMMITTED");
      break;
    case sql::Isolation::kReadCommitted:
      writer.words(" ISOLATION LEVEL READ COMMITTED");
      break;
    case sql::Isolation::kRepeatableRead:
      writer.words(" ISOLATION LEVEL REPEATABLE READ");
      break;
    case sql::Isolation::kSerializable:
      writer.words(" ISOLATION LEVEL SERIALIZABLE");
      break;
  }
  if (begin.is_readonly) writer.words(" READ ONLY");
  if (begin.is_deferrable) writer.words(" DEFERRABLE");
  return {};
}

Status PostgresDialect::write_explain(SqlWriter& writer, const sql::Explain& explain) const {
  writer.words(explain.analyze ? Words("EXPLAIN (ANALYZE, BUFFERS) ") : Words("EXPLAIN "));
  return {};
}

Status PostgresDialect::write_bulk_target(SqlWriter& writer, const sql::Insert& insert) const {
  writer.table(*insert.source->table).words(" (");
  for (std::size_t index = 0; index < insert.columns.size(); ++index) {
    if (index > 0) writer.words(", ");
    writer.identifier(insert.source->table->columns[insert.columns[index]].name);
  }
  writer.words(")");
  return {};
}

}  // namespace bridge::postgres
