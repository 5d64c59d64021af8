// What the cells of the binary protocol say, one function per kind of wire type.
#pragma once

#include "engine/driver/cell_decoder.h"
#include "engine/driver/row_batch.h"

namespace bridge::mysql {

// All fail with kDecode, naming the column and never the value: wrong length, bytes that are no UTF-8, and
// what the wanted type cannot hold exactly (an integer out of its range, zero dates, years outside 0001 to
// 9999).
#define BRIDGE_DECODER(name) \
  Status name(driver::Cell cell, const driver::ResultColumn& column, driver::CellVisitor& visitor)
/// As 0 or 1 alone.
BRIDGE_DECODER(decode_bool);
/// Within the range of the column's type.
BRIDGE_DECODER(decode_integer);
BRIDGE_DECODER(decode_integer_as_decimal);
/// Up to 2^53 either way.
BRIDGE_DECODER(decode_integer_as_real);
/// Microseconds of a whole interval.
BRIDGE_DECODER(decode_integer_as_interval);
BRIDGE_DECODER(decode_float);
BRIDGE_DECODER(decode_double);
BRIDGE_DECODER(decode_decimal);
/// Only without digits behind the point, as sums of integers are.
BRIDGE_DECODER(decode_decimal_as_integer);
BRIDGE_DECODER(decode_text);
BRIDGE_DECODER(decode_bytes);
BRIDGE_DECODER(decode_date);
BRIDGE_DECODER(decode_time);
BRIDGE_DECODER(decode_timestamp);
BRIDGE_DECODER(decode_timestamp_utc);
BRIDGE_DECODER(decode_uuid_bytes);
BRIDGE_DECODER(decode_uuid_text);
BRIDGE_DECODER(decode_json);
BRIDGE_DECODER(decode_array);
BRIDGE_DECODER(decode_inet);
BRIDGE_DECODER(decode_bit);
#undef BRIDGE_DECODER

}  // namespace bridge::mysql
