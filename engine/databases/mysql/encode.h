// Values on their way to the server, each as the wire type that holds it exactly.
#pragma once

#include <span>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/databases/mysql/wire/constants.h"
#include "engine/types/value.h"

namespace bridge::mysql {

/// How dates and times travel.
enum class MomentForm : std::uint8_t { kBinary, kText };

/// One run of a prepared statement; `cursor` is kReadOnlyCursor where rows shall wait for a Fetch.
struct Execution {
  std::uint32_t statement = 0;
  std::uint8_t cursor = 0;
  MomentForm moments = MomentForm::kBinary;
};

/// Appends an Execute of a prepared statement; answers the number its answer begins with. kDataRejected for
/// values that no type of the server holds; nothing may be sent then.
Result<std::uint8_t> write_execute(ByteWriter& out, const Execution& execution,
                                   std::span<const types::Value> values);

}  // namespace bridge::mysql
