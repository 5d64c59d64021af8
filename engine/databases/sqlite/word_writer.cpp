// Writes the words of one row by a statement of its own inside the statement that changed the row.
#include "engine/databases/sqlite/word_writer.h"

#include <sqlite3.h>

#include <string_view>

namespace bridge::sqlite {
namespace {

// The words' table and the row's number; then names and texts in turn.
constexpr int kFirstColumn = 2;
constexpr int kAnyNumber = -1;

std::string to_text(sqlite3_value* value) {
  // SAFETY: SQLite's text is unsigned bytes; char may alias them
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return text == nullptr ? std::string()
                         : std::string(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

void append_quoted(std::string& text, std::string_view name) {
  text.push_back('"');
  for (const char character : name) text.append(character == '"' ? 2 : 1, character);
  text.push_back('"');
}

// The extension takes words out by being told what they were.
std::string to_statement(WordWriter::Change change, const std::string& words, int count,
                         sqlite3_value** arguments) {
  const bool is_removal = change == WordWriter::Change::kRemove;
  std::string text = "INSERT INTO ";
  std::string values = is_removal ? ") VALUES ('delete', ?" : ") VALUES (?";
  append_quoted(text, words);
  text += " (";
  if (is_removal) {
    append_quoted(text, words);
    text += ", ";
  }
  text += "rowid";
  for (int index = kFirstColumn; index < count; index += 2) {
    text += ", ";
    append_quoted(text, to_text(arguments[index]));
    values += ", ?";
  }
  return text + values + ")";
}

bool is_of_extension(sqlite3* database, const std::string& words) {
  constexpr std::string_view kQuestion =
      "SELECT 1 FROM main.sqlite_schema WHERE name = ?1 AND substr(sql, 1, length(?2)) = ?2";
  std::string beginning = "CREATE VIRTUAL TABLE ";
  append_quoted(beginning, words);
  beginning += " USING fts5(";
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, kQuestion.data(), static_cast<int>(kQuestion.size()), &statement,
                         nullptr) != SQLITE_OK)
    return false;
  sqlite3_bind_text(statement, 1, words.data(), static_cast<int>(words.size()), SQLITE_STATIC);
  sqlite3_bind_text(statement, 2, beginning.data(), static_cast<int>(beginning.size()), SQLITE_STATIC);
  const bool is_found = sqlite3_step(statement) == SQLITE_ROW;
  return sqlite3_finalize(statement) == SQLITE_OK && is_found;
}

int run(sqlite3_stmt* statement, int count, sqlite3_value** arguments) {
  int place = 1;
  int code = sqlite3_bind_value(statement, place, arguments[1]);
  for (int index = kFirstColumn + 1; index < count && code == SQLITE_OK; index += 2)
    code = sqlite3_bind_value(statement, ++place, arguments[index]);
  if (code == SQLITE_OK) sqlite3_step(statement);
  code = sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  return code;
}

template <WordWriter::Change kChange>
void call_change(sqlite3_context* context, int count, sqlite3_value** arguments) noexcept {
  sqlite3* const database = sqlite3_context_db_handle(context);
  if (count < kFirstColumn) return sqlite3_result_error(context, "a text index has a row and its words", -1);
  const std::string words = to_text(arguments[0]);
  auto* const writer = static_cast<WordWriter*>(sqlite3_user_data(context));
  sqlite3_stmt* const statement =
      writer->find_statement(database, words, to_statement(kChange, words, count, arguments));
  if (statement == nullptr)
    return sqlite3_result_error(context, "the text index is not what it was made as", -1);
  // the row's own number stays the last one
  const sqlite3_int64 last = sqlite3_last_insert_rowid(database);
  const int code = run(statement, count, arguments);
  sqlite3_set_last_insert_rowid(database, last);
  if (code != SQLITE_OK) return sqlite3_result_error_code(context, code);
  sqlite3_result_int(context, 1);
}

}  // namespace

int WordWriter::register_functions(sqlite3* database) {
  // what it writes to is checked, so a schema may call it
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_INNOCUOUS;
  const int code = sqlite3_create_function_v2(database, "bridge_text_add", kAnyNumber, kFlags, this,
                                              call_change<Change::kAdd>, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return code;
  return sqlite3_create_function_v2(database, "bridge_text_remove", kAnyNumber, kFlags, this,
                                    call_change<Change::kRemove>, nullptr, nullptr, nullptr);
}

void WordWriter::close() {
  for (const auto& [text, statement] : statements_) sqlite3_finalize(statement);
  statements_.clear();
}

sqlite3_stmt* WordWriter::find_statement(sqlite3* database, const std::string& words,
                                         const std::string& text) {
  if (const auto found = statements_.find(text); found != statements_.end()) return found->second;
  if (!is_of_extension(database, words)) return nullptr;
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database, text.data(), static_cast<int>(text.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return nullptr;
  statements_.emplace(text, statement);
  return statement;
}

}  // namespace bridge::sqlite
