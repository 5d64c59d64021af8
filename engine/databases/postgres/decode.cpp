// protocol: the *_send functions of src/backend/utils/adt, read back.
#include "engine/databases/postgres/decode.h"

#include <bit>
#include <cstring>
#include <string>

#include "engine/databases/postgres/inet_text.h"
#include "engine/databases/postgres/numeric.h"
#include "engine/databases/postgres/type_map.h"
#include "engine/databases/postgres/type_oids.h"
#include "engine/types/utf8.h"

namespace bridge::postgres {
namespace {

constexpr std::string_view kMalformedArray = "a malformed array";

using driver::Cell;
using driver::CellVisitor;
using driver::ResultColumn;

constexpr char kJsonbVersion = 1;
constexpr std::int64_t kFirstMicrosecond = kFirstDay * kMicrosecondsPerDay;
constexpr std::int64_t kEndMicrosecond = (kLastDay + 1) * kMicrosecondsPerDay;

[[gnu::cold, gnu::noinline]] Error refuse(const ResultColumn& column, std::string_view reason) {
  return make_error(ErrorCode::kDecode, "column " + column.name + ": " + std::string(reason));
}

template <typename T>
bool has_size_of(Cell cell) {
  return cell.length == static_cast<std::int32_t>(sizeof(T));
}

Error wrong_size(const ResultColumn& column) { return refuse(column, "a value of the wrong length"); }

template <typename T>
Status visit_integer(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  if (!has_size_of<T>(cell)) return wrong_size(column);
  return visitor.on_integer(static_cast<std::int64_t>(load_big_endian<T>(cell.bytes)));
}

template <typename T>
Status visit_integer_as_real(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  if (!has_size_of<T>(cell)) return wrong_size(column);
  return visitor.on_real(static_cast<double>(load_big_endian<T>(cell.bytes)));
}

template <typename T>
Status visit_integer_as_decimal(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  if (!has_size_of<T>(cell)) return wrong_size(column);
  return visitor.on_decimal(std::to_string(load_big_endian<T>(cell.bytes)));
}

/// Microseconds since 1970, or nothing that a civil timestamp can say.
Result<std::int64_t> read_moment(Cell cell, const ResultColumn& column) {
  if (!has_size_of<std::int64_t>(cell)) return wrong_size(column);
  std::int64_t moment = 0;
  const auto raw = load_big_endian<std::int64_t>(cell.bytes);
  const bool overflows = __builtin_add_overflow(raw, kEpochMicroseconds, &moment);
  if (overflows || moment < kFirstMicrosecond || moment >= kEndMicrosecond) {
    return refuse(column, "infinity, or a year outside 0001 to 9999");
  }
  return moment;
}

}  // namespace

Status decode_bool(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  if (!has_size_of<char>(cell)) return wrong_size(column);
  const auto flag = std::to_integer<unsigned>(*cell.bytes);
  if (flag > 1) return refuse(column, "a malformed boolean");
  return visitor.on_bool(flag == 1);
}

Status decode_int2(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  return visit_integer<std::int16_t>(cell, column, visitor);
}
Status decode_int4(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  return visit_integer<std::int32_t>(cell, column, visitor);
}
Status decode_int8(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  return visit_integer<std::int64_t>(cell, column, visitor);
}
Status decode_oid(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  return visit_integer<std::uint32_t>(cell, column, visitor);
}
Status decode_int2_as_real(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  return visit_integer_as_real<std::int16_t>(cell, column, visitor);
}
Status decode_int4_as_real(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  return visit_integer_as_real<std::int32_t>(cell, column, visitor);
}
Status decode_int2_as_decimal(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  return visit_integer_as_decimal<std::int16_t>(cell, column, visitor);
}
Status decode_int4_as_decimal(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  return visit_integer_as_decimal<std::int32_t>(cell, column, visitor);
}
Status decode_int8_as_decimal(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  return visit_integer_as_decimal<std::int64_t>(cell, column, visitor);
}

Status decode_float4(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  if (!has_size_of<float>(cell)) return wrong_size(column);
  return visitor.on_real(
      static_cast<double>(std::bit_cast<float>(load_big_endian<std::uint32_t>(cell.bytes))));
}

Status decode_float8(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  if (!has_size_of<double>(cell)) return wrong_size(column);
  return visitor.on_real(std::bit_cast<double>(load_big_endian<std::uint64_t>(cell.bytes)));
}

Status decode_numeric_cell(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  std::string text;
  if (!decode_numeric(cell.span(), text)) return refuse(column, "a malformed numeric");
  const bool is_number = text.back() >= '0' && text.back() <= '9';
  if (!is_number) return refuse(column, "NaN or infinity, which no decimal column takes");
  return visitor.on_decimal(text);
}

Status decode_text(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  const std::string_view text = to_text(cell.span());
  if (!types::is_valid_utf8(text)) return refuse(column, "text that is not UTF-8");
  return visitor.on_text(text);
}

Status decode_user_text(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  const std::string_view text = to_text(cell.span());
  // Text never holds NUL here, while the binary form of a type that is no text nearly always does.
  if (text.find('\0') != std::string_view::npos)
    return refuse(column, "a type that does not send text; cast it to text");
  return decode_text(cell, column, visitor);
}

Status decode_char(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  if (!has_size_of<char>(cell)) return wrong_size(column);
  if (*cell.bytes == std::byte{0}) return visitor.on_text({});
  return decode_text(cell, column, visitor);
}

Status decode_bytea(Cell cell, const ResultColumn&, CellVisitor& visitor) {
  return visitor.on_bytes(cell.span());
}

Status decode_date(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  if (!has_size_of<std::int32_t>(cell)) return wrong_size(column);
  const std::int64_t days = kEpochDays + load_big_endian<std::int32_t>(cell.bytes);
  if (days < kFirstDay || days > kLastDay) return refuse(column, "infinity, or a year outside 0001 to 9999");
  return visitor.on_date(days);
}

Status decode_time(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  if (!has_size_of<std::int64_t>(cell)) return wrong_size(column);
  const auto time = load_big_endian<std::int64_t>(cell.bytes);
  if (time < 0 || time >= kMicrosecondsPerDay) return refuse(column, "24:00, or a time outside a day");
  return visitor.on_time(time);
}

Status decode_timestamp(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  BRIDGE_ASSIGN_OR_RETURN(const std::int64_t moment, read_moment(cell, column));
  return visitor.on_timestamp(moment);
}

Status decode_timestamp_utc(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  BRIDGE_ASSIGN_OR_RETURN(const std::int64_t moment, read_moment(cell, column));
  return visitor.on_timestamp_utc(moment);
}

Status decode_interval(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  ByteReader reader(cell.span());
  types::Interval interval;
  interval.microseconds = reader.read_big_endian<std::int64_t>();
  interval.days = reader.read_big_endian<std::int32_t>();
  interval.months = reader.read_big_endian<std::int32_t>();
  if (!reader.is_at_end()) return wrong_size(column);
  using TimeLimit = std::numeric_limits<std::int64_t>;
  using CalendarLimit = std::numeric_limits<std::int32_t>;
  constexpr types::Interval kPlus{CalendarLimit::max(), CalendarLimit::max(), TimeLimit::max()};  // since 17
  constexpr types::Interval kMinus{CalendarLimit::min(), CalendarLimit::min(), TimeLimit::min()};
  if (interval == kPlus || interval == kMinus) return refuse(column, "an infinite interval");
  return visitor.on_interval(interval);
}

Status decode_uuid(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  if (!has_size_of<types::UuidBytes>(cell)) return wrong_size(column);
  types::UuidBytes uuid;
  std::memcpy(uuid.data(), cell.bytes, uuid.size());
  return visitor.on_uuid(uuid);
}

Status decode_json(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  const std::string_view text = to_text(cell.span());
  if (!types::is_valid_utf8(text)) return refuse(column, "text that is not UTF-8");
  return visitor.on_json(text);
}

Status decode_jsonb(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  if (cell.length < 1 || *cell.bytes != std::byte{kJsonbVersion})
    return refuse(column, "an unknown version of jsonb");
  return decode_json({cell.bytes + 1, cell.length - 1}, column, visitor);
}

Status decode_inet_cell(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  std::string text;
  if (!decode_inet(cell.span(), text)) return refuse(column, "a malformed network address");
  return visitor.on_inet(text);
}

namespace {

/// protocol: src/backend/utils/adt/arrayfuncs.c, array_send
struct ArrayHeader {
  std::size_t count = 0;
  std::uint32_t element = kNoOid;
};

Result<ArrayHeader> read_array_header(ByteReader& reader, const ResultColumn& column) {
  const auto dimensions = reader.read_big_endian<std::int32_t>();
  const auto has_nulls = reader.read_big_endian<std::int32_t>();
  ArrayHeader header;
  header.element = reader.read_big_endian<std::uint32_t>();
  const std::uint32_t declared = element_of(column.wire_type);
  const bool is_declared = declared != kNoOid ? header.element == declared : header.element >= kFirstUserOid;
  if (reader.has_failed() || has_nulls < 0 || has_nulls > 1 || !is_declared)
    return refuse(column, kMalformedArray);
  if (dimensions == 0) return header;
  if (dimensions != 1) return refuse(column, "an array of more than one dimension");
  const auto count = reader.read_big_endian<std::int32_t>();
  reader.read_big_endian<std::int32_t>();  // lower bound
  if (!narrow(count, header.count) || header.count > reader.remaining() / sizeof(std::int32_t)) {
    return refuse(column, kMalformedArray);
  }
  return header;
}

}  // namespace

Status decode_array(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  ByteReader reader(cell.span());
  BRIDGE_ASSIGN_OR_RETURN(const ArrayHeader header, read_array_header(reader, column));
  const driver::DecodeCell decode = find_decoder(header.element, column.type.element);
  if (decode == nullptr) return refuse(column, "an array of another type than declared");
  BRIDGE_RETURN_IF_ERROR(visitor.on_array_begin(header.count));
  for (std::size_t index = 0; index < header.count; ++index) {
    const auto length = reader.read_big_endian<std::int32_t>();
    if (length == wire::kNullLength) {
      BRIDGE_RETURN_IF_ERROR(visitor.on_null());
      continue;
    }
    std::size_t size = 0;
    if (!narrow(length, size)) return refuse(column, kMalformedArray);
    const ByteSpan bytes = reader.read_bytes(size);
    if (reader.has_failed()) return refuse(column, kMalformedArray);
    BRIDGE_RETURN_IF_ERROR(decode({bytes.data(), length}, column, visitor));
  }
  if (!reader.is_at_end()) return refuse(column, kMalformedArray);
  return visitor.on_array_end();
}

}  // namespace bridge::postgres
