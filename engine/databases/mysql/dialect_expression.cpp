// Expressions as MySQL needs them: functions by other names, casts by its own types, NULLs put in their
// place.
#include <algorithm>
#include <array>
#include <optional>

#include "engine/databases/mysql/dialect.h"
#include "engine/databases/mysql/dialect_functions.h"
#include "engine/databases/mysql/dialect_moments.h"
#include "engine/databases/mysql/dialect_pieces.h"
#include "engine/sql/compilation.h"
#include "engine/sql/functions.h"
#include "engine/sql/operand_types.h"

namespace bridge::mysql {
namespace {

using sql::BinaryOperator;
using sql::Compilation;
using sql::Operand;
using sql::SqlWriter;
using types::ColumnType;
using types::StorageType;
using Words = SqlWriter::Words;

StorageType storage_of(Operand operand) { return operand.node->type().storage; }
bool is_temporal(StorageType storage) {
  return storage >= StorageType::kDate && storage <= StorageType::kTimestampUtc;
}

constexpr Words kAsWholeNumber = " AS SIGNED)";

struct Renamed {
  std::string_view portable;
  std::string_view ours;
};
// The portable functions that mean the same here, sorted by name.
constexpr std::array kSpoken = {
    Renamed{"abs", "abs"},
    Renamed{"avg", "avg"},
    Renamed{"bool_and", "min"},
    Renamed{"bool_or", "max"},
    Renamed{"ceil", "ceil"},
    Renamed{"coalesce", "coalesce"},
    Renamed{"count", "count"},
    Renamed{"cume_dist", "cume_dist"},
    Renamed{"dense_rank", "dense_rank"},
    Renamed{"first_value", "first_value"},
    Renamed{"floor", "floor"},
    Renamed{"greatest", "greatest"},
    Renamed{"instr", "instr"},
    Renamed{"lag", "lag"},
    Renamed{"last_value", "last_value"},
    Renamed{"lead", "lead"},
    Renamed{"least", "least"},
    Renamed{"length", "char_length"},
    Renamed{"lower", "lower"},
    Renamed{"ltrim", "ltrim"},
    Renamed{"max", "max"},
    Renamed{"min", "min"},
    Renamed{"mod", "mod"},
    Renamed{"nth_value", "nth_value"},
    Renamed{"ntile", "ntile"},
    Renamed{"nullif", "nullif"},
    Renamed{"percent_rank", "percent_rank"},
    Renamed{"rank", "rank"},
    Renamed{"replace", "replace"},
    Renamed{"round", "round"},
    Renamed{"row_number", "row_number"},
    Renamed{"rtrim", "rtrim"},
    Renamed{"substring", "substring"},
    Renamed{"sum", "sum"},
    Renamed{"trim", "trim"},
    Renamed{"upper", "upper"},
};

// A portable function by its name here, or nothing where it would mean something else; a function of the
// database's own stays what the query called it.
std::optional<std::string_view> to_mysql_name(std::string_view portable) {
  const auto* const found = std::find_if(kSpoken.begin(), kSpoken.end(),
                                         [&](const Renamed& known) { return known.portable == portable; });
  if (found != kSpoken.end()) return found->ours;
  if (sql::find_function(portable) != nullptr) return std::nullopt;
  return portable;
}

// Spans of time are whole numbers of microseconds.
bool is_span_with_real(StorageType left, StorageType right) {
  return (left == StorageType::kInterval && right == StorageType::kFloat64) ||
         (left == StorageType::kFloat64 && right == StorageType::kInterval);
}

bool is_whole(StorageType storage) { return sql::is_integer(storage) || storage == StorageType::kInterval; }

// Sums of whole numbers are decimals here, and so are averages of spans.
bool is_widened(Operand call) {
  const std::string& portable = call.node->as<sql::FunctionCall>()->name;
  const StorageType storage = storage_of(call);
  return (portable == "sum" && is_whole(storage)) || (portable == "avg" && storage == StorageType::kInterval);
}

// The words of CAST's own list of types; empty where there is none.
Words to_cast_words(StorageType target) {
  switch (target) {
    case StorageType::kInt16:
    case StorageType::kInt32:
    case StorageType::kInt64:
      return kAsWholeNumber;
    case StorageType::kFloat64:
      return " AS DOUBLE)";
    case StorageType::kText:
      return " AS CHAR CHARACTER SET utf8mb4)";
    case StorageType::kBytes:
      return " AS BINARY)";
    case StorageType::kDate:
      return " AS DATE)";
    case StorageType::kTime:
      return " AS TIME(6))";
    case StorageType::kTimestamp:
    case StorageType::kTimestampUtc:
      return " AS DATETIME(6))";
    case StorageType::kBool:
    case StorageType::kDecimal:
    case StorageType::kInterval:
    case StorageType::kUuid:
    case StorageType::kJson:
    case StorageType::kInet:
    case StorageType::kArray:
      break;
  }
  return "";
}

bool can_become(StorageType source, StorageType target) {
  if (sql::is_number(target))
    return sql::is_number(source) || source == StorageType::kBool || source == StorageType::kText;
  if (is_temporal(target)) return is_temporal(source);
  switch (target) {
    case StorageType::kText:
      return sql::is_number(source) || is_temporal(source) || source == StorageType::kInet ||
             source == StorageType::kJson || source == StorageType::kBool;
    case StorageType::kBool:
      return sql::is_integer(source);
    case StorageType::kJson:
      return source == StorageType::kText;
    default:
      return false;
  }
}

constexpr Words kIfWhole = " REGEXP '^[[:space:]]*[-+]?[0-9]+[[:space:]]*$' THEN ";
constexpr Words kIfNumber =
    " REGEXP '^[[:space:]]*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?[[:space:]]*$' THEN ";

// Text that is no number would become zero with no more than a warning.
Status write_number_of_text(const MysqlDialect& dialect, Compilation& compilation, Operand operand,
                            bool is_whole_number) {
  BRIDGE_RETURN_IF_ERROR(
      write_wrapped(compilation, "CAST(CASE WHEN ", operand, is_whole_number ? kIfWhole : kIfNumber));
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "", operand, " ELSE "));
  BRIDGE_RETURN_IF_ERROR(dialect.write_refusal(compilation, {&operand, 1}));
  compilation.text().words(" END AS ");
  return {};
}

}  // namespace

