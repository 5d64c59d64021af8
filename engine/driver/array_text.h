// Arrays as JSON text: what a database without arrays stores for a list of values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/driver/cell_decoder.h"
#include "engine/types/value.h"

namespace bridge::driver {

/// The JSON text of an array: numbers and truth values as such, everything else as a string. kValidation for
/// elements without a form (NaN, nested arrays).
Result<std::string> to_array_text(const std::vector<types::Value>& elements);

/// Reads such text back, strictly. kDecode when any element is of another form.
Result<std::vector<types::Value>> parse_array(std::string_view text, types::StorageType element);

/// Shows the elements to a visitor, framed as an array.
Status visit_array(const std::vector<types::Value>& elements, CellVisitor& visitor);

}  // namespace bridge::driver
