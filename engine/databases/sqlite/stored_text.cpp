// Stored text forms; see README.md, "Stored forms".
#include "engine/databases/sqlite/stored_text.h"

#include "engine/types/datetime.h"
#include "engine/types/decimal.h"

namespace bridge::sqlite {

Status append_moment(std::string& text, const types::Value& value) {
  switch (value.type) {
    case types::StorageType::kDate:
      return types::append_date(text, value.integer);
    case types::StorageType::kTime:
      return types::append_time(text, value.integer);
    case types::StorageType::kTimestamp:
      return types::append_timestamp(text, value.integer);
    case types::StorageType::kTimestampUtc:
      return types::append_timestamp_utc(text, value.integer);
    default:
      return make_error(ErrorCode::kInternal, "a value that is no date or time was to be written as one");
  }
}

Result<std::string> to_decimal_form(std::string_view text, std::size_t scale) {
  if (!types::is_plain_decimal(text)) {
    return make_error(
        ErrorCode::kValidation,
        "SQLite stores decimals in plain notation of at most 1000 digits; NaN and infinity have no form");
  }
  return types::pad_decimal_text(text, scale);
}

}  // namespace bridge::sqlite
