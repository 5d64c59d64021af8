// Dates and times as the text that databases without types for them keep.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/types/value.h"

namespace bridge::driver {

/// Appends the text of a date, time, timestamp or UTC timestamp; kValidation outside the years 0001 to 9999.
Status append_moment(std::string& text, const types::Value& value);

}  // namespace bridge::driver