Status MysqlDialect::write_binary(Compilation& compilation, BinaryOperator operation, Operand left,
                                  Operand right) const {
  if (sql::is_arithmetic(operation)) {
    const bool is_moment = is_temporal(storage_of(left));
    if (is_moment && is_temporal(storage_of(right))) return write_distance(compilation, left, right);
    if (is_moment) return write_moved(*this, compilation, operation, left, right);
    if (is_temporal(storage_of(right))) return write_moved(*this, compilation, operation, right, left);
    if (is_span_with_real(storage_of(left), storage_of(right)))
      return unsupported("arithmetic on intervals with floating-point numbers");
  }
  switch (operation) {
    case BinaryOperator::kConcatenate:
      return write_pair(compilation, "CONCAT(", left, ", ", right);
    case BinaryOperator::kIsDistinctFrom:
      compilation.text().words("NOT ");
      [[fallthrough]];
    case BinaryOperator::kIsNotDistinctFrom:
      return write_pair(compilation, "(", left, " <=> ", right);
    case BinaryOperator::kDivide:
      if (is_whole(storage_of(left)) && is_whole(storage_of(right)))
        return write_pair(compilation, "(", left, " DIV ", right);
      break;
    default:  // standard SQL says all others
      break;
  }
  return Dialect::write_binary(compilation, operation, left, right);
}

// Text is what a bound value is taken for where nothing tells its type.
Status MysqlDialect::write_parameter(Compilation& compilation, Operand parameter) const {
  const StorageType storage = storage_of(parameter);
  if (storage == StorageType::kJson || storage == StorageType::kArray)
    return write_typed_value(compilation, parameter);
  return compilation.write_assigned(parameter);
}

