// Expressions as SQLite needs them: exact decimals, identity tests, functions by other names.
#include <algorithm>
#include <array>

#include "engine/databases/sqlite/dialect.h"
#include "engine/databases/sqlite/dialect_functions.h"
#include "engine/databases/sqlite/dialect_moments.h"
#include "engine/sql/compilation.h"
#include "engine/sql/functions.h"
#include "engine/sql/operand_types.h"

namespace bridge::sqlite {
namespace {

using sql::BinaryOperator;
using sql::Compilation;
using sql::Operand;
using sql::SqlWriter;
using types::ColumnType;
using types::StorageType;
using Words = SqlWriter::Words;

constexpr Words kByNumber = " COLLATE bridge_decimal";  // the order of decimals, which are texts

StorageType storage_of(Operand operand) { return operand.node->type().storage; }
bool is_decimal(Operand operand) { return storage_of(operand) == StorageType::kDecimal; }
bool is_temporal(StorageType storage) {
  return storage >= StorageType::kDate && storage <= StorageType::kTimestampUtc;
}

Words to_decimal_function(BinaryOperator operation) {
  switch (operation) {
    case BinaryOperator::kAdd:
      return "bridge_decimal_add(";
    case BinaryOperator::kSubtract:
      return "bridge_decimal_subtract(";
    case BinaryOperator::kMultiply:
      return "bridge_decimal_multiply(";
    case BinaryOperator::kDivide:
      return "bridge_decimal_divide(";
    default:  // the last of the arithmetic operators
      return "bridge_decimal_modulo(";
  }
}

Status write_pair(Compilation& compilation, Words opening, Operand left, Operand right) {
  compilation.text().words(opening);
  BRIDGE_RETURN_IF_ERROR(compilation.write(left));
  compilation.text().words(", ");
  BRIDGE_RETURN_IF_ERROR(compilation.write(right));
  compilation.text().words(")");
  return {};
}

Status write_around(Compilation& compilation, Words opening, Operand operand, Words closing) {
  compilation.text().words(opening);
  BRIDGE_RETURN_IF_ERROR(compilation.write(operand));
  compilation.text().words(closing);
  return {};
}

// The same function under SQLite's name, as far as it means the same.
std::string_view to_name(const sql::FunctionCall& call, const ColumnType& result) {
  struct Renamed {
    std::string_view portable;
    std::string_view ours;
  };
  constexpr std::array<Renamed, 6> kRenamed = {{{"bool_and", "min"},
                                                {"bool_or", "max"},
                                                {"greatest", "max"},
                                                {"least", "min"},
                                                {"string_agg", "group_concat"},
                                                {"substring", "substr"}}};
  if (result.storage == StorageType::kDecimal && call.name == "sum") return "bridge_decimal_sum";
  if (result.storage == StorageType::kDecimal && call.name == "avg") return "bridge_decimal_avg";
  const auto* const found = std::find_if(kRenamed.begin(), kRenamed.end(),
                                         [&](const Renamed& known) { return known.portable == call.name; });
  return found == kRenamed.end() ? std::string_view(call.name) : found->ours;
}

// Functions that tell their arguments apart, and so need the collation with decimals.
bool compares_arguments(const sql::FunctionCall& call) {
  constexpr std::array<std::string_view, 5> kComparing = {"greatest", "least", "max", "min", "nullif"};
  return call.is_distinct || std::find(kComparing.begin(), kComparing.end(), call.name) != kComparing.end();
}

Status write_call(const SqliteDialect& dialect, Compilation& compilation, Operand call) {
  const auto& node = *call.node->as<sql::FunctionCall>();
  const std::size_t count = sql::argument_count(*call.node);
  SqlWriter& text = compilation.text();
  text.function(to_name(node, call.node->type())).words(node.is_distinct ? Words("(DISTINCT ") : Words("("));
  for (std::size_t index = 0; index < count; ++index) {
    if (index > 0) text.words(", ");
    const Operand argument = Compilation::child(call, index);
    BRIDGE_RETURN_IF_ERROR(compares_arguments(node) ? dialect.write_compared(compilation, argument, nullptr)
                                                    : compilation.write(argument));
  }
  return dialect.write_call_end(compilation, call);
}

Status write_absolute_decimal(Compilation& compilation, Operand number) {
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "CASE WHEN (", number,
                                      ") COLLATE bridge_decimal < '0' THEN bridge_decimal_negate("));
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "", number, ") ELSE "));
  return write_around(compilation, "", number, " END");
}

