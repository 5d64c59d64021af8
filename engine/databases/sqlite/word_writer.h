// Keeps the words of text indexes exact: what the triggers of dialect_text_search call.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace bridge::sqlite {

/// Writes words for the triggers of one connection, since a schema that is not trusted may not write to
/// virtual tables itself. Owned by the connection's handle and used in its thread; closed before the
/// connection is.
class WordWriter {
 public:
  enum class Change : std::uint8_t { kAdd, kRemove };

  WordWriter() = default;
  WordWriter(const WordWriter&) = delete;
  WordWriter& operator=(const WordWriter&) = delete;
  ~WordWriter() { close(); }

  /// Adds to the connection the functions bridge_text_add(words, id, column, text, column, text, ...) and
  /// bridge_text_remove(...), which give 1. They write to tables of the full-text extension and to no other.
  /// Answers SQLite's result code. This must outlive the connection's last statement.
  int register_functions(sqlite3* database);
  /// Finalizes the kept statements.
  void close();
  /// Forgets them, in a process that must not touch the connection.
  void abandon() { statements_.clear(); }

  /// The statement of this text, made and kept at its first use; null where `words` is no table of the
  /// extension or the text does not fit it: the connection holds the reason.
  sqlite3_stmt* find_statement(sqlite3* database, const std::string& words, const std::string& text);

 private:
  std::unordered_map<std::string, sqlite3_stmt*> statements_;
};

}  // namespace bridge::sqlite
