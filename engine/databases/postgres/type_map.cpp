// The table of what may be read as what: identical first, then lossless widening.
#include "engine/databases/postgres/type_map.h"

#include <optional>
#include <string>

#include "engine/databases/postgres/decode.h"
#include "engine/databases/postgres/type_oids.h"

namespace bridge::postgres {
namespace {

using types::StorageType;

struct Reading {
  Oid oid;
  StorageType target;
  driver::DecodeCell decode;
};

// The first row of a wire type is what it is read as where nothing is expected.
constexpr Reading kReadings[] = {
    {Oid::kBool, StorageType::kBool, decode_bool},
    {Oid::kInt2, StorageType::kInt16, decode_int2},
    {Oid::kInt2, StorageType::kInt32, decode_int2},
    {Oid::kInt2, StorageType::kInt64, decode_int2},
    {Oid::kInt2, StorageType::kFloat64, decode_int2_as_real},
    {Oid::kInt2, StorageType::kDecimal, decode_int2_as_decimal},
    {Oid::kInt4, StorageType::kInt32, decode_int4},
    {Oid::kInt4, StorageType::kInt64, decode_int4},
    {Oid::kInt4, StorageType::kFloat64, decode_int4_as_real},
    {Oid::kInt4, StorageType::kDecimal, decode_int4_as_decimal},
    {Oid::kInt8, StorageType::kInt64, decode_int8},
    {Oid::kInt8, StorageType::kDecimal, decode_int8_as_decimal},
    {Oid::kOid, StorageType::kInt64, decode_oid},
    {Oid::kXid, StorageType::kInt64, decode_oid},
    {Oid::kRegProc, StorageType::kInt64, decode_oid},
    {Oid::kRegClass, StorageType::kInt64, decode_oid},
    {Oid::kRegType, StorageType::kInt64, decode_oid},
    {Oid::kFloat4, StorageType::kFloat64, decode_float4},
    {Oid::kFloat8, StorageType::kFloat64, decode_float8},
    {Oid::kNumeric, StorageType::kDecimal, decode_numeric_cell},
    {Oid::kText, StorageType::kText, decode_text},
    {Oid::kVarchar, StorageType::kText, decode_text},
    {Oid::kBpchar, StorageType::kText, decode_text},
    {Oid::kName, StorageType::kText, decode_text},
    {Oid::kUnknown, StorageType::kText, decode_text},
    {Oid::kXml, StorageType::kText, decode_text},
    {Oid::kVoid, StorageType::kText, decode_text},
    {Oid::kChar, StorageType::kText, decode_char},
    {Oid::kBytea, StorageType::kBytes, decode_bytea},
    {Oid::kDate, StorageType::kDate, decode_date},
    {Oid::kTime, StorageType::kTime, decode_time},
    {Oid::kTimestamp, StorageType::kTimestamp, decode_timestamp},
    {Oid::kTimestampTz, StorageType::kTimestampUtc, decode_timestamp_utc},
    {Oid::kInterval, StorageType::kInterval, decode_interval},
    {Oid::kUuid, StorageType::kUuid, decode_uuid},
    {Oid::kJson, StorageType::kJson, decode_json},
    {Oid::kJson, StorageType::kText, decode_text},
    {Oid::kJsonb, StorageType::kJson, decode_jsonb},
    {Oid::kInet, StorageType::kInet, decode_inet_cell},
    {Oid::kCidr, StorageType::kInet, decode_inet_cell},
};

/// Where several wire types are read as one storage type: the one that holds all its values.
Oid preferred_oid(StorageType type, Oid first) {
  switch (type) {
    case StorageType::kInt32:
      return Oid::kInt4;
    case StorageType::kInt64:
      return Oid::kInt8;
    case StorageType::kFloat64:
      return Oid::kFloat8;
    case StorageType::kDecimal:
      return Oid::kNumeric;
    default:  // the first wire type of all others holds every value
      return first;
  }
}

/// What a scalar wire type is read as where nothing is expected.
std::optional<StorageType> natural_reading(std::uint32_t oid) {
  for (const Reading& reading : kReadings) {
    if (static_cast<std::uint32_t>(reading.oid) == oid) return reading.target;
  }
  if (oid >= kFirstUserOid) return StorageType::kText;
  return std::nullopt;
}

std::string describe(const types::ColumnType& type) {
  std::string text(to_name(type.storage));
  if (type.storage == StorageType::kArray) text += " of " + std::string(to_name(type.element));
  return text;
}

Error mismatch(const driver::ResultColumn& column) {
  return make_error(ErrorCode::kDecode, "column " + column.name + " has the PostgreSQL type number " +
                                            std::to_string(column.wire_type) + ", which cannot be read as " +
                                            describe(column.type) + " without loss; cast it in the query");
}

bool can_be_array_of(std::uint32_t oid, StorageType element) {
  if (const std::uint32_t element_oid = element_of(oid); element_oid != kNoOid) {
    return find_decoder(element_oid, element) != nullptr;
  }
  return oid >= kFirstUserOid &&
         element == StorageType::kText;  // an array of an enum or the like; its header is checked
}

Status choose_freely(driver::ResultColumn& column) {
  column.type.is_nullable = true;
  if (const std::uint32_t element_oid = element_of(column.wire_type); element_oid != kNoOid) {
    column.type.storage = StorageType::kArray;
    column.type.element = natural_reading(element_oid).value_or(StorageType::kText);
    column.decode = decode_array;
    return {};
  }
  const auto natural = natural_reading(column.wire_type);
  if (!natural) {
    return make_error(ErrorCode::kDecode, "column " + column.name + " has the PostgreSQL type number " +
                                              std::to_string(column.wire_type) +
                                              ", which is not supported; cast it to text");
  }
  column.type.storage = *natural;
  column.decode = find_decoder(column.wire_type, *natural);
  return {};
}

}  // namespace

driver::DecodeCell find_decoder(std::uint32_t oid, StorageType target) {
  for (const Reading& reading : kReadings) {
    if (static_cast<std::uint32_t>(reading.oid) == oid && reading.target == target) return reading.decode;
  }
  // Enums, citext and domains over text send text; what does not is recognised by its bytes.
  if (oid >= kFirstUserOid && target == StorageType::kText) return decode_user_text;
  return nullptr;
}

Result<driver::ResultColumn> meet_column(const wire::ColumnDescription& column,
                                         const sql::ExpectedColumn* expected) {
  driver::ResultColumn met;
  met.name = std::string(column.name);
  met.wire_type = column.type;
  met.wire_modifier = column.modifier;
  if (expected == nullptr) {
    BRIDGE_RETURN_IF_ERROR(choose_freely(met));
    return met;
  }
  met.type = expected->type;
  if (met.type.storage == StorageType::kArray) {
    if (can_be_array_of(column.type, met.type.element)) met.decode = decode_array;
  } else {
    met.decode = find_decoder(column.type, met.type.storage);
  }
  if (met.decode == nullptr) return mismatch(met);
  return met;
}

std::uint32_t natural_oid(StorageType type, StorageType element) {
  if (type == StorageType::kArray)
    return element == StorageType::kArray ? kNoOid : array_of(natural_oid(element, element));
  if (type == StorageType::kJson) return static_cast<std::uint32_t>(Oid::kJsonb);
  for (const Reading& reading : kReadings) {
    if (reading.target == type) return static_cast<std::uint32_t>(preferred_oid(type, reading.oid));
  }
  return kNoOid;
}

}  // namespace bridge::postgres
