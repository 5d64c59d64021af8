// The text a value is stored as, where SQLite has no type for it.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/types/value.h"

namespace bridge::sqlite {

/// Appends the stored form of a date, time, timestamp or UTC timestamp; kValidation outside the years 0001 to
/// 9999.
Status append_moment(std::string& text, const types::Value& value);

/// The stored form of a decimal: plain notation with at least `scale` digits behind the point. kValidation
/// for NaN, infinity and over-long numbers.
Result<std::string> to_decimal_form(std::string_view text, std::size_t scale);

}  // namespace bridge::sqlite
