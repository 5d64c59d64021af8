// The binary form of numeric: base-10000 digits, to and from plain decimal text, in linear time.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/base/result.h"

namespace bridge::postgres {

/// Appends the number as text (`-12.340`, `NaN`, `Infinity`). kDecode for malformed or unbounded input. Keeps
/// the scale.
Status decode_numeric(ByteSpan bytes, std::string& text);

/// Appends the binary form of plain decimal text. kDataRejected for anything else, and for more digits than
/// the type has.
Status encode_numeric(std::string_view text, ByteWriter& out);

}  // namespace bridge::postgres
