// Reads single values out of foreign arrays, with nothing taken on trust that the structs themselves can
// tell.
#pragma once

#include "engine/arrow/import_format.h"
#include "engine/types/value.h"

namespace bridge::arrow {

/// Holds an array's counts and pointers against its format, elements and dictionary included, for the
/// elements `from` up to `from + count`. kValidation, naming the column.
struct ElementRange {
  std::int64_t from = 0;
  std::int64_t count = 0;
};
Status check_array(const ImportFormat& format, const ArrowArray& array, ElementRange range,
                   const ImportColumn& column);

/// Makes the value of one element of a checked array; `index` counts from the array's own offset. Checked as
/// strictly as Python values are: range, length, UTF-8, dates that exist. kValidation, naming the column,
/// never the value.
Status read_element(const ImportFormat& format, const ArrowArray& array, std::int64_t index,
                    const ImportColumn& column, types::Value& value);

}  // namespace bridge::arrow