// Half away from zero: what numeric does elsewhere.
Status write_rounded(Compilation& compilation, Operand number, std::size_t scale) {
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "bridge_decimal_round(", number, ", "));
  compilation.text().number(scale).words(")");
  return {};
}

Status write_decimal_as_integer(Compilation& compilation, Operand number) {
  return write_around(compilation, "CAST(bridge_decimal_round(", number, ", 0) AS INTEGER)");
}

Status write_as_text(Compilation& compilation, Operand operand) {
  if (storage_of(operand) == StorageType::kBool)
    return write_around(compilation, "CASE (", operand, ") WHEN 1 THEN 'true' WHEN 0 THEN 'false' END");
  return write_around(compilation, "CAST(", operand, " AS TEXT)");
}

Status write_as_integer(Compilation& compilation, Operand operand) {
  switch (storage_of(operand)) {
    case StorageType::kFloat64:
      return write_around(compilation, "CAST(ROUND(", operand, ") AS INTEGER)");
    case StorageType::kDecimal:
      return write_decimal_as_integer(compilation, operand);
    case StorageType::kText:  // the addition refuses what is no number, where CAST would make it 0
      return write_around(compilation, "CAST(bridge_decimal_add(", operand, ", 0) AS INTEGER)");
    default:  // bool and the other widths are stored as integers already
      return compilation.write(operand, sql::Rank::kAtom);
  }
}

Status write_as_real(Compilation& compilation, Operand operand) {
  if (storage_of(operand) == StorageType::kText)
    return write_around(compilation, "CAST(bridge_decimal_add(", operand, ", 0) AS REAL)");
  return write_around(compilation, "CAST(", operand, " AS REAL)");
}

Status write_as_decimal(Compilation& compilation, Operand operand) {
  return write_around(compilation, "bridge_decimal_add(", operand, ", 0)");
}

// Cuts and glues the fixed forms of the stored texts.
Status write_as_temporal(Compilation& compilation, Operand operand, StorageType target) {
  const StorageType source = storage_of(operand);
  switch (target) {
    case StorageType::kDate:
      return write_around(compilation, "substr(", operand, ", 1, 10)");
    case StorageType::kTime:
      return write_around(compilation, "substr(", operand, ", 12, 15)");
    case StorageType::kTimestamp:
      if (source == StorageType::kTimestampUtc)
        return write_around(compilation, "substr(", operand, ", 1, 26)");
      return write_around(compilation, "((", operand, ") || ' 00:00:00.000000')");
    default:  // a timestamp in UTC
      if (source == StorageType::kTimestamp)
        return write_around(compilation, "((", operand, ") || '+00:00')");
      return write_around(compilation, "((", operand, ") || ' 00:00:00.000000+00:00')");
  }
}

bool can_become_text(StorageType source) {
  return source == StorageType::kBool || sql::is_number(source) || source == StorageType::kJson ||
         is_temporal(source) || source == StorageType::kInet;
}

bool can_become_number(StorageType source, StorageType target) {
  if (source == StorageType::kText) return true;
  if (target == StorageType::kDecimal) return sql::is_integer(source);
  return sql::is_number(source) || (sql::is_integer(target) && source == StorageType::kBool);
}

