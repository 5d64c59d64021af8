// protocol: MySQL, COM_STMT_EXECUTE and Binary Protocol Value
#include "engine/databases/mysql/encode.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <vector>

#include "engine/databases/mysql/wire/packet.h"
#include "engine/driver/array_text.h"
#include "engine/types/datetime.h"
#include "engine/types/interval.h"

namespace bridge::mysql {
namespace {

using types::StorageType;
using types::Value;
using wire::FieldType;

constexpr std::size_t kBitsPerByte = 8;
constexpr std::uint32_t kOneIteration = 1;
constexpr std::uint8_t kTypesFollow = 1;

Error refuse(std::string_view reason) { return make_error(ErrorCode::kDataRejected, std::string(reason)); }

FieldType field_type(StorageType type) {
  switch (type) {
    case StorageType::kBool:
      return FieldType::kTiny;
    case StorageType::kInt16:
    case StorageType::kInt32:
    case StorageType::kInt64:
    case StorageType::kInterval:
      return FieldType::kLongLong;
    case StorageType::kFloat64:
      return FieldType::kDouble;
    case StorageType::kDecimal:
      return FieldType::kNewDecimal;
    case StorageType::kDate:
      return FieldType::kDate;
    case StorageType::kTime:
      return FieldType::kTime;
    case StorageType::kTimestamp:
    case StorageType::kTimestampUtc:
      return FieldType::kDateTime;
    case StorageType::kBytes:
    case StorageType::kUuid:
      return FieldType::kBlob;
    case StorageType::kText:
    case StorageType::kJson:
    case StorageType::kInet:
    case StorageType::kArray:
      break;
  }
  return FieldType::kVarString;
}

void write_date(ByteWriter& out, std::int64_t days) {
  const types::CivilDate date = types::to_civil_date(days);
  out.write_little_endian(static_cast<std::uint16_t>(date.year));  // 1 to 9999, as the model has checked
  out.write_byte(static_cast<std::uint8_t>(date.month));
  out.write_byte(static_cast<std::uint8_t>(date.day));
}

void write_clock(ByteWriter& out, std::int64_t microseconds) {
  constexpr std::int64_t kSixty = 60;  // seconds of a minute, minutes of an hour
  const std::int64_t seconds = microseconds / types::kMicrosecondsPerSecond;
  out.write_byte(static_cast<std::uint8_t>(seconds / (kSixty * kSixty)));
  out.write_byte(static_cast<std::uint8_t>(seconds / kSixty % kSixty));
  out.write_byte(static_cast<std::uint8_t>(seconds % kSixty));
  out.write_little_endian(static_cast<std::uint32_t>(microseconds % types::kMicrosecondsPerSecond));
}

Status write_timestamp(ByteWriter& out, std::int64_t moment) {
  constexpr std::uint8_t kFullSize = 11;
  std::int64_t days = moment / types::kMicrosecondsPerDay;
  if (moment % types::kMicrosecondsPerDay < 0) --days;
  out.write_byte(kFullSize);
  write_date(out, days);
  write_clock(out, moment - days * types::kMicrosecondsPerDay);
  return {};
}

Status write_time(ByteWriter& out, std::int64_t microseconds) {
  constexpr std::uint8_t kFullSize = 12;
  constexpr std::uint8_t kPositive = 0;
  out.write_byte(kFullSize);
  out.write_byte(kPositive);
  out.write_little_endian(std::uint32_t{0});  // days
  write_clock(out, microseconds);
  return {};
}

/// Whether a document holds a whole number that the server would round to a floating-point one. The text has
/// been checked.
bool has_wide_number(std::string_view document) {
  constexpr std::string_view kOfNumbers = "+-.0123456789eE";
  for (std::size_t place = 0; place < document.size(); ++place) {
    const char first = document[place];
    if (first == '"') {
      while (document[++place] != '"') place += document[place] == '\\' ? 1U : 0U;
    } else if (first == '-' || (first >= '0' && first <= '9')) {
      const std::size_t end = std::min(document.find_first_not_of(kOfNumbers, place), document.size());
      const std::string_view number = document.substr(place, end - place);
      place = end - 1;
      if (number.find_first_of(".eE") != std::string_view::npos) continue;
      std::int64_t narrow = 0;
      std::uint64_t wide = 0;
      const char* const last = number.data() + number.size();
      if (std::from_chars(number.data(), last, narrow).ec != std::errc() &&
          std::from_chars(number.data(), last, wide).ec != std::errc())
        return true;
    }
  }
  return false;
}

/// The server would cut what its casts and derived tables, DECIMAL(65, 30), do not hold, with no more than a
/// warning. The text is in plain notation.
Status check_decimal(std::string_view number) {
  constexpr std::size_t kMostBefore = 35;
  constexpr std::size_t kMostBehind = 30;
  const std::size_t first = std::min(number.find_first_not_of("-0"), number.size());
  if (first < number.size() && number[first] != '.' && (number[first] < '0' || number[first] > '9'))
    return refuse("MySQL stores neither NaN nor infinity");
  const std::size_t point = std::min(number.find('.'), number.size());
  const std::size_t last = point == number.size() ? point : number.find_last_not_of('0') + 1;
  if (point > first + kMostBefore || last > point + 1 + kMostBehind)
    return refuse("MySQL keeps decimals of at most 35 digits before the point and 30 behind it");
  return {};
}

Status write_value(ByteWriter& out, const Value& value) {
  constexpr std::uint8_t kDateSize = 4;
  switch (value.type) {
    case StorageType::kBool:
      out.write_byte(value.integer != 0 ? 1 : 0);
      return {};
    case StorageType::kInt16:
    case StorageType::kInt32:
    case StorageType::kInt64:
      out.write_little_endian(value.integer);
      return {};
    case StorageType::kInterval: {
      BRIDGE_ASSIGN_OR_RETURN(const std::int64_t microseconds, types::to_microseconds(value.interval));
      out.write_little_endian(microseconds);
      return {};
    }
    case StorageType::kFloat64:
      if (!std::isfinite(value.real)) return refuse("MySQL stores neither NaN nor infinity");
      out.write_little_endian(std::bit_cast<std::uint64_t>(value.real));
      return {};
    case StorageType::kDate:
      out.write_byte(kDateSize);
      write_date(out, value.integer);
      return {};
    case StorageType::kTime:
      return write_time(out, value.integer);
    case StorageType::kTimestamp:
    case StorageType::kTimestampUtc:
      return write_timestamp(out, value.integer);
    case StorageType::kUuid:
      wire::write_length(out, value.uuid.size());
      out.write_bytes(std::as_bytes(std::span(value.uuid)));
      return {};
    case StorageType::kJson:
      if (has_wide_number(value.text))
        return refuse("MySQL keeps whole numbers in JSON of 64 bits; keep longer ones as text");
      wire::write_counted(out, value.text);
      return {};
    case StorageType::kDecimal:
      BRIDGE_RETURN_IF_ERROR(check_decimal(value.text));
      [[fallthrough]];
    case StorageType::kText:
    case StorageType::kBytes:
    case StorageType::kInet:
      wire::write_counted(out, value.text);
      return {};
    case StorageType::kArray: {
      BRIDGE_ASSIGN_OR_RETURN(const std::string document, driver::to_array_text(value.elements));
      wire::write_counted(out, document);
      return {};
    }
  }
  return refuse("a value of an unknown type");
}

void write_null_bits(ByteWriter& out, std::span<const Value> values) {
  std::vector<std::uint8_t> bits((values.size() + kBitsPerByte - 1) / kBitsPerByte);
  for (std::size_t index = 0; index < values.size(); ++index) {
    if (values[index].is_null)
      bits[index / kBitsPerByte] |= static_cast<std::uint8_t>(1U << (index % kBitsPerByte));
  }
  out.write_bytes(std::as_bytes(std::span(bits)));
}

}  // namespace

Status spell_moments(std::span<Value> values) {
  for (Value& value : values) {
    Status (*append)(std::string&, std::int64_t) = nullptr;
    if (value.type == StorageType::kDate) append = types::append_date;
    if (value.type == StorageType::kTime) append = types::append_time;
    if (value.type == StorageType::kTimestamp || value.type == StorageType::kTimestampUtc)
      append = types::append_timestamp;
    if (append == nullptr || value.is_null) continue;
    std::string text;
    BRIDGE_RETURN_IF_ERROR(append(text, value.integer));
    value = Value::of_text(std::move(text));
  }
  return {};
}

Result<std::uint8_t> write_execute(ByteWriter& out, std::uint32_t statement, std::uint8_t cursor,
                                   std::span<const Value> values) {
  if (values.size() > wire::kMaxParameters) return refuse("the statement has too many values");
  wire::PacketWriter packet(out, wire::Command::kExecute);
  out.write_little_endian(statement);
  out.write_byte(cursor);
  out.write_little_endian(kOneIteration);
  if (!values.empty()) {
    write_null_bits(out, values);
    out.write_byte(kTypesFollow);
    for (const Value& value : values) {
      out.write_byte(static_cast<std::uint8_t>(field_type(value.type)));
      out.write_byte(0);  // signed
    }
    for (const Value& value : values) {
      if (!value.is_null) BRIDGE_RETURN_IF_ERROR(write_value(out, value));
    }
  }
  return packet.finish();
}

}  // namespace bridge::mysql
