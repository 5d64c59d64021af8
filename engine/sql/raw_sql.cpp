// Reads SQL text just far enough to tell quotes, comments and statements apart.
#include "engine/sql/raw_sql.h"

#include <algorithm>
#include <string_view>

namespace bridge::sql {
namespace {

constexpr const char* kHoldsNul = "holds a NUL character";

Error refuse(std::string_view problem) {
  return make_error(ErrorCode::kUnparameterizedSql, "raw SQL " + std::string(problem));
}

bool is_blank(char character) {
  return character == ' ' || character == '\t' || character == '\n' || character == '\r' || character == '\f';
}

bool is_tag_letter(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         character == '_' || (character >= '0' && character <= '9');
}

/// Walks over all pieces of one text. What dialects read differently (backslashes in quotes, nested comments,
/// dollar quotes) is refused where the difference could move the end of a quote.
class RawScanner {
 public:
  Status scan(std::string_view piece, bool is_last) {
    text_ = piece;
    is_last_ = is_last;
    position_ = 0;
    while (position_ < text_.size()) BRIDGE_RETURN_IF_ERROR(step());
    return {};
  }
  Status finish() const {
    if (depth_ != 0) return refuse("leaves a parenthesis open");
    return {};
  }
  /// A value or name stands between two pieces.
  Status pass_gap() {
    if (is_ended_) return refuse("holds a second statement");
    return {};
  }

 private:
  bool starts_with(std::string_view prefix) const { return text_.substr(position_).starts_with(prefix); }

  Status step() {
    const char character = text_[position_];
    if (character == '\0') return refuse(kHoldsNul);
    if (starts_with("--")) return skip_line();
    if (starts_with("/*")) return skip_block();
    if (is_blank(character)) {
      ++position_;
      return {};
    }
    if (is_ended_) return refuse("holds a second statement");
    switch (character) {
      case '\'':
      case '"':
      case '`':
        return skip_quote(character);
      case '$':
        return skip_dollar();
      default:
        ++position_;
        return count(character);
    }
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

  // A doubled quote reads as the end of one quote and the beginning of the next, which comes to the same.
  Status skip_quote(char quote) {
    const std::size_t end = text_.find(quote, position_ + 1);
    if (end == std::string_view::npos) return refuse("leaves a quote open");
    const std::string_view quoted = text_.substr(position_ + 1, end - position_ - 1);
    if (quoted.find('\\') != std::string_view::npos)
      return refuse("holds a backslash inside quotes, which databases read differently; bind it as a value");
    if (quoted.find('\0') != std::string_view::npos) return refuse(kHoldsNul);
    position_ = end + 1;
    return {};
  }

  Status skip_dollar() {
    std::size_t end = position_ + 1;
    while (end < text_.size() && is_tag_letter(text_[end])) ++end;
    if (end < text_.size() && text_[end] == '$')
      return refuse("holds a dollar quote; bind the text as a value");
    position_ = end;
    return {};
  }

  Status skip_line() {
    const std::size_t end = text_.find('\n', position_);
    if (end == std::string_view::npos && !is_last_) return refuse("leaves a comment open");
    const std::string_view comment = text_.substr(position_, end - position_);
    if (comment.find('\0') != std::string_view::npos) return refuse(kHoldsNul);
    position_ = end == std::string_view::npos ? text_.size() : end + 1;
    return {};
  }

  Status skip_block() {
    const std::size_t end = text_.find("*/", position_ + 2);
    if (end == std::string_view::npos) return refuse("leaves a comment open");
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

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t depth_ = 0;
  bool is_ended_ = false;
  bool is_last_ = false;
};

}  // namespace

Status check_raw_text(const std::vector<std::string>& pieces) {
  const auto is_nothing = [](const std::string& piece) {
    return std::all_of(piece.begin(), piece.end(), is_blank);
  };
  if (pieces.size() <= 1 && std::all_of(pieces.begin(), pieces.end(), is_nothing)) return refuse("is empty");
  RawScanner scanner;
  for (std::size_t index = 0; index < pieces.size(); ++index) {
    if (index > 0) BRIDGE_RETURN_IF_ERROR(scanner.pass_gap());
    BRIDGE_RETURN_IF_ERROR(scanner.scan(pieces[index], index + 1 == pieces.size()));
  }
  return scanner.finish();
}

}  // namespace bridge::sql
