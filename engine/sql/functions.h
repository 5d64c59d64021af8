// The functions the engine knows by portable name: whether they aggregate, whether they only read, what they
// give.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/result.h"
#include "engine/types/storage_type.h"

namespace bridge::sql {

/// How the result type of a known function follows from its arguments.
enum class ResultRule : std::uint8_t {
  kArgument,          ///< the first argument's type, nullable as it is
  kNullableArgument,  ///< the first argument's type, nullable (there may be no row)
  kCoalesced,         ///< the first argument's type, nullable only if every argument is
  kSum,               ///< integers: int64; decimal: decimal; float64: float64; nullable
  kAverage,           ///< integers and decimal: decimal; float64: float64; nullable
  kText,
  kInt64,
  kFloat64,
  kBool,
  kNullableBool,
  kNullableText,
  kDate,
  kTimestampUtc,
  kJson,
  kNullableJson,
  kUuid,
};

/// What the first argument of a known function must be.
enum class ArgumentRule : std::uint8_t {
  kAny,
  kNumber,
  kQuantity,  ///< a number or an interval
  kText,
  kBool,
  kJson,
  kArray,
};

/// The stable name of a rule; a static string.
std::string_view to_name(ResultRule rule);

/// What is known of a function.
struct FunctionTraits {
  std::string_view name;  ///< portable, lower case
  bool is_aggregate = false;
  bool is_window = false;    ///< makes sense only with OVER
  bool is_read_only = true;  ///< changes nothing, neither rows nor session
  ResultRule rule = ResultRule::kArgument;
  ArgumentRule argument = ArgumentRule::kAny;
};

/// The traits of a known function; null for any other, which then counts as one that may write.
const FunctionTraits* find_function(std::string_view name);

/// kQuery, naming function and type, where a known function cannot be called with such a first argument.
Status check_first_argument(std::string_view name, const types::ColumnType& argument);

/// The type `rule` gives for a first argument of type `argument`. Text, numbers and the like are nullable as
/// the argument is.
types::ColumnType apply_rule(ResultRule rule, const types::ColumnType& argument);

}  // namespace bridge::sql
