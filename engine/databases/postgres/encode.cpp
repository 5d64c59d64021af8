// protocol: the *_recv functions of src/backend/utils/adt, written for; 55.7, Bind
#include "engine/databases/postgres/encode.h"

#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include "engine/databases/postgres/inet_text.h"
#include "engine/databases/postgres/numeric.h"
#include "engine/databases/postgres/type_oids.h"
#include "engine/databases/postgres/wire/frontend.h"

namespace bridge::postgres {
namespace {

using types::StorageType;
using types::Value;

constexpr std::uint8_t kJsonbVersion = 1;
// every whole number up to here is a double
constexpr std::int64_t kMaxExactInDouble = std::int64_t{1} << std::numeric_limits<double>::digits;

[[gnu::cold]] Error mismatch(StorageType type, std::uint32_t oid) {
  return make_error(ErrorCode::kDataRejected, "a value of type " + std::string(to_name(type)) +
                                                  " cannot be sent as PostgreSQL type number " +
                                                  std::to_string(oid));
}

[[gnu::cold]] Error out_of_range(std::uint32_t oid) {
  return make_error(ErrorCode::kDataRejected,
                    "a value is out of the range of PostgreSQL type number " + std::to_string(oid));
}

template <typename T>
Status encode_narrow(std::int64_t number, std::uint32_t oid, ByteWriter& out) {
  T narrowed{};
  if (!narrow(number, narrowed)) return out_of_range(oid);
  out.write_big_endian(narrowed);
  return {};
}

void write_double(double number, ByteWriter& out) {
  out.write_big_endian(std::bit_cast<std::uint64_t>(number));
}

Status encode_integer(const Value& value, std::uint32_t oid, ByteWriter& out) {
  switch (static_cast<Oid>(oid)) {
    case Oid::kInt8:
      out.write_big_endian(value.integer);
      return {};
    case Oid::kInt4:
      return encode_narrow<std::int32_t>(value.integer, oid, out);
    case Oid::kInt2:
      return encode_narrow<std::int16_t>(value.integer, oid, out);
    case Oid::kOid:
    case Oid::kRegClass:
    case Oid::kRegType:
      return encode_narrow<std::uint32_t>(value.integer, oid, out);
    case Oid::kNumeric:
      return encode_numeric(std::to_string(value.integer), out);
    case Oid::kFloat8:
      if (value.integer > kMaxExactInDouble || value.integer < -kMaxExactInDouble) return out_of_range(oid);
      write_double(static_cast<double>(value.integer), out);
      return {};
    default:  // no other type holds a whole number
      return mismatch(value.type, oid);
  }
}

Status encode_real(const Value& value, std::uint32_t oid, ByteWriter& out) {
  if (oid == static_cast<std::uint32_t>(Oid::kFloat8)) {
    write_double(value.real, out);
    return {};
  }
  if (oid != static_cast<std::uint32_t>(Oid::kFloat4)) return mismatch(value.type, oid);
  // The column itself is that coarse; only what would become infinite is refused.
  if (std::isfinite(value.real) && std::abs(value.real) > std::numeric_limits<float>::max())
    return out_of_range(oid);
  out.write_big_endian(std::bit_cast<std::uint32_t>(static_cast<float>(value.real)));
  return {};
}

Status encode_text(const Value& value, std::uint32_t oid, ByteWriter& out) {
  switch (static_cast<Oid>(oid)) {
    case Oid::kText:
    case Oid::kVarchar:
    case Oid::kBpchar:
    case Oid::kName:
    case Oid::kUnknown:
    case Oid::kXml:
      break;
    default:  // enums, citext and domains over text receive text
      if (oid < kFirstUserOid) return mismatch(value.type, oid);
  }
  if (value.text.find('\0') != std::string::npos) {
    return make_error(ErrorCode::kDataRejected, "PostgreSQL accepts no NUL in text");
  }
  out.write_text(value.text);
  return {};
}

Status encode_time(const Value& value, std::uint32_t oid, ByteWriter& out) {
  switch (static_cast<Oid>(oid)) {
    case Oid::kDate:
      if (value.type != StorageType::kDate) return mismatch(value.type, oid);
      return encode_narrow<std::int32_t>(value.integer - kEpochDays, oid, out);
    case Oid::kTime:
      if (value.type != StorageType::kTime) return mismatch(value.type, oid);
      if (value.integer < 0 || value.integer >= kMicrosecondsPerDay) return out_of_range(oid);
      out.write_big_endian(value.integer);
      return {};
    case Oid::kTimestamp:
    case Oid::kTimestampTz: {
      const bool is_utc = oid == static_cast<std::uint32_t>(Oid::kTimestampTz);
      if (value.type != (is_utc ? StorageType::kTimestampUtc : StorageType::kTimestamp))
        return mismatch(value.type, oid);
      std::int64_t moment = 0;
      if (__builtin_sub_overflow(value.integer, kEpochMicroseconds, &moment)) return out_of_range(oid);
      // The ends of the range mean infinity, which no finite value may become.
      if (moment == std::numeric_limits<std::int64_t>::max() ||
          moment == std::numeric_limits<std::int64_t>::min()) {
        return out_of_range(oid);
      }
      out.write_big_endian(moment);
      return {};
    }
    default:  // no other type holds a time
      return mismatch(value.type, oid);
  }
}

Status encode_json(const Value& value, std::uint32_t oid, ByteWriter& out) {
  if (oid == static_cast<std::uint32_t>(Oid::kJsonb))
    out.write_byte(kJsonbVersion);
  else if (oid != static_cast<std::uint32_t>(Oid::kJson))
    return mismatch(value.type, oid);
  out.write_text(value.text);
  return {};
}

Status encode_inet_value(const Value& value, std::uint32_t oid, ByteWriter& out) {
  const bool is_cidr = oid == static_cast<std::uint32_t>(Oid::kCidr);
  if (!is_cidr && oid != static_cast<std::uint32_t>(Oid::kInet)) return mismatch(value.type, oid);
  return encode_inet(value.text, is_cidr, out);
}

/// protocol: src/backend/utils/adt/arrayfuncs.c, array_recv
Status encode_array(const Value& value, std::uint32_t oid, ByteWriter& out) {
  const std::uint32_t element = element_of(oid);
  if (element == kNoOid) return mismatch(value.type, oid);
  std::int32_t count = 0;
  if (!narrow(value.elements.size(), count)) return out_of_range(oid);
  std::int32_t has_nulls = 0;
  for (const Value& member : value.elements) has_nulls |= member.is_null ? 1 : 0;
  constexpr std::int32_t kLowerBound = 1;
  out.write_big_endian(std::int32_t{count == 0 ? 0 : 1});  // dimensions
  out.write_big_endian(has_nulls);
  out.write_big_endian(element);
  if (count == 0) return {};
  out.write_big_endian(count);
  out.write_big_endian(kLowerBound);
  for (const Value& member : value.elements) {
    if (member.type == StorageType::kArray) return mismatch(member.type, element);
    BRIDGE_RETURN_IF_ERROR(encode_value(member, element, out));
  }
  return {};
}

bool is_oid(std::uint32_t oid, Oid wanted) { return oid == static_cast<std::uint32_t>(wanted); }

Status encode_bytes(const Value& value, std::uint32_t oid, ByteWriter& out) {
  switch (value.type) {
    case StorageType::kInt16:
    case StorageType::kInt32:
    case StorageType::kInt64:
      return encode_integer(value, oid, out);
    case StorageType::kText:
      return encode_text(value, oid, out);
    case StorageType::kFloat64:
      return encode_real(value, oid, out);
    case StorageType::kDate:
    case StorageType::kTime:
    case StorageType::kTimestamp:
    case StorageType::kTimestampUtc:
      return encode_time(value, oid, out);
    case StorageType::kJson:
      return encode_json(value, oid, out);
    case StorageType::kInet:
      return encode_inet_value(value, oid, out);
    case StorageType::kArray:
      return encode_array(value, oid, out);
    case StorageType::kBool:
      if (!is_oid(oid, Oid::kBool)) return mismatch(value.type, oid);
      out.write_byte(value.integer != 0 ? 1 : 0);
      return {};
    case StorageType::kDecimal:
      if (!is_oid(oid, Oid::kNumeric)) return mismatch(value.type, oid);
      return encode_numeric(value.text, out);
    case StorageType::kBytes:
      if (!is_oid(oid, Oid::kBytea)) return mismatch(value.type, oid);
      out.write_text(value.text);
      return {};
    case StorageType::kUuid:
      if (!is_oid(oid, Oid::kUuid)) return mismatch(value.type, oid);
      out.write_bytes(std::as_bytes(std::span(value.uuid)));
      return {};
    case StorageType::kInterval:
      if (!is_oid(oid, Oid::kInterval)) return mismatch(value.type, oid);
      out.write_big_endian(value.interval.microseconds);
      out.write_big_endian(value.interval.days);
      out.write_big_endian(value.interval.months);
      return {};
  }
  return mismatch(value.type, oid);
}

}  // namespace

Status encode_value(const Value& value, std::uint32_t oid, ByteWriter& out) {
  if (value.is_null) {
    out.write_big_endian(wire::kNullLength);
    return {};
  }
  const std::size_t place = out.reserve_length();
  BRIDGE_RETURN_IF_ERROR(encode_bytes(value, oid, out));
  if (!out.fill_length(place, wire::kLengthSize))
    return make_error(ErrorCode::kDataRejected, "a value is too large");
  return {};
}

Status write_bind(ByteWriter& out, const Binding& binding, std::span<const Value> values,
                  std::span<const std::uint32_t> oids) {
  std::uint16_t count = 0;
  if (values.size() != oids.size() || !narrow(values.size(), count)) {
    return make_error(ErrorCode::kQuery, "the statement takes " + std::to_string(oids.size()) + " values, " +
                                             std::to_string(values.size()) + " were given");
  }
  constexpr std::uint16_t kOneForAll = 1;
  wire::MessageWriter message(out, wire::Frontend::kBind);
  out.write_c_string(binding.portal);
  out.write_c_string(binding.statement);
  out.write_big_endian(kOneForAll);
  out.write_big_endian(wire::kBinaryFormat);
  out.write_big_endian(count);
  for (std::size_t index = 0; index < values.size(); ++index) {
    BRIDGE_RETURN_IF_ERROR(encode_value(values[index], oids[index], out));
  }
  out.write_big_endian(kOneForAll);
  out.write_big_endian(wire::kBinaryFormat);
  return message.finish();
}

}  // namespace bridge::postgres