bool can_become_temporal(StorageType source, StorageType target) {
  const bool is_point = source == StorageType::kTimestamp || source == StorageType::kTimestampUtc;
  if (target == StorageType::kDate || target == StorageType::kTime) return is_point;
  return is_point || source == StorageType::kDate;
}

bool can_become(StorageType source, StorageType target) {
  if (sql::is_number(target)) return can_become_number(source, target);
  if (is_temporal(target)) return can_become_temporal(source, target);
  switch (target) {
    case StorageType::kText:
      return can_become_text(source);
    case StorageType::kBool:
      return sql::is_integer(source);
    case StorageType::kJson:
      return source == StorageType::kText;
    default:
      return false;
  }
}

// For what `can_become` permits.
Status write_converted(Compilation& compilation, Operand operand, StorageType target) {
  switch (target) {
    case StorageType::kInt16:
    case StorageType::kInt32:
    case StorageType::kInt64:
      return write_as_integer(compilation, operand);
    case StorageType::kFloat64:
      return write_as_real(compilation, operand);
    case StorageType::kDecimal:
      return write_as_decimal(compilation, operand);
    case StorageType::kText:
      return write_as_text(compilation, operand);
    case StorageType::kBool:
      return write_around(compilation, "((", operand, ") <> 0)");
    case StorageType::kJson:
      return write_around(compilation, "json(", operand, ")");
    default:
      return write_as_temporal(compilation, operand, target);
  }
}

// What SQLite cannot compute as it is meant; empty when it can.
std::string_view find_unsupported(BinaryOperator operation, StorageType left, StorageType right) {
  const bool has_interval = left == StorageType::kInterval || right == StorageType::kInterval;
  const bool has_float = left == StorageType::kFloat64 || right == StorageType::kFloat64;
  if (has_interval && has_float) return "arithmetic on intervals with floating-point numbers";
  // Here % cuts floating-point numbers to integers.
  if (has_float && operation == BinaryOperator::kModulo) return "modulo of floating-point numbers";
  return {};
}

// Each value of a row as its partner in the other row needs it.
Status write_compared_row(const SqliteDialect& dialect, Compilation& compilation, Operand row,
                          const sql::Expression* other) {
  const bool meets_row = other != nullptr && other->as<sql::Row>() != nullptr;
  compilation.text().words("(");
  for (std::size_t index = 0; index < row.node->children().size(); ++index) {
    if (index > 0) compilation.text().words(", ");
    const sql::Expression* const partner = meets_row ? other->children()[index].get() : nullptr;
    BRIDGE_RETURN_IF_ERROR(dialect.write_compared(compilation, Compilation::child(row, index), partner));
  }
  compilation.text().words(")");
  return {};
}

Status write_modulo(Compilation& compilation, Operand left, Operand right) {
  if (is_decimal(left) || is_decimal(right))
    return write_pair(compilation, "bridge_decimal_modulo(", left, right);
  BRIDGE_RETURN_IF_ERROR(write_around(compilation, "((", left, ") % ("));
  return write_around(compilation, "", right, "))");
}

// The nearest whole number, and one more or less where that is on the wrong side.
Status write_whole_decimal(Compilation& compilation, Operand number, bool is_ceiling) {
  SqlWriter& text = compilation.text();
  text.words("CASE WHEN ");
  BRIDGE_RETURN_IF_ERROR(write_rounded(compilation, number, 0));
  text.words(is_ceiling ? Words(" COLLATE bridge_decimal < ") : Words(" COLLATE bridge_decimal > "));
  BRIDGE_RETURN_IF_ERROR(compilation.write(number, sql::Rank::kAtom));
  text.words(is_ceiling ? Words(" THEN bridge_decimal_add(") : Words(" THEN bridge_decimal_subtract("));
  BRIDGE_RETURN_IF_ERROR(write_rounded(compilation, number, 0));
  text.words(", '1') ELSE ");
  BRIDGE_RETURN_IF_ERROR(write_rounded(compilation, number, 0));
  text.words(" END");
  return {};
}

