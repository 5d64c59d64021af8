// Search for the words of texts: what is asked, of which texts, in which language.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/sql/expression.h"

namespace bridge::sql {

/// Whether the texts have the words of the query. Arguments: query, texts.
inline constexpr std::string_view kTextMatches = "text_matches";
/// How well the texts fit the query, more is better. Arguments: query, texts.
inline constexpr std::string_view kTextRank = "text_rank";
/// The text with every word found between two marks. Arguments: query, the text, both marks.
inline constexpr std::string_view kTextHighlight = "text_highlight";
/// The part of a text that fits best. Arguments: query, the text, both marks, how many words.
inline constexpr std::string_view kTextSnippet = "text_snippet";

/// Whether a function of this name searches texts.
bool is_text_search(std::string_view function);
/// Whether a language can be named so: a plain lower-case word.
bool is_search_language(std::string_view language);

/// A call of one of the functions above. The query is what people type: words that must all be there,
/// "phrases", `or` between them, `-` before what must not be there; everything else in it is punctuation.
/// kQuery for another function, arguments that are not text, or a language that is no word.
ExpressionResult make_text_search(std::string_view function, std::string_view language,
                                  std::vector<ExpressionPtr> arguments);

/// The first argument of a search that is a text to look in.
inline constexpr std::size_t kFirstSearchedText = 1;
/// The texts a search looks in, as positions among its arguments: all behind the query, or one.
std::size_t searched_text_count(const Expression& search);

/// A text index that a search can use.
struct FoundTextIndex {
  SourcePtr source;
  std::size_t index = 0;              ///< into Table::text_indexes
  std::vector<std::size_t> places{};  ///< of the searched columns within the index, in the search's order
};
/// The index of the searched texts' own table in the search's language: over exactly these columns, or, for a
/// highlight or snippet, one that has the column. None where the texts are anything but such columns.
std::optional<FoundTextIndex> find_text_index(const Expression& search);

}  // namespace bridge::sql
