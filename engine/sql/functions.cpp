// The table of known functions.
#include "engine/sql/functions.h"

#include <algorithm>
#include <array>

namespace bridge::sql {
namespace {

using types::ColumnType;
using types::StorageType;

constexpr bool kAggregate = true;
constexpr bool kScalar = false;
constexpr bool kWindow = true;

constexpr FunctionTraits scalar(std::string_view name, ResultRule rule) {
  return {name, kScalar, false, true, rule};
}
constexpr FunctionTraits aggregate(std::string_view name, ResultRule rule) {
  return {name, kAggregate, false, true, rule};
}
constexpr FunctionTraits window(std::string_view name, ResultRule rule) {
  return {name, kScalar, kWindow, true, rule};
}

// Sorted by name.
constexpr std::array kFunctions = {
    scalar("abs", ResultRule::kArgument),
    scalar("add_days", ResultRule::kArgument),
    scalar("add_months", ResultRule::kArgument),
    aggregate("array_agg", ResultRule::kNullableArgument),
    scalar("array_contains", ResultRule::kNullableBool),
    scalar("array_contains_all", ResultRule::kNullableBool),
    scalar("array_element", ResultRule::kNullableArgument),
    scalar("array_length", ResultRule::kInt64),
    scalar("array_overlaps", ResultRule::kNullableBool),
    aggregate("avg", ResultRule::kAverage),
    aggregate("bool_and", ResultRule::kNullableBool),
    aggregate("bool_or", ResultRule::kNullableBool),
    scalar("ceil", ResultRule::kArgument),
    scalar("coalesce", ResultRule::kCoalesced),
    aggregate("count", ResultRule::kInt64),
    window("cume_dist", ResultRule::kFloat64),
    scalar("current_date", ResultRule::kDate),
    scalar("days_between", ResultRule::kInt64),
    window("dense_rank", ResultRule::kInt64),
    scalar("extract_day", ResultRule::kInt64),
    scalar("extract_day_of_year", ResultRule::kInt64),
    scalar("extract_hour", ResultRule::kInt64),
    scalar("extract_minute", ResultRule::kInt64),
    scalar("extract_month", ResultRule::kInt64),
    scalar("extract_quarter", ResultRule::kInt64),
    scalar("extract_second", ResultRule::kInt64),
    scalar("extract_week", ResultRule::kInt64),
    scalar("extract_weekday", ResultRule::kInt64),
    scalar("extract_year", ResultRule::kInt64),
    window("first_value", ResultRule::kNullableArgument),
    scalar("floor", ResultRule::kArgument),
    scalar("greatest", ResultRule::kArgument),
    aggregate("grouping", ResultRule::kInt64),
    aggregate("json_agg", ResultRule::kNullableJson),
    scalar("json_contains", ResultRule::kNullableBool),
    scalar("json_element", ResultRule::kNullableJson),
    scalar("json_member", ResultRule::kNullableJson),
    aggregate("json_object_agg", ResultRule::kNullableJson),
    scalar("json_remove", ResultRule::kNullableJson),
    scalar("json_set", ResultRule::kNullableJson),
    scalar("json_text", ResultRule::kNullableText),
    window("lag", ResultRule::kNullableArgument),
    window("last_value", ResultRule::kNullableArgument),
    window("lead", ResultRule::kNullableArgument),
    scalar("least", ResultRule::kArgument),
    scalar("length", ResultRule::kInt64),
    scalar("lower", ResultRule::kText),
    scalar("ltrim", ResultRule::kText),
    aggregate("max", ResultRule::kNullableArgument),
    aggregate("min", ResultRule::kNullableArgument),
    scalar("mod", ResultRule::kArgument),
    aggregate("mode", ResultRule::kNullableArgument),
    scalar("now", ResultRule::kTimestampUtc),
    window("nth_value", ResultRule::kNullableArgument),
    window("ntile", ResultRule::kInt64),
    scalar("nullif", ResultRule::kNullableArgument),
    window("percent_rank", ResultRule::kFloat64),
    aggregate("percentile_cont", ResultRule::kNullableArgument),
    aggregate("percentile_disc", ResultRule::kNullableArgument),
    window("rank", ResultRule::kInt64),
    scalar("regexp_matches_any_case", ResultRule::kNullableBool),
    scalar("regexp_matches_text", ResultRule::kNullableBool),
    scalar("replace", ResultRule::kText),
    scalar("round", ResultRule::kArgument),
    window("row_number", ResultRule::kInt64),
    scalar("rtrim", ResultRule::kText),
    aggregate("string_agg", ResultRule::kNullableText),
    scalar("substring", ResultRule::kText),
    aggregate("sum", ResultRule::kSum),
    scalar("text_matches", ResultRule::kNullableBool),
    scalar("text_rank", ResultRule::kFloat64),
    scalar("trim", ResultRule::kText),
    scalar("truncate_day", ResultRule::kArgument),
    scalar("truncate_hour", ResultRule::kArgument),
    scalar("truncate_minute", ResultRule::kArgument),
    scalar("truncate_month", ResultRule::kArgument),
    scalar("truncate_quarter", ResultRule::kArgument),
    scalar("truncate_week", ResultRule::kArgument),
    scalar("truncate_year", ResultRule::kArgument),
    scalar("upper", ResultRule::kText),
};
static_assert(std::is_sorted(kFunctions.begin(), kFunctions.end(),
                             [](const FunctionTraits& left, const FunctionTraits& right) {
                               return left.name < right.name;
                             }));

constexpr bool is_integer(StorageType storage) {
  return storage == StorageType::kInt16 || storage == StorageType::kInt32 || storage == StorageType::kInt64;
}

ColumnType of(StorageType storage, bool is_nullable) {
  return {.storage = storage, .is_nullable = is_nullable};
}

ColumnType nullable(ColumnType type) {
  type.is_nullable = true;
  return type;
}

// A sum of decimals may need more digits than its addends, so it is unbounded.
ColumnType sum_of(const ColumnType& argument) {
  return of(is_integer(argument.storage) ? StorageType::kInt64 : argument.storage, true);
}

ColumnType average_of(const ColumnType& argument) {
  return of(is_integer(argument.storage) ? StorageType::kDecimal : argument.storage, true);
}

}  // namespace

const FunctionTraits* find_function(std::string_view name) {
  const auto* const found = std::lower_bound(
      kFunctions.begin(), kFunctions.end(), name,
      [](const FunctionTraits& traits, std::string_view wanted) { return traits.name < wanted; });
  return found != kFunctions.end() && found->name == name ? found : nullptr;
}

ColumnType apply_rule(ResultRule rule, const ColumnType& argument) {
  switch (rule) {
    case ResultRule::kArgument:
    case ResultRule::kCoalesced:
      return argument;
    case ResultRule::kNullableArgument:
      return nullable(argument);
    case ResultRule::kSum:
      return sum_of(argument);
    case ResultRule::kAverage:
      return average_of(argument);
    case ResultRule::kText:
      return of(StorageType::kText, argument.is_nullable);
    case ResultRule::kInt64:
      return of(StorageType::kInt64, argument.is_nullable);
    case ResultRule::kFloat64:
      return of(StorageType::kFloat64, argument.is_nullable);
    case ResultRule::kBool:
      return of(StorageType::kBool, argument.is_nullable);
    case ResultRule::kNullableBool:
      return of(StorageType::kBool, true);
    case ResultRule::kNullableText:
      return of(StorageType::kText, true);
    case ResultRule::kDate:
      return of(StorageType::kDate, false);
    case ResultRule::kTimestampUtc:
      return of(StorageType::kTimestampUtc, false);
    case ResultRule::kJson:
      return of(StorageType::kJson, argument.is_nullable);
    case ResultRule::kNullableJson:
      return of(StorageType::kJson, true);
  }
  return argument;
}

std::string_view to_name(ResultRule rule) {
  switch (rule) {
    case ResultRule::kArgument:
      return "argument";
    case ResultRule::kNullableArgument:
      return "nullable_argument";
    case ResultRule::kCoalesced:
      return "coalesced";
    case ResultRule::kSum:
      return "sum";
    case ResultRule::kAverage:
      return "decimal_average";
    case ResultRule::kText:
      return "text";
    case ResultRule::kInt64:
      return "int64";
    case ResultRule::kFloat64:
      return "float64";
    case ResultRule::kBool:
      return "bool";
    case ResultRule::kNullableBool:
      return "nullable_bool";
    case ResultRule::kNullableText:
      return "nullable_text";
    case ResultRule::kDate:
      return "date";
    case ResultRule::kTimestampUtc:
      return "timestamp_utc";
    case ResultRule::kJson:
      return "json";
    case ResultRule::kNullableJson:
      return "nullable_json";
  }
  return "unknown";
}

}  // namespace bridge::sql
