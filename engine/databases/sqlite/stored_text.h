// The text a value is stored as, where SQLite has no type for it.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/types/value.h"

namespace bridge::sqlite {

/// The stored form of a decimal: plain notation with at least `scale` digits behind the point. kValidation
/// for NaN, infinity and over-long numbers.
Result<std::string> to_decimal_form(std::string_view text, std::size_t scale);

}  // namespace bridge::sqlite
