// A constant as C++ code writes it, fitted to the column it meets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/types/value.h"

namespace bridge::sql::fluent {

/// A value on its way into a query. Implicit from the plain C++ types; everything else comes as a checked
/// `types::Value`. It becomes a bound parameter of the type it is compared with or stored as, never text of
/// the statement.
class Literal {
 public:
  Literal(std::nullptr_t)
      : value_(types::Value::null(types::StorageType::kText)) {
  }  // NOLINT(google-explicit-constructor): constants read as constants
  Literal(bool flag)
      : value_(types::Value::of_bool(flag)) {}  // NOLINT(google-explicit-constructor): as above
  Literal(int number)
      : value_(types::Value::of_int64(number)) {}  // NOLINT(google-explicit-constructor): as above
  Literal(std::int64_t number)
      : value_(types::Value::of_int64(number)) {}  // NOLINT(google-explicit-constructor): as above
  Literal(double number)
      : value_(types::Value::of_real(number)) {}  // NOLINT(google-explicit-constructor): as above
  Literal(const char* text)
      : value_(types::Value::of_text(text)) {}  // NOLINT(google-explicit-constructor): as above
  Literal(std::string_view text)
      : value_(types::Value::of_text(std::string(text))) {}  // NOLINT(google-explicit-constructor): as above
  Literal(const std::string& text)
      : value_(types::Value::of_text(text)) {}               // NOLINT(google-explicit-constructor): as above
  Literal(types::Value value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor): as above

  /// The value as `type` holds it. A whole number fits every number type that holds it exactly; text fits
  /// decimals and JSON where it is one. kValidation names both types, never the value.
  Result<types::Value> fit(const types::ColumnType& type) const;
  /// The type the literal has by itself, for the places where nothing else says one.
  types::ColumnType own_type() const;

 private:
  types::Value value_;
};

}  // namespace bridge::sql::fluent
