// UUIDs between their sixteen bytes and their text.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/types/value.h"

namespace bridge::types {

/// Length of the canonical text `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
inline constexpr std::size_t kUuidTextLength = 36;

/// The canonical text in lower case (RFC 9562 section 4).
std::string to_uuid_text(const UuidBytes& bytes);

/// Reads the canonical text, either case. kDecode for anything else; the message never quotes it.
Result<UuidBytes> parse_uuid(std::string_view text);

}  // namespace bridge::types
