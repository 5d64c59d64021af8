// Elements of arrays to and from JSON scalars.
#include "engine/driver/array_text.h"

#include <charconv>
#include <cmath>

#include "engine/driver/moment_text.h"
#include "engine/types/datetime.h"
#include "engine/types/decimal.h"
#include "engine/types/interval.h"
#include "engine/types/json_text.h"
#include "engine/types/utf8.h"
#include "engine/types/uuid.h"

namespace bridge::driver {
namespace {

using types::JsonReader;
using types::JsonToken;
using types::StorageType;
using types::Value;

constexpr std::size_t kNumberRoom = 32;  // the longest shortest-form double has 24 characters
constexpr std::string_view kHexDigits = "0123456789abcdef";

template <typename Number>
void append_number(std::string& json, Number number) {
  char room[kNumberRoom];
  const auto [end, problem] = std::to_chars(room, room + kNumberRoom, number);
  json.append(room, end);
}

Status append_real(std::string& json, double number) {
  if (!std::isfinite(number))
    return make_error(ErrorCode::kValidation, "an array stored as JSON cannot hold NaN or infinity");
  const std::size_t start = json.size();
  append_number(json, number);
  // a whole number would come back as an integer
  if (json.find_first_of(".e", start) == std::string::npos) json += ".0";
  return {};
}

void append_hex(std::string& json, std::string_view bytes) {
  // numbers: a byte is two hexadecimal digits of four bits
  json += '"';
  for (const char character : bytes) {
    const auto byte = static_cast<unsigned char>(character);
    json += kHexDigits[byte >> 4];
    json += kHexDigits[byte & 0xF];
  }
  json += '"';
}

Status append_text(std::string& json, std::string_view text) {
  if (!types::is_valid_utf8(text)) return make_error(ErrorCode::kValidation, "a text is not valid UTF-8");
  types::append_json_string(json, text);
  return {};
}

Status append_quoted_moment(std::string& json, const Value& value) {
  json += '"';
  BRIDGE_RETURN_IF_ERROR(append_moment(json, value));
  json += '"';
  return {};
}

Status append_element(std::string& json, const Value& value) {
  if (value.is_null) {
    json += "null";
    return {};
  }
  switch (value.type) {
    case StorageType::kBool:
      json += value.integer != 0 ? "true" : "false";
      return {};
    case StorageType::kInt16:
    case StorageType::kInt32:
    case StorageType::kInt64:
      append_number(json, value.integer);
      return {};
    case StorageType::kFloat64:
      return append_real(json, value.real);
    case StorageType::kDecimal:
      if (!types::is_plain_decimal(value.text))
        return make_error(
            ErrorCode::kValidation,
            "an array stored as JSON holds decimals in plain notation, neither NaN nor infinity");
      return append_text(json, value.text);
    case StorageType::kText:
    case StorageType::kJson:
    case StorageType::kInet:
      return append_text(json, value.text);
    case StorageType::kBytes:
      append_hex(json, value.text);
      return {};
    case StorageType::kDate:
    case StorageType::kTime:
    case StorageType::kTimestamp:
    case StorageType::kTimestampUtc:
      return append_quoted_moment(json, value);
    case StorageType::kInterval: {
      BRIDGE_ASSIGN_OR_RETURN(const std::int64_t length, types::to_microseconds(value.interval));
      append_number(json, length);
      return {};
    }
    case StorageType::kUuid:
      return append_text(json, types::to_uuid_text(value.uuid));
    case StorageType::kArray:
      return make_error(ErrorCode::kValidation, "an array cannot hold arrays");
  }
  return make_error(ErrorCode::kInternal, "an array element has an unknown type");
}

Error wrong_element(StorageType type) {
  return make_error(ErrorCode::kDecode, "an array element is no " + std::string(types::to_name(type)));
}

template <typename Number>
Result<Number> read_number(const JsonReader& reader, StorageType type) {
  Number number{};
  const std::string_view text = reader.number();
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return wrong_element(type);
  return number;
}

Result<std::string> read_hex(std::string_view text) {
  if (text.size() % 2 != 0) return wrong_element(StorageType::kBytes);
  std::string bytes;
  for (std::size_t position = 0; position < text.size(); position += 2) {
    const std::size_t high = kHexDigits.find(text[position]);
    const std::size_t low = kHexDigits.find(text[position + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos)
      return wrong_element(StorageType::kBytes);
    bytes += static_cast<char>(high * kHexDigits.size() + low);
  }
  return bytes;
}

Result<Value> parse_moment(std::string_view text, StorageType type) {
  const auto parse = type == StorageType::kDate        ? types::parse_date
                     : type == StorageType::kTime      ? types::parse_time
                     : type == StorageType::kTimestamp ? types::parse_timestamp
                                                       : types::parse_timestamp_utc;
  BRIDGE_ASSIGN_OR_RETURN(const std::int64_t moment, parse(text));
  return Value::of_integer(type, moment);
}

Result<Value> parse_json_element(const std::string& text) {
  BRIDGE_RETURN_IF_ERROR(types::check_json(text));
  return Value::of_text(StorageType::kJson, text);
}

Result<Value> parse_string_element(const std::string& text, StorageType type) {
  switch (type) {
    case StorageType::kText:
    case StorageType::kInet:
      return Value::of_text(type, text);
    case StorageType::kJson:
      return parse_json_element(text);
    case StorageType::kDecimal:
      if (!types::is_plain_decimal(text)) return wrong_element(type);
      return Value::of_text(type, text);
    case StorageType::kBytes: {
      BRIDGE_ASSIGN_OR_RETURN(std::string bytes, read_hex(text));
      return Value::of_text(type, std::move(bytes));
    }
    case StorageType::kUuid: {
      BRIDGE_ASSIGN_OR_RETURN(const types::UuidBytes uuid, types::parse_uuid(text));
      return Value::of_uuid(uuid);
    }
    case StorageType::kDate:
    case StorageType::kTime:
    case StorageType::kTimestamp:
    case StorageType::kTimestampUtc:
      return parse_moment(text, type);
    case StorageType::kBool:
    case StorageType::kInt16:
    case StorageType::kInt32:
    case StorageType::kInt64:
    case StorageType::kFloat64:
    case StorageType::kInterval:
    case StorageType::kArray:
      break;
  }
  return wrong_element(type);
}

Result<Value> parse_number_element(const JsonReader& reader, StorageType type) {
  if (type == StorageType::kFloat64) {
    BRIDGE_ASSIGN_OR_RETURN(const double number, read_number<double>(reader, type));
    return Value::of_real(number);
  }
  BRIDGE_ASSIGN_OR_RETURN(const std::int64_t number, read_number<std::int64_t>(reader, type));
  const bool fits = (type == StorageType::kInt16 && std::in_range<std::int16_t>(number)) ||
                    (type == StorageType::kInt32 && std::in_range<std::int32_t>(number)) ||
                    type == StorageType::kInt64;
  if (fits) return Value::of_integer(type, number);
  if (type != StorageType::kInterval) return wrong_element(type);
  BRIDGE_ASSIGN_OR_RETURN(const types::Interval interval, types::to_interval(number));
  return Value::of_interval(interval);
}

Result<Value> parse_element(const JsonReader& reader, JsonToken token, StorageType type) {
  switch (token) {
    case JsonToken::kNull:
      return Value::null(type);
    case JsonToken::kTrue:
    case JsonToken::kFalse:
      if (type != StorageType::kBool) return wrong_element(type);
      return Value::of_bool(token == JsonToken::kTrue);
    case JsonToken::kNumber:
      return parse_number_element(reader, type);
    case JsonToken::kString:
      return parse_string_element(reader.string(), type);
    default:
      return wrong_element(type);
  }
}

Status visit_element(const Value& value, CellVisitor& visitor) {
  if (value.is_null) return visitor.on_null();
  switch (value.type) {
    case StorageType::kBool:
      return visitor.on_bool(value.integer != 0);
    case StorageType::kInt16:
    case StorageType::kInt32:
    case StorageType::kInt64:
      return visitor.on_integer(value.integer);
    case StorageType::kFloat64:
      return visitor.on_real(value.real);
    case StorageType::kDecimal:
      return visitor.on_decimal(value.text);
    case StorageType::kText:
      return visitor.on_text(value.text);
    case StorageType::kBytes:
      return visitor.on_bytes(to_bytes(value.text));
    case StorageType::kDate:
      return visitor.on_date(value.integer);
    case StorageType::kTime:
      return visitor.on_time(value.integer);
    case StorageType::kTimestamp:
      return visitor.on_timestamp(value.integer);
    case StorageType::kTimestampUtc:
      return visitor.on_timestamp_utc(value.integer);
    case StorageType::kInterval:
      return visitor.on_interval(value.interval);
    case StorageType::kUuid:
      return visitor.on_uuid(value.uuid);
    case StorageType::kJson:
      return visitor.on_json(value.text);
    case StorageType::kInet:
      return visitor.on_inet(value.text);
    case StorageType::kArray:
      break;
  }
  return wrong_element(value.type);
}

}  // namespace

Result<std::string> to_array_text(const std::vector<Value>& elements) {
  std::string json = "[";
  for (const Value& element : elements) {
    if (json.size() > 1) json += ',';
    BRIDGE_RETURN_IF_ERROR(append_element(json, element));
  }
  json += ']';
  return json;
}

Result<std::vector<Value>> parse_array(std::string_view text, StorageType type) {
  JsonReader reader(text);
  std::vector<Value> elements;
  BRIDGE_ASSIGN_OR_RETURN(JsonToken token, reader.next());
  if (token != JsonToken::kBeginArray) return make_error(ErrorCode::kDecode, "text is no JSON array");
  while (true) {
    BRIDGE_ASSIGN_OR_RETURN(token, reader.next());
    if (token == JsonToken::kEndArray) break;
    BRIDGE_ASSIGN_OR_RETURN(Value element, parse_element(reader, token, type));
    elements.push_back(std::move(element));
  }
  BRIDGE_ASSIGN_OR_RETURN(token, reader.next());  // refuses whatever follows the array
  return elements;
}

Status visit_array(const std::vector<Value>& elements, CellVisitor& visitor) {
  BRIDGE_RETURN_IF_ERROR(visitor.on_array_begin(elements.size()));
  for (const Value& element : elements) BRIDGE_RETURN_IF_ERROR(visit_element(element, visitor));
  return visitor.on_array_end();
}

}  // namespace bridge::driver
