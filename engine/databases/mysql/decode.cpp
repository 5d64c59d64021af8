// protocol: MySQL, Binary Protocol Value: little-endian numbers, dates in as many bytes as they need
#include "engine/databases/mysql/decode.h"

#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <optional>
#include <string>

#include "engine/databases/mysql/wire/constants.h"
#include "engine/driver/array_text.h"
#include "engine/types/datetime.h"
#include "engine/types/decimal.h"
#include "engine/types/interval.h"
#include "engine/types/utf8.h"
#include "engine/types/uuid.h"

namespace bridge::mysql {
namespace {

using driver::Cell;
using driver::CellVisitor;
using driver::ResultColumn;
using types::StorageType;

[[gnu::cold, gnu::noinline]] Error refuse(const ResultColumn& column, std::string_view reason) {
  return make_error(ErrorCode::kDecode, "column " + column.name + ": " + std::string(reason));
}

[[gnu::cold, gnu::noinline]] Error wrong_size(const ResultColumn& column) {
  return refuse(column, "a value of the wrong length");
}

[[gnu::cold, gnu::noinline]] Error out_of_range(const ResultColumn& column) {
  return refuse(column, "a number that " + std::string(to_name(column.type.storage)) + " does not hold");
}

/// The modifier of a column holds its flags.
bool is_unsigned(const ResultColumn& column) {
  return (static_cast<unsigned>(column.wire_modifier) & wire::kUnsignedFlag) != 0;
}

template <typename Signed, typename Unsigned>
std::int64_t widen(Cell cell, const ResultColumn& column) {
  return is_unsigned(column) ? static_cast<std::int64_t>(load_little_endian<Unsigned>(cell.bytes))
                             : static_cast<std::int64_t>(load_little_endian<Signed>(cell.bytes));
}

/// The number, or nothing where it is beyond 63 bits.
Result<std::int64_t> read_integer(Cell cell, const ResultColumn& column) {
  switch (static_cast<std::size_t>(cell.length)) {
    case sizeof(std::int8_t):
      return widen<std::int8_t, std::uint8_t>(cell, column);
    case sizeof(std::int16_t):
      return widen<std::int16_t, std::uint16_t>(cell, column);
    case sizeof(std::int32_t):
      return widen<std::int32_t, std::uint32_t>(cell, column);
    case sizeof(std::int64_t): {
      const auto number = widen<std::int64_t, std::uint64_t>(cell, column);
      if (number < 0 && is_unsigned(column)) return out_of_range(column);
      return number;
    }
    default:
      return wrong_size(column);
  }
}

bool is_within(std::int64_t number, StorageType type) {
  switch (type) {
    case StorageType::kInt16:
      return std::in_range<std::int16_t>(number);
    case StorageType::kInt32:
      return std::in_range<std::int32_t>(number);
    default:  // the widest there is
      return true;
  }
}

/// What a date or timestamp holds; the server leaves out zeroes at the end.
struct Moment {
  types::CivilDate date{0, 0, 0};
  std::int64_t microseconds = 0;
};

constexpr std::int64_t kMinutesPerHour = 60;
constexpr std::int64_t kSecondsPerMinute = 60;
constexpr std::int64_t kHoursPerDay = 24;

/// Hours, minutes and seconds as the next three bytes; with a fraction where four more follow.
std::int64_t read_clock(ByteReader& reader) {
  const std::int64_t hours = reader.read_byte();
  const std::int64_t minutes = reader.read_byte();
  const std::int64_t seconds = reader.read_byte();
  const std::int64_t fraction = reader.remaining() > 0 ? reader.read_little_endian<std::uint32_t>() : 0;
  if (minutes >= kMinutesPerHour || seconds >= kSecondsPerMinute ||
      fraction >= types::kMicrosecondsPerSecond || hours >= kHoursPerDay)
    reader.fail();
  return ((hours * kMinutesPerHour + minutes) * kSecondsPerMinute + seconds) * types::kMicrosecondsPerSecond +
         fraction;
}

Result<Moment> read_moment(Cell cell, const ResultColumn& column) {
  ByteReader reader(cell.span());
  Moment moment;
  if (cell.length > 0) {
    moment.date.year = reader.read_little_endian<std::uint16_t>();
    moment.date.month = reader.read_byte();
    moment.date.day = reader.read_byte();
  }
  if (reader.remaining() > 0) moment.microseconds = read_clock(reader);
  if (!reader.is_at_end()) return wrong_size(column);
  if (moment.date.year < 1 || !types::is_real_date(moment.date))
    return refuse(column, "a date that does not exist, such as 0000-00-00");
  return moment;
}

Result<std::int64_t> read_timestamp(Cell cell, const ResultColumn& column) {
  BRIDGE_ASSIGN_OR_RETURN(const Moment moment, read_moment(cell, column));
  return types::to_days(moment.date) * types::kMicrosecondsPerDay + moment.microseconds;
}

Result<std::string_view> read_text(Cell cell, const ResultColumn& column) {
  const std::string_view text = to_text(cell.span());
  if (!types::is_valid_utf8(text)) return refuse(column, "text that is not UTF-8");
  return text;
}

}  // namespace

Status decode_bool(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  BRIDGE_ASSIGN_OR_RETURN(const std::int64_t number, read_integer(cell, column));
  if (number != 0 && number != 1) return refuse(column, "a number that is neither 0 nor 1");
  return visitor.on_bool(number == 1);
}

Status decode_integer(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  BRIDGE_ASSIGN_OR_RETURN(const std::int64_t number, read_integer(cell, column));
  if (!is_within(number, column.type.storage)) return out_of_range(column);
  return visitor.on_integer(number);
}

Status decode_integer_as_decimal(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  const bool is_wide = static_cast<std::size_t>(cell.length) == sizeof(std::uint64_t);
  if (is_wide && is_unsigned(column))
    return visitor.on_decimal(std::to_string(load_little_endian<std::uint64_t>(cell.bytes)));
  BRIDGE_ASSIGN_OR_RETURN(const std::int64_t number, read_integer(cell, column));
  return visitor.on_decimal(std::to_string(number));
}

Status decode_integer_as_real(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  constexpr std::int64_t kLargestExact = std::int64_t{1} << std::numeric_limits<double>::digits;
  BRIDGE_ASSIGN_OR_RETURN(const std::int64_t number, read_integer(cell, column));
  if (number > kLargestExact || number < -kLargestExact) return out_of_range(column);
  return visitor.on_real(static_cast<double>(number));
}

Status decode_integer_as_interval(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  BRIDGE_ASSIGN_OR_RETURN(const std::int64_t number, read_integer(cell, column));
  const auto interval = types::to_interval(number);
  if (!interval) return out_of_range(column);
  return visitor.on_interval(*interval);
}

Status decode_float(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  if (static_cast<std::size_t>(cell.length) != sizeof(float)) return wrong_size(column);
  return visitor.on_real(
      static_cast<double>(std::bit_cast<float>(load_little_endian<std::uint32_t>(cell.bytes))));
}

Status decode_double(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  if (static_cast<std::size_t>(cell.length) != sizeof(double)) return wrong_size(column);
  return visitor.on_real(std::bit_cast<double>(load_little_endian<std::uint64_t>(cell.bytes)));
}

Status decode_decimal(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  const std::string_view text = to_text(cell.span());
  if (!types::is_plain_decimal(text)) return refuse(column, "a malformed decimal");
  return visitor.on_decimal(text);
}

Status decode_decimal_as_integer(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  const std::string_view text = to_text(cell.span());
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size() || !is_within(number, column.type.storage))
    return out_of_range(column);
  return visitor.on_integer(number);
}

