// The table of known functions.
#include "engine/sql/functions.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/sql/operand_types.h"

namespace bridge::sql {
namespace {

using types::ColumnType;
using types::StorageType;

constexpr bool kAggregate = true;
constexpr bool kScalar = false;
constexpr bool kWindow = true;

constexpr FunctionTraits scalar(std::string_view name, ResultRule rule,
                                ArgumentRule argument = ArgumentRule::kAny) {
  return {name, kScalar, false, true, rule, argument};
}
constexpr FunctionTraits aggregate(std::string_view name, ResultRule rule,
                                   ArgumentRule argument = ArgumentRule::kAny) {
  return {name, kAggregate, false, true, rule, argument};
}
constexpr FunctionTraits window(std::string_view name, ResultRule rule) {
  return {name, kScalar, kWindow, true, rule};
}

// Sorted by name.
constexpr std::array kFunctions = {
    scalar("abs", ResultRule::kArgument, ArgumentRule::kNumber),
    scalar("add_days", ResultRule::kArgument),
    scalar("add_months", ResultRule::kArgument),
    aggregate("array_agg", ResultRule::kNullableArgument),
    scalar("array_contains", ResultRule::kNullableBool, ArgumentRule::kArray),
    scalar("array_contains_all", ResultRule::kNullableBool, ArgumentRule::kArray),
    scalar("array_element", ResultRule::kNullableArgument, ArgumentRule::kArray),
    scalar("array_length", ResultRule::kInt64, ArgumentRule::kArray),
    scalar("array_overlaps", ResultRule::kNullableBool, ArgumentRule::kArray),
    aggregate("avg", ResultRule::kAverage, ArgumentRule::kQuantity),
    aggregate("bool_and", ResultRule::kNullableBool, ArgumentRule::kBool),
    aggregate("bool_or", ResultRule::kNullableBool, ArgumentRule::kBool),
    scalar("ceil", ResultRule::kArgument, ArgumentRule::kNumber),
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
    scalar("floor", ResultRule::kArgument, ArgumentRule::kNumber),
    scalar("greatest", ResultRule::kArgument),
    aggregate("grouping", ResultRule::kInt64),
    scalar("instr", ResultRule::kInt64, ArgumentRule::kText),
    aggregate("json_agg", ResultRule::kNullableJson),
    scalar("json_contains", ResultRule::kNullableBool, ArgumentRule::kJson),
    scalar("json_element", ResultRule::kNullableJson, ArgumentRule::kJson),
    scalar("json_member", ResultRule::kNullableJson, ArgumentRule::kJson),
    aggregate("json_object_agg", ResultRule::kNullableJson),
    scalar("json_remove", ResultRule::kNullableJson, ArgumentRule::kJson),
    scalar("json_set", ResultRule::kNullableJson, ArgumentRule::kJson),
    scalar("json_text", ResultRule::kNullableText, ArgumentRule::kJson),
    window("lag", ResultRule::kNullableArgument),
    window("last_value", ResultRule::kNullableArgument),
    window("lead", ResultRule::kNullableArgument),
    scalar("least", ResultRule::kArgument),
    scalar("length", ResultRule::kInt64, ArgumentRule::kText),
    scalar("lower", ResultRule::kText, ArgumentRule::kText),
    scalar("ltrim", ResultRule::kText, ArgumentRule::kText),
    aggregate("max", ResultRule::kNullableArgument),
    aggregate("min", ResultRule::kNullableArgument),
    scalar("mod", ResultRule::kArgument, ArgumentRule::kNumber),
    aggregate("mode", ResultRule::kNullableArgument),
    scalar("now", ResultRule::kTimestampUtc),
    window("nth_value", ResultRule::kNullableArgument),
    window("ntile", ResultRule::kInt64),
    scalar("nullif", ResultRule::kNullableArgument),
    window("percent_rank", ResultRule::kFloat64),
    aggregate("percentile_cont", ResultRule::kNullableArgument),
    aggregate("percentile_disc", ResultRule::kNullableArgument),
    scalar("random_uuid", ResultRule::kUuid),
    window("rank", ResultRule::kInt64),
    scalar("regexp_matches_any_case", ResultRule::kNullableBool, ArgumentRule::kText),
    scalar("regexp_matches_text", ResultRule::kNullableBool, ArgumentRule::kText),
    scalar("replace", ResultRule::kText, ArgumentRule::kText),
    scalar("round", ResultRule::kArgument, ArgumentRule::kNumber),
    window("row_number", ResultRule::kInt64),
    scalar("rtrim", ResultRule::kText, ArgumentRule::kText),
    aggregate("string_agg", ResultRule::kNullableText, ArgumentRule::kText),
    scalar("substring", ResultRule::kText, ArgumentRule::kText),
    aggregate("sum", ResultRule::kSum, ArgumentRule::kQuantity),
    scalar("text_highlight", ResultRule::kText, ArgumentRule::kText),
    scalar("text_matches", ResultRule::kBool, ArgumentRule::kText),
    scalar("text_rank", ResultRule::kFloat64, ArgumentRule::kText),
    scalar("text_snippet", ResultRule::kText, ArgumentRule::kText),
    scalar("trim", ResultRule::kText, ArgumentRule::kText),
    scalar("truncate_day", ResultRule::kArgument),
    scalar("truncate_hour", ResultRule::kArgument),
    scalar("truncate_minute", ResultRule::kArgument),
    scalar("truncate_month", ResultRule::kArgument),
    scalar("truncate_quarter", ResultRule::kArgument),
    scalar("truncate_week", ResultRule::kArgument),
    scalar("truncate_year", ResultRule::kArgument),
    scalar("upper", ResultRule::kText, ArgumentRule::kText),
};
static_assert(std::is_sorted(kFunctions.begin(), kFunctions.end(),
                             [](const FunctionTraits& left, const FunctionTraits& right) {
                               return left.name < right.name;
                             }));

bool is_taken(ArgumentRule rule, StorageType storage) {
  switch (rule) {
    case ArgumentRule::kAny:
      return true;
    case ArgumentRule::kNumber:
      return is_number(storage);
    case ArgumentRule::kQuantity:
      return is_number(storage) || storage == StorageType::kInterval;
    case ArgumentRule::kText:
      return storage == StorageType::kText;
    case ArgumentRule::kBool:
      return storage == StorageType::kBool;
    case ArgumentRule::kJson:
      return storage == StorageType::kJson;
    case ArgumentRule::kArray:
      return storage == StorageType::kArray;
  }
  return true;
}

std::string_view to_message(ArgumentRule rule) {
  switch (rule) {
    case ArgumentRule::kAny:
      return "anything";
    case ArgumentRule::kNumber:
      return "a number";
    case ArgumentRule::kQuantity:
      return "a number or an interval";
    case ArgumentRule::kText:
      return "text";
    case ArgumentRule::kBool:
      return "a truth value";
    case ArgumentRule::kJson:
      return "a JSON document";
    case ArgumentRule::kArray:
      return "a list";
  }
  return "anything";
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

Status check_first_argument(std::string_view name, const ColumnType& argument) {
  const FunctionTraits* const traits = find_function(name);
  if (traits == nullptr || is_taken(traits->argument, argument.storage)) return {};
  return make_error(ErrorCode::kQuery, std::string(name) + "() of " + describe(argument) +
                                           " makes no sense; it takes " +
                                           std::string(to_message(traits->argument)));
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
    case ResultRule::kUuid:
      return of(StorageType::kUuid, false);
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
    case ResultRule::kUuid:
      return "uuid";
  }
  return "unknown";
}

}  // namespace bridge::sql