Status MysqlDialect::write_selected_value(Compilation& compilation, Operand parameter) const {
  if (storage_of(parameter) != StorageType::kDecimal) return write_typed_value(compilation, parameter);
  return write_wrapped(compilation, "CASE WHEN TRUE THEN ", parameter, " ELSE 0.0 END");  // keeps its digits
}

Status MysqlDialect::write_document(Compilation& compilation, Operand operand) const {
  return compilation.write(operand);
}

// A path takes a key as a JSON string.
Status MysqlDialect::write_path_key(Compilation& compilation, Operand key) const {
  return write_wrapped(compilation, "JSON_QUOTE(", key, ")");
}

// What begins like this is no document.
Status MysqlDialect::write_refusal(Compilation& compilation, std::span<const Operand> values) const {
  compilation.text().words("JSON_UNQUOTE(CAST(CONCAT('!'");
  for (const Operand value : values) {
    compilation.text().words(", ");
    BRIDGE_RETURN_IF_ERROR(compilation.write(value));
  }
  compilation.text().words(") AS JSON))");
  return {};
}

namespace {

// What a filter leaves out counts as NULL, which these aggregates skip.
Status write_argument(Compilation& compilation, Operand call, std::size_t index) {
  const auto& node = *call.node->as<sql::FunctionCall>();
  const Operand argument = Compilation::child(call, index);
  if (!node.has_filter || index > 0) return compilation.write(argument);
  const Operand filter = Compilation::child(call, sql::argument_count(*call.node) + node.order_count);
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "CASE WHEN ", filter, " THEN "));
  if (argument.node->as<sql::Star>() != nullptr) {
    compilation.text().words("1 END");
    return {};
  }
  return write_wrapped(compilation, "", argument, " END");
}

}  // namespace

Status MysqlDialect::write_plain_call(Compilation& compilation, Operand call) const {
  const auto& node = *call.node->as<sql::FunctionCall>();
  // With a NULL these yield NULL here, where they must skip it.
  if (is_skipping_null(call)) return write_skipping_null(compilation, call, node.name, "");
  if (node.is_within_group)
    return unsupported("WITHIN GROUP; number the rows with row_number and pick one of them");
  const auto name = to_mysql_name(node.name);
  if (!name) return unsupported(node.name + "; compute it where the rows are read, or say it in raw SQL");
  SqlWriter& text = compilation.text();
  text.function(*name).words(node.is_distinct ? Words("(DISTINCT ") : Words("("));
  const std::size_t count = sql::argument_count(*call.node);
  for (std::size_t index = 0; index < count; ++index) {
    if (index > 0) text.words(", ");
    BRIDGE_RETURN_IF_ERROR(write_argument(compilation, call, index));
  }
  if (!node.has_filter || node.order_count > 0) return write_call_end(compilation, call);
  text.words(")");
  return {};
}

Status MysqlDialect::write_function(Compilation& compilation, Operand call) const {
  const std::string& portable = call.node->as<sql::FunctionCall>()->name;
  SqlWriter& text = compilation.text();
  if (portable == "now") {
    text.words("UTC_TIMESTAMP(6)");
    return {};
  }
  if (portable == "current_date") {
    text.words("UTC_DATE()");
    return {};
  }
  if (const FunctionWriter write = find_function_writer(portable)) return write(*this, compilation, call);
  const bool is_wide = is_widened(call);
  if (is_wide) text.words("CAST(");
  BRIDGE_RETURN_IF_ERROR(write_plain_call(compilation, call));
  if (is_wide) text.words(kAsWholeNumber);
  return {};
}

