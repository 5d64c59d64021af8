// The tables of types; switches over storage types have no default, so that the compiler names a new one.
#include "engine/databases/mysql/type_map.h"

#include <string>
#include <utility>

#include "engine/databases/mysql/decode.h"

namespace bridge::mysql {
namespace {

using types::StorageType;
using wire::FieldType;

/// Kinds of wire types that are read alike.
enum class Kind : std::uint8_t {
  kInteger,
  kBit,
  kFloat,
  kDouble,
  kDecimal,
  kDate,
  kTime,
  kDateTime,
  kText,
  kBytes,
  kJson
};

struct Reading {
  Kind kind;
  StorageType target;
  driver::DecodeCell decode;
};

// The first row of a kind is what it is read as where nothing is expected.
constexpr Reading kReadings[] = {
    {Kind::kInteger, StorageType::kInt64, decode_integer},
    {Kind::kInteger, StorageType::kInt32, decode_integer},
    {Kind::kInteger, StorageType::kInt16, decode_integer},
    {Kind::kInteger, StorageType::kBool, decode_bool},
    {Kind::kInteger, StorageType::kDecimal, decode_integer_as_decimal},
    {Kind::kInteger, StorageType::kFloat64, decode_integer_as_real},
    {Kind::kInteger, StorageType::kInterval, decode_integer_as_interval},
    {Kind::kBit, StorageType::kInt64, decode_bit},
    {Kind::kFloat, StorageType::kFloat64, decode_float},
    {Kind::kDouble, StorageType::kFloat64, decode_double},
    {Kind::kDecimal, StorageType::kDecimal, decode_decimal},
    {Kind::kDecimal, StorageType::kInt64, decode_decimal_as_integer},
    {Kind::kDecimal, StorageType::kInt32, decode_decimal_as_integer},
    {Kind::kDecimal, StorageType::kInt16, decode_decimal_as_integer},
    {Kind::kDate, StorageType::kDate, decode_date},
    {Kind::kTime, StorageType::kTime, decode_time},
    {Kind::kDateTime, StorageType::kTimestamp, decode_timestamp},
    {Kind::kDateTime, StorageType::kTimestampUtc, decode_timestamp_utc},
    {Kind::kText, StorageType::kText, decode_text},
    {Kind::kText, StorageType::kJson, decode_json},
    {Kind::kText, StorageType::kUuid, decode_uuid_text},
    {Kind::kText, StorageType::kInet, decode_inet},
    {Kind::kBytes, StorageType::kBytes, decode_bytes},
    {Kind::kBytes, StorageType::kUuid, decode_uuid_bytes},
    {Kind::kJson, StorageType::kJson, decode_json},
    {Kind::kJson, StorageType::kText, decode_text},
    {Kind::kJson, StorageType::kArray, decode_array},
    {Kind::kText, StorageType::kArray, decode_array},
};

Kind kind_of(const wire::ColumnDescription& column) {
  switch (column.type) {
    case FieldType::kTiny:
    case FieldType::kShort:
    case FieldType::kMedium:
    case FieldType::kLong:
    case FieldType::kLongLong:
    case FieldType::kYear:
      return Kind::kInteger;
    case FieldType::kBit:
      return Kind::kBit;
    case FieldType::kFloat:
      return Kind::kFloat;
    case FieldType::kDouble:
      return Kind::kDouble;
    case FieldType::kNewDecimal:
      return Kind::kDecimal;
    case FieldType::kDate:
      return Kind::kDate;
    case FieldType::kTime:
      return Kind::kTime;
    case FieldType::kDateTime:
    case FieldType::kTimestamp:
      return Kind::kDateTime;
    case FieldType::kJson:
      return Kind::kJson;
    case FieldType::kNull:
    case FieldType::kVarchar:
    case FieldType::kEnum:
    case FieldType::kSet:
    case FieldType::kTinyBlob:
    case FieldType::kMediumBlob:
    case FieldType::kLongBlob:
    case FieldType::kBlob:
    case FieldType::kVarString:
    case FieldType::kString:
    case FieldType::kGeometry:
      break;
  }
  if (column.extended_type == "json") return Kind::kJson;
  const bool is_text = column.charset != wire::kBinaryCharset || !column.extended_type.empty();
  return is_text ? Kind::kText : Kind::kBytes;
}

const Reading* find_reading(Kind kind, const StorageType* target) {
  for (const Reading& reading : kReadings) {
    if (reading.kind == kind && (target == nullptr || reading.target == *target)) return &reading;
  }
  return nullptr;
}

}  // namespace

Result<driver::ResultColumn> meet_column(const wire::ColumnDescription& column,
                                         const sql::ExpectedColumn* expected) {
  driver::ResultColumn met;
  met.name = std::string(column.name);
  met.wire_type = static_cast<std::uint32_t>(column.type);
  met.wire_modifier = column.flags;
  if (expected != nullptr) met.type = expected->type;
  const bool is_always_null = column.type == FieldType::kNull;
  const Kind kind = kind_of(column);
  const Reading* reading = find_reading(kind, expected == nullptr ? nullptr : &met.type.storage);
  if (reading == nullptr && !is_always_null)
    return make_error(ErrorCode::kDecode, "column " + met.name + " has the MySQL type number " +
                                              std::to_string(met.wire_type) + ", which cannot be read as " +
                                              std::string(to_name(met.type.storage)) + " without loss");
  if (expected == nullptr) met.type = {.storage = reading->target, .is_nullable = true};
  met.decode = reading == nullptr ? decode_bytes : reading->decode;
  return met;
}

sql::SqlWriter::Words to_words(StorageType storage) {
  switch (storage) {
    case StorageType::kBool:
      return "TINYINT(1)";
    case StorageType::kInt16:
      return "SMALLINT";
    case StorageType::kInt32:
      return "INT";
    case StorageType::kInt64:
    case StorageType::kInterval:  // microseconds
      return "BIGINT";
    case StorageType::kFloat64:
      return "DOUBLE";
    case StorageType::kDecimal:
      return "DECIMAL";
    case StorageType::kBytes:
      return "LONGBLOB";
    case StorageType::kDate:
      return "DATE";
    case StorageType::kTime:
      return "TIME(6)";
    case StorageType::kTimestamp:
    case StorageType::kTimestampUtc:
      return "DATETIME(6)";
    case StorageType::kUuid:
      return "BINARY(16)";
    case StorageType::kInet:
      return "VARCHAR(43)";  // the longest address with its prefix
    case StorageType::kJson:
    case StorageType::kArray:
      return "JSON";
    case StorageType::kText:
      break;
  }
  return "LONGTEXT";
}

}  // namespace bridge::mysql
