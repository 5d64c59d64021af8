// Stored text forms; see README.md, "Stored forms".
#include "engine/databases/sqlite/stored_text.h"

#include "engine/types/decimal.h"

namespace bridge::sqlite {

Result<std::string> to_decimal_form(std::string_view text, std::size_t scale) {
  if (!types::is_plain_decimal(text)) {
    return make_error(
        ErrorCode::kValidation,
        "SQLite stores decimals in plain notation of at most 1000 digits; NaN and infinity have no form");
  }
  return types::pad_decimal_text(text, scale);
}

}  // namespace bridge::sqlite
