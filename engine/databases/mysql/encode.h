// Values on their way to the server, each as the wire type that holds it exactly.
#pragma once

#include <span>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/databases/mysql/wire/constants.h"
#include "engine/types/value.h"

namespace bridge::mysql {

/// Turns dates and times into the text that the server reads them from.
Status spell_moments(std::span<types::Value> values);

/// Appends an Execute of a prepared statement; answers the number its answer begins with. Where rows shall
/// wait for a Fetch, `cursor` is kReadOnlyCursor. kDataRejected for values that no type of the server holds;
/// nothing may be sent then.
Result<std::uint8_t> write_execute(ByteWriter& out, std::uint32_t statement, std::uint8_t cursor,
                                   std::span<const types::Value> values);

}  // namespace bridge::mysql
