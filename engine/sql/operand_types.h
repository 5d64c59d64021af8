// What operators make of their operands' types.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/sql/expression.h"

namespace bridge::sql {

/// `int64 or null` and the like, for messages.
std::string describe(const types::ColumnType& type);
bool is_integer(types::StorageType storage);
bool is_number(types::StorageType storage);
/// Whether an operator compares its operands and yields a truth value.
bool is_comparison(BinaryOperator operation);
bool is_pattern(BinaryOperator operation);
bool is_arithmetic(BinaryOperator operation);

/// The type of `left operation right`. kQuery where it makes no sense.
Result<types::ColumnType> result_type(BinaryOperator operation, const types::ColumnType& left,
                                      const types::ColumnType& right);
/// Whether a value of type `given` can be stored in a column of type `wanted` without a cast. kQuery, naming
/// both, where not.
Status check_assignable(const types::ColumnType& wanted, const types::ColumnType& given);

}  // namespace bridge::sql
