// One function per wire type: the bytes of a cell become one visit. No allocation for types of fixed size.
#pragma once

#include "engine/driver/cell_decoder.h"
#include "engine/driver/row_batch.h"

namespace bridge::postgres {

// All fail with kDecode, naming the column and never the value: wrong length, bytes that are no UTF-8, and
// what the engine's types cannot hold (infinity, years outside 0001 to 9999, 24:00).
#define BRIDGE_DECODER(name) \
  Status name(driver::Cell cell, const driver::ResultColumn& column, driver::CellVisitor& visitor)
BRIDGE_DECODER(decode_bool);
BRIDGE_DECODER(decode_int2);
BRIDGE_DECODER(decode_int4);
BRIDGE_DECODER(decode_int8);
BRIDGE_DECODER(decode_int2_as_real);
BRIDGE_DECODER(decode_int4_as_real);
BRIDGE_DECODER(decode_int2_as_decimal);
BRIDGE_DECODER(decode_int4_as_decimal);
BRIDGE_DECODER(decode_int8_as_decimal);
BRIDGE_DECODER(decode_oid);
BRIDGE_DECODER(decode_float4);
BRIDGE_DECODER(decode_float8);
BRIDGE_DECODER(decode_numeric_cell);
BRIDGE_DECODER(decode_text);
BRIDGE_DECODER(decode_user_text);
BRIDGE_DECODER(decode_char);
BRIDGE_DECODER(decode_bytea);
BRIDGE_DECODER(decode_date);
BRIDGE_DECODER(decode_time);
BRIDGE_DECODER(decode_timestamp);
BRIDGE_DECODER(decode_timestamp_utc);
BRIDGE_DECODER(decode_interval);
BRIDGE_DECODER(decode_uuid);
BRIDGE_DECODER(decode_json);
BRIDGE_DECODER(decode_jsonb);
BRIDGE_DECODER(decode_inet_cell);
/// One dimension; elements as `column.type.element`.
BRIDGE_DECODER(decode_array);
#undef BRIDGE_DECODER

}  // namespace bridge::postgres