// The mean of spans, which are whole microseconds, is one, too.
bool is_mean_of_spans(const sql::Expression& call) {
  return call.type().storage == StorageType::kInterval && call.as<sql::FunctionCall>()->name == "avg";
}

// `write` writes the mean, with its filter or window.
template <typename Write>
Status write_mean_of_spans(Compilation& compilation, Write write) {
  compilation.text().words("CAST(ROUND(");
  BRIDGE_RETURN_IF_ERROR(write());
  compilation.text().words(") AS INTEGER)");
  return {};
}

// A call whose first argument is a decimal.
Status write_decimal_call(const SqliteDialect& dialect, Compilation& compilation, Operand call) {
  const std::string& portable = call.node->as<sql::FunctionCall>()->name;
  const Operand number = Compilation::child(call, 0);
  if (portable == "abs") return write_absolute_decimal(compilation, number);
  if (portable == "ceil" || portable == "floor")
    return write_whole_decimal(compilation, number, portable == "ceil");
  if (portable != "round") return write_call(dialect, compilation, call);
  if (call.node->children().size() == 1) return write_rounded(compilation, number, 0);
  return write_pair(compilation, "bridge_decimal_round(", number, Compilation::child(call, 1));
}

}  // namespace

// An integer beside a decimal must become text: SQLite puts all numbers before all text.
Status SqliteDialect::write_compared(Compilation& compilation, Operand operand,
                                     const sql::Expression* other) const {
  if (operand.node->as<sql::Row>() != nullptr) return write_compared_row(*this, compilation, operand, other);
  const bool meets_decimal = other != nullptr && other->type().storage == StorageType::kDecimal;
  if (sql::is_integer(storage_of(operand)) && meets_decimal) return write_as_text(compilation, operand);
  if (!is_decimal(operand)) return compilation.write(operand, sql::Rank::kArithmetic);
  BRIDGE_RETURN_IF_ERROR(compilation.write(operand, sql::Rank::kAtom));
  // its partner brings the collation
  const bool is_plain_value = other != nullptr && operand.node->as<sql::Parameter>() != nullptr;
  if (!is_plain_value) compilation.text().words(kByNumber);
  return {};
}

Status SqliteDialect::write_binary(Compilation& compilation, BinaryOperator operation, Operand left,
                                   Operand right) const {
  if (sql::is_arithmetic(operation)) {
    if (is_decimal(left) || is_decimal(right))
      return write_pair(compilation, to_decimal_function(operation), left, right);
    if (is_temporal(storage_of(left)) && is_temporal(storage_of(right)))
      return write_distance(compilation, left, right);
    if (is_temporal(storage_of(left))) return write_moved(*this, compilation, operation, left, right);
    if (is_temporal(storage_of(right))) return write_moved(*this, compilation, operation, right, left);
    const std::string_view problem = find_unsupported(operation, storage_of(left), storage_of(right));
    if (!problem.empty()) return unsupported(problem);
  }
  const bool is_identity =
      operation == BinaryOperator::kIsDistinctFrom || operation == BinaryOperator::kIsNotDistinctFrom;
  if (!is_identity) return Dialect::write_binary(compilation, operation, left, right);
  BRIDGE_RETURN_IF_ERROR(write_compared(compilation, left, right.node));
  compilation.text().words(operation == BinaryOperator::kIsDistinctFrom ? Words(" IS NOT ") : Words(" IS "));
  return write_compared(compilation, right, left.node);
}

Status SqliteDialect::write_negated(Compilation& compilation, Operand operand) const {
  if (is_decimal(operand)) return write_around(compilation, "bridge_decimal_negate(", operand, ")");
  return Dialect::write_negated(compilation, operand);
}

