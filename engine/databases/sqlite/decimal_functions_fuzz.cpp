// Fuzzes the decimal functions inside SQL: a newline parts two operands; every answer is a number or a
// refusal.
#include <sqlite3.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/databases/sqlite/decimal_functions.h"
#include "engine/types/decimal.h"

namespace {

constexpr const char* kCalls[] = {
    "select bridge_decimal_add(?1, ?2)",
    "select bridge_decimal_subtract(?1, ?2)",
    "select bridge_decimal_multiply(?1, ?2)",
    "select bridge_decimal_divide(?1, ?2)",
    "select bridge_decimal_modulo(?1, ?2)",
    "select bridge_decimal_negate(?1)",
    "select bridge_decimal_sum(column1) from (values (?1), (?2))",
    "select bridge_decimal_avg(column1) from (values (?1), (?2))",
    "select ?1 < ?2 collate bridge_decimal",
};

void demand(bool holds) {
  if (!holds) std::abort();
}

sqlite3* open() {
  sqlite3* database = nullptr;
  demand(sqlite3_open(":memory:", &database) == SQLITE_OK);
  demand(bridge::sqlite::register_decimal_functions(database) == SQLITE_OK);
  return database;
}

void bind(sqlite3_stmt* statement, int position, std::string_view text) {
  if (position > sqlite3_bind_parameter_count(statement)) return;
  demand(sqlite3_bind_text(statement, position, text.data(), static_cast<int>(text.size()), SQLITE_STATIC) ==
         SQLITE_OK);
}

void check_answer(sqlite3_stmt* statement) {
  if (sqlite3_step(statement) != SQLITE_ROW || sqlite3_column_type(statement, 0) != SQLITE_TEXT) return;
  // SAFETY: char may alias any object
  const std::string_view answer(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)),
                                static_cast<std::size_t>(sqlite3_column_bytes(statement, 0)));
  demand(answer == "NaN" || bridge::types::is_plain_decimal(answer));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static sqlite3* const database = open();
  // SAFETY: char may alias any object
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const std::size_t gap = text.find('\n');
  const std::string_view left = text.substr(0, gap);
  const std::string_view right = gap == std::string_view::npos ? left : text.substr(gap + 1);
  for (const char* call : kCalls) {
    sqlite3_stmt* statement = nullptr;
    demand(sqlite3_prepare_v2(database, call, -1, &statement, nullptr) == SQLITE_OK);
    bind(statement, 1, left);
    bind(statement, 2, right);
    check_answer(statement);
    sqlite3_finalize(statement);
  }
  return 0;
}