Status MysqlDialect::write_window(Compilation& compilation, Operand window) const {
  const auto& node = *window.node->as<sql::Window>();
  if (node.frame.unit == sql::FrameUnit::kGroups) return unsupported("frames of groups; use rows or range");
  if (node.frame.exclusion != sql::FrameExclusion::kNoOthers)
    return unsupported("frames that exclude rows; compute the others and take them away");
  const std::size_t first_key = 1 + node.partition_count;
  const bool has_distance = window.node->children().size() > first_key + node.order_count;
  if (node.frame.unit == sql::FrameUnit::kRange && has_distance &&
      is_temporal(window.node->children()[first_key]->type().storage))
    return unsupported("range by distance over dates and times; use rows, or order by a whole number");
  const Operand call = Compilation::child(window, 0);
  if (!is_widened(call)) return Dialect::write_window(compilation, window);
  compilation.text().words("CAST(");
  BRIDGE_RETURN_IF_ERROR(write_plain_call(compilation, call));
  BRIDGE_RETURN_IF_ERROR(compilation.write_over(window));
  compilation.text().words(kAsWholeNumber);
  return {};
}

// What CAST would cut or make zero of with no more than a warning is refused, by us or by the server.
Status MysqlDialect::write_cast(Compilation& compilation, Operand operand, const ColumnType& target) const {
  const StorageType source = storage_of(operand);
  const bool is_decimal = target.storage == StorageType::kDecimal;
  if (source == target.storage && !is_decimal) return compilation.write(operand, sql::Rank::kAtom);
  if (source != target.storage && !can_become(source, target.storage))
    return unsupported("cast from " + sql::describe(operand.node->type()) + " to " + sql::describe(target));
  if (target.storage == StorageType::kBool) return write_wrapped(compilation, "((", operand, ") <> 0)");
  if (target.storage == StorageType::kJson) return write_wrapped(compilation, "CAST(", operand, " AS JSON)");
  if (source == StorageType::kBool && target.storage == StorageType::kText)
    return write_wrapped(compilation, "CASE ", operand, " WHEN 1 THEN 'true' WHEN 0 THEN 'false' END");
  if (source != StorageType::kText && !is_decimal)
    return write_wrapped(compilation, "CAST(", operand, to_cast_words(target.storage));
  if (source == StorageType::kText) {
    BRIDGE_RETURN_IF_ERROR(
        write_number_of_text(*this, compilation, operand, sql::is_integer(target.storage)));
  } else {
    BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "CAST(", operand, " AS "));
  }
  if (sql::is_integer(target.storage) || (sql::is_integer(source) && target.precision == 0)) {
    compilation.text().words("DECIMAL(65, 0)");  // too large a number is told where it is read
  } else {
    BRIDGE_RETURN_IF_ERROR(write_type(compilation.text(), target));
  }
  compilation.text().words(")");
  return {};
}

// NULLs come first here, and last behind DESC; whatever else is asked for gets a key of its own before.
Status MysqlDialect::write_ordering(Compilation& compilation, Operand key,
                                    const sql::Ordering& ordering) const {
  const bool wants_last = ordering.nulls == sql::NullsOrder::kLast;
  const bool are_last = ordering.is_descending;
  if (ordering.nulls != sql::NullsOrder::kDefault && wants_last != are_last) {
    BRIDGE_RETURN_IF_ERROR(write_compared(compilation, key, nullptr));
    compilation.text().words(wants_last ? Words(" IS NULL, ") : Words(" IS NULL DESC, "));
  }
  BRIDGE_RETURN_IF_ERROR(write_compared(compilation, key, nullptr));
  if (ordering.is_descending) compilation.text().words(" DESC");
  return {};
}

Status MysqlDialect::write_place_ordering(Compilation& compilation, std::size_t place, const ColumnType&,
                                          const sql::Ordering& ordering) const {
  const bool wants_last = ordering.nulls == sql::NullsOrder::kLast;
  if (ordering.nulls != sql::NullsOrder::kDefault && wants_last != ordering.is_descending)
    return unsupported("place for NULLs in the order of a set operation; order a subquery of it");
  compilation.text().number(place);
  if (ordering.is_descending) compilation.text().words(" DESC");
  return {};
}

}  // namespace bridge::mysql
