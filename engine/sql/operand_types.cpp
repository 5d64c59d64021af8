// What operators make of their operands' types.
#include "engine/sql/operand_types.h"

#include <algorithm>

namespace bridge::sql {
namespace {

using types::ColumnType;
using types::StorageType;

Error mismatch(std::string_view verb, const ColumnType& left, const ColumnType& right) {
  return make_error(ErrorCode::kQuery, std::string(verb) + " of " + describe(left) + " and " +
                                           describe(right) + " makes no sense; cast one of them");
}

bool is_timestamp(StorageType storage) {
  return storage == StorageType::kTimestamp || storage == StorageType::kTimestampUtc;
}

ColumnType with_nulls(ColumnType type, const ColumnType& left, const ColumnType& right) {
  type.is_nullable = left.is_nullable || right.is_nullable;
  return type;
}

// A point in time moved by an interval, or the interval between two.
Result<ColumnType> temporal_type(BinaryOperator operation, const ColumnType& left, const ColumnType& right) {
  const bool is_subtraction = operation == BinaryOperator::kSubtract;
  const bool is_sum = is_subtraction || operation == BinaryOperator::kAdd;
  const StorageType first = left.storage;
  const StorageType second = right.storage;
  if (is_sum && second == StorageType::kInterval) {
    if (first == StorageType::kDate) return with_nulls({.storage = StorageType::kTimestamp}, left, right);
    if (is_timestamp(first) || first == StorageType::kTime || first == StorageType::kInterval)
      return with_nulls({.storage = first}, left, right);
  }
  if (operation == BinaryOperator::kAdd && first == StorageType::kInterval && is_timestamp(second)) {
    return with_nulls({.storage = second}, left, right);
  }
  if (is_subtraction && first == second && is_timestamp(first))
    return with_nulls({.storage = StorageType::kInterval}, left, right);
  const bool is_scaled = operation == BinaryOperator::kMultiply || operation == BinaryOperator::kDivide;
  if (is_scaled && first == StorageType::kInterval && is_number(second))
    return with_nulls({.storage = first}, left, right);
  return mismatch("arithmetic", left, right);
}

Result<ColumnType> arithmetic_type(BinaryOperator operation, const ColumnType& left,
                                   const ColumnType& right) {
  if (!is_number(left.storage) || !is_number(right.storage)) return temporal_type(operation, left, right);
  if (is_integer(left.storage) && is_integer(right.storage)) {
    return with_nulls({.storage = std::max(left.storage, right.storage)}, left, right);
  }
  const bool has_decimal = left.storage == StorageType::kDecimal || right.storage == StorageType::kDecimal;
  const bool has_float = left.storage == StorageType::kFloat64 || right.storage == StorageType::kFloat64;
  if (has_decimal && has_float) return mismatch("arithmetic", left, right);
  return with_nulls({.storage = has_decimal ? StorageType::kDecimal : StorageType::kFloat64}, left, right);
}

Result<ColumnType> both(StorageType wanted, StorageType result, const ColumnType& left,
                        const ColumnType& right, std::string_view verb) {
  if (left.storage != wanted || right.storage != wanted) return mismatch(verb, left, right);
  return with_nulls({.storage = result}, left, right);
}

}  // namespace

std::string describe(const ColumnType& type) {
  std::string text(types::to_name(type.storage));
  if (type.storage == StorageType::kArray) text.append(" of ").append(types::to_name(type.element));
  return text;
}

bool is_integer(StorageType storage) {
  return storage == StorageType::kInt16 || storage == StorageType::kInt32 || storage == StorageType::kInt64;
}

bool is_number(StorageType storage) {
  return is_integer(storage) || storage == StorageType::kFloat64 || storage == StorageType::kDecimal;
}

bool is_comparison(BinaryOperator operation) {
  return operation <= BinaryOperator::kGreaterOrEqual || operation >= BinaryOperator::kIsDistinctFrom;
}

bool is_pattern(BinaryOperator operation) {
  return operation >= BinaryOperator::kLike && operation <= BinaryOperator::kNotIlike;
}

bool is_arithmetic(BinaryOperator operation) {
  return operation >= BinaryOperator::kAdd && operation <= BinaryOperator::kModulo;
}

Result<ColumnType> common_type(const ColumnType& left, const ColumnType& right) {
  ColumnType type = left;
  if (left.storage != right.storage) {
    const bool are_numbers = is_number(left.storage) && is_number(right.storage);
    if (!are_numbers || (left.storage == StorageType::kDecimal && right.storage == StorageType::kFloat64) ||
        (left.storage == StorageType::kFloat64 && right.storage == StorageType::kDecimal)) {
      return mismatch("comparison", left, right);
    }
    type =
        left.storage > right.storage ? left : right;  // the list goes from the narrowest integer to decimal
  } else if (left.storage == StorageType::kArray && left.element != right.element) {
    return mismatch("comparison", left, right);
  }
  if (left.precision != right.precision || left.scale != right.scale) type.precision = type.scale = 0;
  if (left.max_length != right.max_length) type.max_length = 0;
  type.is_nullable = left.is_nullable || right.is_nullable;
  return type;
}

Result<ColumnType> result_type(BinaryOperator operation, const ColumnType& left, const ColumnType& right) {
  if (is_arithmetic(operation)) return arithmetic_type(operation, left, right);
  if (is_pattern(operation))
    return both(StorageType::kText, StorageType::kBool, left, right, "pattern matching");
  if (operation == BinaryOperator::kConcatenate)
    return both(StorageType::kText, StorageType::kText, left, right, "concatenation");
  if (operation == BinaryOperator::kAnd || operation == BinaryOperator::kOr) {
    return both(StorageType::kBool, StorageType::kBool, left, right, "a logical combination");
  }
  BRIDGE_RETURN_IF_ERROR(common_type(left, right));
  if (operation >= BinaryOperator::kIsDistinctFrom) return ColumnType{.storage = StorageType::kBool};
  return with_nulls({.storage = StorageType::kBool}, left, right);
}

Status check_assignable(const ColumnType& wanted, const ColumnType& given) {
  auto shared = common_type(wanted, given);
  if (shared &&
      (shared->storage == wanted.storage || (is_integer(wanted.storage) && is_integer(given.storage))))
    return {};
  return make_error(ErrorCode::kQuery, "a column of type " + describe(wanted) +
                                           " cannot take a value of type " + describe(given));
}

}  // namespace bridge::sql
