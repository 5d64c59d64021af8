// Reads SQL text just far enough to tell quotes, comments and statements apart.
#include "engine/sql/raw_sql.h"

#include <algorithm>

namespace bridge::sql {
namespace {

constexpr const char* kHoldsNul = "holds a NUL character";
constexpr const char* kLeavesCommentOpen = "leaves a comment open";
constexpr const char* kLeavesQuoteOpen = "leaves a quote open";

Error refuse(std::string_view problem) {
  return make_error(ErrorCode::kUnparameterizedSql, "raw SQL " + std::string(problem));
}

bool is_blank(char character) {
  return character == ' ' || character == '\t' || character == '\n' || character == '\r' || character == '\f';
}

bool is_digit(char character) { return character >= '0' && character <= '9'; }

// Whatever is no ASCII counts as a letter in every database.
bool is_letter(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         character == '_' ||
         static_cast<unsigned char>(character) >= 0x80U;  // numbers: the first byte beyond ASCII
}

bool is_word(char character) { return is_letter(character) || is_digit(character) || character == '$'; }

/// Walks over all pieces of one text. What databases read differently (backslashes, nested comments, dollar
/// quotes) is refused where the difference could move the end of a quote.
class RawScanner {
 public:
  explicit RawScanner(const RawTextRules& rules) : rules_(rules) {}

  Status scan(std::string_view piece, bool is_last) {
    text_ = piece;
    is_last_ = is_last;
    position_ = 0;
    while (position_ < text_.size()) BRIDGE_RETURN_IF_ERROR(step());
    return {};
  }
  Status finish() const {
    if (depth_ != 0) return refuse("leaves a parenthesis open");
    const std::string_view objection =
        rules_.find_objection == nullptr ? std::string_view() : rules_.find_objection(words_);
    if (!objection.empty()) return make_error(ErrorCode::kUnsupportedFeature, std::string(objection));
    return {};
  }
  /// A value or name stands between two pieces.
  Status pass_gap() {
    if (is_ended_) return refuse("holds a second statement");
    return {};
  }

 private:
  bool starts_with(std::string_view prefix) const { return text_.substr(position_).starts_with(prefix); }
  char next() const { return position_ + 1 < text_.size() ? text_[position_ + 1] : '\0'; }
  bool is_comment() const {
    return starts_with("--") || starts_with("/*") || (rules_.has_hash_comments && starts_with("#"));
  }

  Status step() {
    const char character = text_[position_];
    if (character == '\0') return refuse(kHoldsNul);
    if (is_comment()) return starts_with("/*") ? skip_block() : skip_line();
    if (is_blank(character)) {
      ++position_;
      return {};
    }
    if (is_ended_) return refuse("holds a second statement");
    if (is_letter(character) || is_digit(character)) return skip_word();
    return step_sign(character);
  }

  Status step_sign(char character) {
    BRIDGE_RETURN_IF_ERROR(check_placeholder(character));
    switch (character) {
      case '\'':
      case '"':
        return skip_quote(character);
      case '`':
        if (!rules_.has_backtick_quotes) return refuse("holds a backtick, which quotes nothing here");
        return skip_quote(character);
      case '[':
        if (rules_.has_bracket_quotes) return skip_quote(']');
        break;
      case '\\':
        return refuse("holds a backslash, which databases read differently; bind it as a value");
      case '$':
        return skip_dollar();
      default:
        break;
    }
    ++position_;
    return count(character);
  }

  Status count(char character) {
    if (character == ';') {
      if (depth_ != 0) return refuse("ends a statement inside parentheses");
      is_ended_ = true;
    }
    if (character == '(') ++depth_;
    if (character == ')' && depth_-- == 0) return refuse("closes a parenthesis that is not open");
    return {};
  }

  // A value the text itself leaves open would be bound to nothing, or to the value of another.
  Status check_placeholder(char character) const {
    const bool is_mark = rules_.placeholder_marks.find(character) != std::string_view::npos;
    const bool is_named = !rules_.are_placeholders_numbers && is_letter(next());
    const bool is_question = rules_.has_question_marks && character == '?';
    if (is_question || (is_mark && (is_named || is_digit(next()))))
      return refuse("holds a placeholder of its own; name the value in braces");
    return {};
  }

