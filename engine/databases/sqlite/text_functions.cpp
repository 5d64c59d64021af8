// Callbacks between SQLite's values and text queries; none of them throws.
#include "engine/databases/sqlite/text_functions.h"

#include <sqlite3.h>

#include <string_view>

#include "engine/databases/sqlite/text_query.h"

namespace bridge::sqlite {
namespace {

// pure, without side effects: the planner computes it once
constexpr int kPureFunction = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

TextQuery to_query(sqlite3_value* typed) {
  // SAFETY: SQLite's text is unsigned bytes; char may alias them
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(typed));
  if (text == nullptr) return {};
  return parse_text_query({text, static_cast<std::size_t>(sqlite3_value_bytes(typed))});
}

void give(sqlite3_context* context, std::string_view text) {
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void call_wanted(sqlite3_context* context, int, sqlite3_value** arguments) noexcept {
  give(context, to_query(arguments[0]).wanted);
}

void call_unwanted(sqlite3_context* context, int, sqlite3_value** arguments) noexcept {
  const TextQuery query = to_query(arguments[0]);
  if (!query.unwanted) return sqlite3_result_null(context);
  give(context, *query.unwanted);
}

}  // namespace

int register_text_functions(sqlite3* database) {
  const int code = sqlite3_create_function_v2(database, "bridge_text_wanted", 1, kPureFunction, nullptr,
                                              call_wanted, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return code;
  return sqlite3_create_function_v2(database, "bridge_text_unwanted", 1, kPureFunction, nullptr,
                                    call_unwanted, nullptr, nullptr, nullptr);
}

}  // namespace bridge::sqlite
