// What people type into a search box, as a query of SQLite's full-text extension.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bridge::sqlite {

/// A search in the extension's query language, in which every word stands in quotes: whatever was typed, it
/// is no syntax error and names no column.
struct TextQuery {
  /// Matches the rows that have wanted words; a phrase without words, which matches none, where none is
  /// wanted.
  std::string wanted = "\"\"";
  /// Set where a choice has nothing but words that must be absent: all rows it does not match are meant too.
  std::optional<std::string> unwanted{};
};

/// Words must all be there; "phrases" in this order; `or` between two choices; `-` before what must not be
/// there; `- "` inside words and all other punctuation separate words.
TextQuery parse_text_query(std::string_view typed);

}  // namespace bridge::sqlite
