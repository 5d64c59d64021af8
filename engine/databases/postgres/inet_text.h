// The binary form of inet and cidr, to and from text such as `192.0.2.1/24`.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/base/result.h"

namespace bridge::postgres {

/// Appends the address in its canonical form (RFC 5952 for IPv6). The prefix length is left out where inet
/// names one host. kDecode when malformed.
Status decode_inet(ByteSpan bytes, std::string& text);

/// Appends the binary form. `is_cidr`: bits behind the prefix must be zero. kDataRejected for text that is no
/// address.
Status encode_inet(std::string_view text, bool is_cidr, ByteWriter& out);

}  // namespace bridge::postgres
