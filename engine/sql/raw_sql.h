// Accepts or refuses SQL text written by the application.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace bridge::sql {

/// How a database reads text where that could move the end of a quote, comment or statement, or bind a value
/// by another name.
struct RawTextRules {
  bool has_bracket_quotes = false;        ///< `[a name]`, up to the first closing bracket
  bool has_backtick_quotes = true;        ///< elsewhere a backtick is refused
  bool has_hash_comments = false;         ///< `# to the end of the line`
  bool has_question_marks = false;        ///< `?` stands for a value
  std::string_view placeholder_marks;     ///< each, before a letter or digit, stands for a value
  bool are_placeholders_numbers = false;  ///< ... only before a digit
  /// Given the words outside quotes and comments, in lower case: why this server cannot run such a statement
  /// although it is sound. Empty = it can; null = nobody minds.
  std::string_view (*find_objection)(const std::vector<std::string>& words) = nullptr;
};

/// Checks the pieces of one raw statement or fragment, between which values and names will stand. Accepts
/// text that is at most one statement with balanced quotes, comments and parentheses, where no gap between
/// pieces lies inside a quote or comment, read as standard SQL and by `rules`. kUnparameterizedSql otherwise:
/// a second statement, NUL, a quote or comment left open, a backslash, dollar quotes, E'' and U&'' strings,
/// comments that some databases execute or do not see, placeholders of the text's own. kUnsupportedFeature
/// for what the rules object to. Messages never quote the text.
Status check_raw_text(const std::vector<std::string>& pieces, const RawTextRules& rules = {});

}  // namespace bridge::sql
