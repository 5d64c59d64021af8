// A constant as C++ code writes it, fitted to the column it meets.
#include "engine/sql/fluent/literal.h"

#include <limits>

#include "engine/types/decimal.h"
#include "engine/types/utf8.h"

namespace bridge::sql::fluent {
namespace {

using types::StorageType;
using types::Value;

/// Beyond it a double no longer tells neighbouring whole numbers apart.
constexpr std::int64_t kLargestExactInteger = std::int64_t{1} << 53;

Error does_not_fit(const Value& value, StorageType type) {
  return make_error(ErrorCode::kValidation, "a constant of type " + std::string(to_name(value.type)) +
                                                " does not fit type " + std::string(to_name(type)));
}

template <typename Integer>
bool is_within(std::int64_t number) {
  return number >= std::numeric_limits<Integer>::min() && number <= std::numeric_limits<Integer>::max();
}

Result<Value> fit_integer(const Value& value, StorageType type) {
  const std::int64_t number = value.integer;
  if (type == StorageType::kInt16 && is_within<std::int16_t>(number)) return Value::of_integer(type, number);
  if (type == StorageType::kInt32 && is_within<std::int32_t>(number)) return Value::of_integer(type, number);
  if (type == StorageType::kDecimal) return Value::of_text(type, std::to_string(number));
  if (type == StorageType::kFloat64 && number <= kLargestExactInteger && number >= -kLargestExactInteger) {
    return Value::of_real(static_cast<double>(number));
  }
  return does_not_fit(value, type);
}

Result<Value> fit_text(const Value& value, const types::ColumnType& type) {
  const bool is_decimal = type.storage == StorageType::kDecimal && types::is_plain_decimal(value.text);
  if (!is_decimal) return does_not_fit(value, type.storage);
  return Value::of_text(type.storage, value.text);
}

/// Text must be text: UTF-8 without NUL, and no longer than its column.
Status check_text(const Value& value, const types::ColumnType& type) {
  if (value.type != StorageType::kText) return {};
  if (!types::is_valid_utf8(value.text)) return make_error(ErrorCode::kValidation, "a text is no UTF-8");
  if (value.text.find('\0') != std::string::npos)
    return make_error(ErrorCode::kValidation, "a text holds NUL");
  if (type.max_length != 0 && types::count_code_points(value.text) > type.max_length) {
    return make_error(ErrorCode::kValidation,
                      "a text is longer than " + std::to_string(type.max_length) + " characters");
  }
  return {};
}

}  // namespace

Result<Value> Literal::fit(const types::ColumnType& type) const {
  if (value_.is_null) return Value::null(type.storage);
  if (value_.type == type.storage) {
    BRIDGE_RETURN_IF_ERROR(check_text(value_, type));
    return value_;
  }
  if (value_.type == StorageType::kInt64) return fit_integer(value_, type.storage);
  if (value_.type == StorageType::kText) return fit_text(value_, type);
  return does_not_fit(value_, type.storage);
}

types::ColumnType Literal::own_type() const {
  return types::ColumnType{.storage = value_.type, .is_nullable = value_.is_null};
}

}  // namespace bridge::sql::fluent
