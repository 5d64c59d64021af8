// One binding per storage type; see README.md, "Stored forms".
#include "engine/databases/sqlite/value_binder.h"

#include <sqlite3.h>

#include <cmath>

#include "engine/databases/sqlite/error_map.h"
#include "engine/databases/sqlite/stored_text.h"
#include "engine/driver/array_text.h"
#include "engine/driver/moment_text.h"
#include "engine/types/interval.h"
#include "engine/types/utf8.h"

namespace bridge::sqlite {
namespace {

using types::StorageType;
using types::Value;

/// Where one value goes.
struct Place {
  sqlite3_stmt* statement;
  int index;  // SQLite counts from one
};

Status checked(const Place& place, int code) {
  if (code == SQLITE_OK) return {};
  return last_error(sqlite3_db_handle(place.statement));
}

Status bind_integer(const Place& place, std::int64_t number) {
  return checked(place, sqlite3_bind_int64(place.statement, place.index, number));
}

Status bind_borrowed_text(const Place& place, const std::string& text) {
  if (!types::is_valid_utf8(text)) return make_error(ErrorCode::kValidation, "a text is not valid UTF-8");
  // NOLINTNEXTLINE: SQLITE_STATIC is a null pointer cast by the vendor's macro
  return checked(place, sqlite3_bind_text64(place.statement, place.index, text.data(), text.size(),
                                            SQLITE_STATIC, SQLITE_UTF8));
}

Status bind_own_text(const Place& place, const std::string& text) {
  return checked(place, sqlite3_bind_text64(place.statement, place.index, text.data(), text.size(),
                                            SQLITE_TRANSIENT, SQLITE_UTF8));
}

Status bind_real(const Place& place, double number) {
  if (std::isnan(number))
    return make_error(ErrorCode::kValidation, "SQLite stores NaN as NULL, so it is refused");
  return checked(place, sqlite3_bind_double(place.statement, place.index, number));
}

Status bind_moment(const Place& place, const Value& value) {
  std::string text;
  BRIDGE_RETURN_IF_ERROR(driver::append_moment(text, value));
  return bind_own_text(place, text);
}

Status bind_decimal(const Place& place, const Value& value, std::size_t scale) {
  BRIDGE_ASSIGN_OR_RETURN(const std::string text, to_decimal_form(value.text, scale));
  return bind_own_text(place, text);
}

Status bind_interval(const Place& place, const Value& value) {
  BRIDGE_ASSIGN_OR_RETURN(const std::int64_t length, types::to_microseconds(value.interval));
  return bind_integer(place, length);
}

Status bind_array(const Place& place, const Value& value) {
  BRIDGE_ASSIGN_OR_RETURN(const std::string json, driver::to_array_text(value.elements));
  return bind_own_text(place, json);
}

Status bind_value(const Place& place, const Value& value, std::size_t scale) {
  if (value.is_null) return checked(place, sqlite3_bind_null(place.statement, place.index));
  switch (value.type) {
    case StorageType::kBool:
    case StorageType::kInt16:
    case StorageType::kInt32:
    case StorageType::kInt64:
      return bind_integer(place, value.integer);
    case StorageType::kFloat64:
      return bind_real(place, value.real);
    case StorageType::kDecimal:
      return bind_decimal(place, value, scale);
    case StorageType::kText:
    case StorageType::kJson:
    case StorageType::kInet:
      return bind_borrowed_text(place, value.text);
    case StorageType::kBytes:
      return checked(place, sqlite3_bind_blob64(place.statement, place.index, value.text.data(),
                                                value.text.size(), SQLITE_STATIC));
    case StorageType::kDate:
    case StorageType::kTime:
    case StorageType::kTimestamp:
    case StorageType::kTimestampUtc:
      return bind_moment(place, value);
    case StorageType::kInterval:
      return bind_interval(place, value);
    case StorageType::kUuid:
      return checked(place, sqlite3_bind_blob64(place.statement, place.index, value.uuid.data(),
                                                value.uuid.size(), SQLITE_STATIC));
    case StorageType::kArray:
      return bind_array(place, value);
  }
  return make_error(ErrorCode::kInternal, "a value has an unknown type");
}

}  // namespace

Status bind_values(sqlite3_stmt* statement, std::span<const Value> values,
                   std::span<const sql::ParameterSlot> slots) {
  const auto wanted = static_cast<std::size_t>(sqlite3_bind_parameter_count(statement));
  if (values.size() != wanted) {
    return make_error(ErrorCode::kQuery, "the statement takes " + std::to_string(wanted) + " parameters, " +
                                             std::to_string(values.size()) + " were given");
  }
  for (std::size_t index = 0; index < values.size(); ++index) {
    const std::size_t scale = index < slots.size() && slots[index].type.storage == StorageType::kDecimal
                                  ? slots[index].type.scale
                                  : 0;
    BRIDGE_RETURN_IF_ERROR(bind_value({statement, static_cast<int>(index) + 1}, values[index], scale));
  }
  return {};
}

}  // namespace bridge::sqlite