  // Some words change how the quote behind them reads.
  Status skip_word() {
    const std::size_t start = position_;
    while (position_ < text_.size() && is_word(text_[position_])) ++position_;
    const std::string_view word = text_.substr(start, position_ - start);
    if (rules_.find_objection != nullptr) note_word(word);
    if (starts_with("&'") || starts_with("&\"")) {
      if (word == "u" || word == "U")
        return refuse("holds a quote with escapes of its own (U&); bind the text as a value");
    }
    if (starts_with("'") && (word == "e" || word == "E" || word.front() == '_'))
      return refuse("holds a quote that reads escapes or another character set; bind the text as a value");
    return {};
  }

  void note_word(std::string_view word) {
    words_.emplace_back(word);
    for (char& letter : words_.back()) {
      if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
  }

  // A doubled quote reads as the end of one quote and the beginning of the next, which comes to the same.
  Status skip_quote(char quote) {
    const std::size_t end = text_.find(quote, position_ + 1);
    if (end == std::string_view::npos) return refuse(kLeavesQuoteOpen);
    const std::string_view quoted = text_.substr(position_ + 1, end - position_ - 1);
    if (quoted.find('\\') != std::string_view::npos)
      return refuse("holds a backslash inside quotes, which databases read differently; bind it as a value");
    if (quoted.find('\0') != std::string_view::npos) return refuse(kHoldsNul);
    position_ = end + 1;
    return {};
  }

  Status skip_dollar() {
    std::size_t end = position_ + 1;
    while (end < text_.size() && is_word(text_[end]) && text_[end] != '$') ++end;
    if (end < text_.size() && text_[end] == '$')
      return refuse("holds a dollar quote; bind the text as a value");
    position_ = end;
    return {};
  }

  Status skip_line() {
    if (starts_with("--") && position_ + 2 < text_.size() && !is_blank(text_[position_ + 2]))
      return refuse("holds -- without a space behind it, which is a comment to some databases only");
    const std::size_t end = text_.find('\n', position_);
    if (end == std::string_view::npos && !is_last_) return refuse(kLeavesCommentOpen);
    const std::string_view comment = text_.substr(position_, end - position_);
    if (comment.find('\0') != std::string_view::npos) return refuse(kHoldsNul);
    if (comment.find('\r') != std::string_view::npos && comment.back() != '\r')
      return refuse("holds a carriage return inside a comment, which ends it for some databases only");
    position_ = end == std::string_view::npos ? text_.size() : end + 1;
    return {};
  }

  Status skip_block() {
    const std::size_t end = text_.find("*/", position_ + 2);
    if (end == std::string_view::npos) return refuse(kLeavesCommentOpen);
    const std::string_view comment = text_.substr(position_ + 2, end - position_ - 2);
    if (comment.find("/*") != std::string_view::npos)
      return refuse("nests comments, which databases read differently");
    if (comment.find('\0') != std::string_view::npos) return refuse(kHoldsNul);
    if (comment.starts_with('!') || comment.starts_with("M!") || comment.starts_with('+')) {
      return refuse("holds a comment that some databases execute");
    }
    position_ = end + 2;
    return {};
  }

  const RawTextRules& rules_;
  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t depth_ = 0;
  bool is_ended_ = false;
  bool is_last_ = false;
  std::vector<std::string> words_;  ///< kept where the rules want to see them
};

}  // namespace

Status check_raw_text(const std::vector<std::string>& pieces, const RawTextRules& rules) {
  const auto is_nothing = [](const std::string& piece) {
    return std::all_of(piece.begin(), piece.end(), is_blank);
  };
  if (pieces.size() <= 1 && std::all_of(pieces.begin(), pieces.end(), is_nothing)) return refuse("is empty");
  RawScanner scanner(rules);
  for (std::size_t index = 0; index < pieces.size(); ++index) {
    if (index > 0) BRIDGE_RETURN_IF_ERROR(scanner.pass_gap());
    BRIDGE_RETURN_IF_ERROR(scanner.scan(pieces[index], index + 1 == pieces.size()));
  }
  return scanner.finish();
}

}  // namespace bridge::sql
