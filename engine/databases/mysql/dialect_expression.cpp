// Expressions as MySQL needs them: functions by other names, casts by its own types, NULLs put in their
// place.
#include <algorithm>
#include <array>
#include <optional>

#include "engine/databases/mysql/dialect.h"
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

Status write_wrapped(Compilation& compilation, Words opening, Operand operand, Words closing) {
  compilation.text().words(opening);
  BRIDGE_RETURN_IF_ERROR(compilation.write(operand));
  compilation.text().words(closing);
  return {};
}

Status write_pair(Compilation& compilation, Words opening, Operand left, Words middle, Operand right) {
  BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, opening, left, middle));
  return write_wrapped(compilation, "", right, ")");
}

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

// Dates and times are no numbers, and spans of time are numbers of microseconds only among themselves.
bool is_beside_numbers(StorageType left, StorageType right) {
  if (is_temporal(left) || is_temporal(right)) return true;
  return (left == StorageType::kInterval) != (right == StorageType::kInterval);
}

// With a NULL these yield NULL here, and skip it elsewhere.
bool meets_null_otherwise(Operand call, std::string_view portable) {
  if (portable != "greatest" && portable != "least") return false;
  const auto children = call.node->children();
  return std::any_of(children.begin(), children.end(),
                     [](const sql::ExpressionPtr& child) { return child->type().is_nullable; });
}

// The words of CAST's own list of types; empty where there is none.
Words to_cast_words(StorageType target) {
  switch (target) {
    case StorageType::kInt16:
    case StorageType::kInt32:
    case StorageType::kInt64:
      return " AS SIGNED)";
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
  if (sql::is_number(target)) return sql::is_number(source) || source == StorageType::kBool;
  if (is_temporal(target)) return is_temporal(source);
  return target == StorageType::kText &&
         (sql::is_number(source) || is_temporal(source) || source == StorageType::kInet);
}

}  // namespace

Status MysqlDialect::write_binary(Compilation& compilation, BinaryOperator operation, Operand left,
                                  Operand right) const {
  if (sql::is_arithmetic(operation) && is_beside_numbers(storage_of(left), storage_of(right)))
    return unsupported("arithmetic on dates, times and intervals; compute them where they are read");
  switch (operation) {
    case BinaryOperator::kConcatenate:
      return write_pair(compilation, "CONCAT(", left, ", ", right);
    case BinaryOperator::kIsDistinctFrom:
      compilation.text().words("NOT ");
      [[fallthrough]];
    case BinaryOperator::kIsNotDistinctFrom:
      return write_pair(compilation, "(", left, " <=> ", right);
    case BinaryOperator::kDivide:
      if (sql::is_integer(storage_of(left)) && sql::is_integer(storage_of(right)))
        return write_pair(compilation, "(", left, " DIV ", right);
      break;
    default:  // standard SQL says all others
      break;
  }
  return Dialect::write_binary(compilation, operation, left, right);
}

Status MysqlDialect::write_function(Compilation& compilation, Operand call) const {
  const auto& node = *call.node->as<sql::FunctionCall>();
  SqlWriter& text = compilation.text();
  if (node.name == "now") {
    text.words("UTC_TIMESTAMP(6)");
    return {};
  }
  if (node.name == "current_date") {
    text.words("UTC_DATE()");
    return {};
  }
  if (meets_null_otherwise(call, node.name)) return unsupported(node.name + " of arguments that may be NULL");
  const auto name = to_mysql_name(node.name);
  if (!name) return unsupported(node.name + "; compute it where the rows are read, or say it in raw SQL");
  // Sums of integers are decimals here.
  const bool is_sum = node.name == "sum" && sql::is_integer(call.node->type().storage);
  if (is_sum) text.words("CAST(");
  text.function(*name).words(node.is_distinct ? Words("(DISTINCT ") : Words("("));
  const std::size_t count = sql::argument_count(*call.node);
  for (std::size_t index = 0; index < count; ++index) {
    if (index > 0) text.words(", ");
    BRIDGE_RETURN_IF_ERROR(compilation.write(Compilation::child(call, index)));
  }
  BRIDGE_RETURN_IF_ERROR(write_call_end(compilation, call));
  if (is_sum) text.words(" AS SIGNED)");
  return {};
}

// What CAST would cut or make zero of with no more than a warning is refused.
Status MysqlDialect::write_cast(Compilation& compilation, Operand operand, const ColumnType& target) const {
  const StorageType source = storage_of(operand);
  if (target.storage == StorageType::kDecimal && (sql::is_number(source) || source == StorageType::kBool)) {
    BRIDGE_RETURN_IF_ERROR(write_wrapped(compilation, "CAST(", operand, " AS "));
    BRIDGE_RETURN_IF_ERROR(write_type(compilation.text(), target));
    compilation.text().words(")");
    return {};
  }
  if (source == target.storage) return compilation.write(operand, sql::Rank::kAtom);
  if (!can_become(source, target.storage))
    return unsupported("cast from " + sql::describe(operand.node->type()) + " to " + sql::describe(target));
  return write_wrapped(compilation, "CAST(", operand, to_cast_words(target.storage));
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