Status SqliteDialect::write_function(Compilation& compilation, Operand call) const {
  const std::string& portable = call.node->as<sql::FunctionCall>()->name;
  if (const FunctionWriter write = find_function_writer(portable)) return write(*this, compilation, call);
  if (portable == "now") {
    // milliseconds are what SQLite knows
    compilation.text().words("strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')");
    return {};
  }
  if (portable == "current_date") {
    compilation.text().words("date('now')");
    return {};
  }
  const auto& node = *call.node->as<sql::FunctionCall>();
  if (node.is_distinct && sql::argument_count(*call.node) > 1)
    return unsupported("DISTINCT in " + portable + " with two arguments; aggregate a distinct subquery");
  // With a NULL these yield NULL here, where they must skip it.
  if (is_skipping_null(call))
    return write_skipping_null(compilation, call, portable == "greatest" ? "max" : "min",
                               is_decimal(call) ? kByNumber : Words(""));
  if (is_mean_of_spans(*call.node))
    return write_mean_of_spans(compilation, [&] { return write_call(*this, compilation, call); });
  const std::size_t count = call.node->children().size();
  if (portable == "mod" && count == 2)
    return write_modulo(compilation, Compilation::child(call, 0), Compilation::child(call, 1));
  if (count == 0 || !is_decimal(Compilation::child(call, 0))) return write_call(*this, compilation, call);
  return write_decimal_call(*this, compilation, call);
}

// A computed decimal is rounded to its column, as a typed column does elsewhere; a bound one comes at its
// column's scale.
Status SqliteDialect::write_stored(Compilation& compilation, Operand value, const sql::Column& column) const {
  const bool is_fixed = column.type.storage == StorageType::kDecimal && column.type.precision > 0;
  if (!is_fixed || value.node->as<sql::Parameter>() != nullptr) return compilation.write_assigned(value);
  return write_rounded(compilation, value, column.type.scale);
}

Status SqliteDialect::write_cast(Compilation& compilation, Operand operand, const ColumnType& target) const {
  const StorageType source = storage_of(operand);
  const bool is_rounding = source == StorageType::kDecimal && target.precision > 0;
  if (is_rounding && target.storage == StorageType::kDecimal)
    return write_rounded(compilation, operand, target.scale);
  if (source == target.storage) return compilation.write(operand, sql::Rank::kAtom);
  if (can_become(source, target.storage)) return write_converted(compilation, operand, target.storage);
  return unsupported("cast from " + sql::describe(operand.node->type()) + " to " + sql::describe(target));
}

// Distances are only measured between numbers that are stored as such; everything else here is text.
Status SqliteDialect::write_window(Compilation& compilation, Operand window) const {
  const auto& node = *window.node->as<sql::Window>();
  const bool has_distance = window.node->children().size() > 1 + node.partition_count + node.order_count;
  if (node.frame.unit == sql::FrameUnit::kRange && has_distance) {
    const StorageType key = window.node->children()[1 + node.partition_count]->type().storage;
    if (!sql::is_integer(key) && key != StorageType::kFloat64 && key != StorageType::kInterval)
      return unsupported("range by distance over " + std::string(types::to_name(key)) +
                         "; use rows or groups, or order by a whole number");
  }
  const Operand call = Compilation::child(window, 0);
  if (!is_mean_of_spans(*call.node)) return Dialect::write_window(compilation, window);
  return write_mean_of_spans(compilation, [&]() -> Status {
    BRIDGE_RETURN_IF_ERROR(write_call(*this, compilation, call));
    return compilation.write_over(window);
  });
}

// The collation holds for the column of that place.
Status SqliteDialect::write_place_ordering(Compilation& compilation, std::size_t place,
                                           const ColumnType& type, const sql::Ordering& ordering) const {
  compilation.text().number(place);
  if (type.storage == StorageType::kDecimal) compilation.text().words(kByNumber);
  return write_direction(compilation, ordering);
}

}  // namespace bridge::sqlite