Status decode_text(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  BRIDGE_ASSIGN_OR_RETURN(const std::string_view text, read_text(cell, column));
  return visitor.on_text(text);
}

Status decode_bytes(Cell cell, const ResultColumn&, CellVisitor& visitor) {
  return visitor.on_bytes(cell.span());
}

Status decode_date(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  BRIDGE_ASSIGN_OR_RETURN(const Moment moment, read_moment(cell, column));
  if (moment.microseconds != 0) return refuse(column, "a date with a time of day");
  return visitor.on_date(types::to_days(moment.date));
}

Status decode_time(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  if (cell.length == 0) return visitor.on_time(0);
  ByteReader reader(cell.span());
  const bool is_negative = reader.read_byte() != 0;
  const auto days = reader.read_little_endian<std::uint32_t>();
  const std::int64_t time = read_clock(reader);
  if (!reader.is_at_end()) return wrong_size(column);
  if (is_negative || days > 0) return refuse(column, "a time outside a day");
  return visitor.on_time(time);
}

Status decode_timestamp(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  BRIDGE_ASSIGN_OR_RETURN(const std::int64_t moment, read_timestamp(cell, column));
  return visitor.on_timestamp(moment);
}

Status decode_timestamp_utc(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  BRIDGE_ASSIGN_OR_RETURN(const std::int64_t moment, read_timestamp(cell, column));
  return visitor.on_timestamp_utc(moment);
}

Status decode_uuid_bytes(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  types::UuidBytes uuid{};
  if (static_cast<std::size_t>(cell.length) != uuid.size()) return wrong_size(column);
  std::memcpy(uuid.data(), cell.bytes, uuid.size());
  return visitor.on_uuid(uuid);
}

Status decode_uuid_text(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  const auto uuid = types::parse_uuid(to_text(cell.span()));
  if (!uuid) return refuse(column, "a malformed UUID");
  return visitor.on_uuid(*uuid);
}

Status decode_json(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  BRIDGE_ASSIGN_OR_RETURN(const std::string_view text, read_text(cell, column));
  return visitor.on_json(text);
}

Status decode_array(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  BRIDGE_ASSIGN_OR_RETURN(const std::string_view text, read_text(cell, column));
  const auto elements = driver::parse_array(text, column.type.element);
  if (!elements) return refuse(column, elements.error().message());
  return driver::visit_array(*elements, visitor);
}

Status decode_inet(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  BRIDGE_ASSIGN_OR_RETURN(const std::string_view text, read_text(cell, column));
  return visitor.on_inet(text);
}

Status decode_bit(Cell cell, const ResultColumn& column, CellVisitor& visitor) {
  constexpr unsigned kBitsPerByte = 8;
  if (static_cast<std::size_t>(cell.length) > sizeof(std::uint64_t)) return wrong_size(column);
  std::uint64_t number = 0;
  for (const std::byte byte : cell.span())
    number = number << kBitsPerByte | std::to_integer<std::uint64_t>(byte);
  std::int64_t narrowed = 0;
  if (!narrow(number, narrowed) || !is_within(narrowed, column.type.storage)) return out_of_range(column);
  return visitor.on_integer(narrowed);
}

}  // namespace bridge::mysql
