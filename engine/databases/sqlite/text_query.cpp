// Reads the query as PostgreSQL's websearch_to_tsquery does, so that both find the same rows.
#include "engine/databases/sqlite/text_query.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace bridge::sqlite {
namespace {

/// What must be there, all of it, and what must not.
struct Choice {
  std::vector<std::string> wanted{};
  std::vector<std::string> absent{};
};

// NUL would end the query in the extension's parser.
bool is_space(char character) {
  return character == ' ' || (character >= '\t' && character <= '\r') || character == '\0';
}

bool is_operator(char character) {
  return character == '!' || character == '&' || character == '|' || character == '(' || character == ')';
}

// Letters beyond ASCII are left to the tokenizer.
bool is_word_character(char character) {
  const auto byte = static_cast<unsigned char>(character);
  constexpr unsigned char kLastAscii = 0x7F;
  return byte > kLastAscii || (character >= '0' && character <= '9') ||
         (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

/// Takes the query apart from left to right.
class Reader {
 public:
  explicit Reader(std::string_view typed) : rest_(typed) {}

  std::vector<Choice> read() {
    choices_.emplace_back();
    while (skip_separators(), !rest_.empty()) {
      if (rest_.front() == '-') {
        is_absent_ = !is_absent_;
        rest_.remove_prefix(1);
      } else if (rest_.front() == '"') {
        take_phrase();
      } else if (is_or()) {
        choices_.emplace_back();
        has_operand_ = false;
      } else {
        take_word();
      }
    }
    return std::move(choices_);
  }

 private:
  void skip_separators() {
    while (!rest_.empty() && (is_space(rest_.front()) || is_operator(rest_.front()))) rest_.remove_prefix(1);
  }

  std::string_view cut(std::size_t length) {
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::size_t word_length() const {
    const auto* const end = std::find_if(rest_.begin(), rest_.end(), [](char character) {
      return is_space(character) || is_operator(character) || character == '"';
    });
    return static_cast<std::size_t>(end - rest_.begin());
  }

  // Stands between two operands, and is a word anywhere else.
  bool is_or() {
    constexpr std::size_t kLength = 2;
    if (!has_operand_ || is_absent_ || word_length() != kLength) return false;
    if ((rest_[0] != 'o' && rest_[0] != 'O') || (rest_[1] != 'r' && rest_[1] != 'R')) return false;
    const std::string_view behind = rest_.substr(kLength);
    if (std::all_of(behind.begin(), behind.end(), is_space)) return false;
    rest_ = behind;
    return true;
  }

  void take_phrase() {
    rest_.remove_prefix(1);
    add(cut(std::min(rest_.find('"'), rest_.size())));
    if (!rest_.empty()) rest_.remove_prefix(1);
  }

  void take_word() { add(cut(word_length())); }

  void add(std::string_view words) {
    const bool is_absent = std::exchange(is_absent_, false);
    has_operand_ = true;
    if (std::none_of(words.begin(), words.end(), is_word_character)) return;
    std::string quoted = "\"";
    for (const char character : words) quoted.push_back(character == '\0' ? ' ' : character);
    quoted.push_back('"');
    (is_absent ? choices_.back().absent : choices_.back().wanted).push_back(std::move(quoted));
  }

  std::string_view rest_;
  std::vector<Choice> choices_;
  bool is_absent_ = false;
  bool has_operand_ = false;
};

std::string join(const std::vector<std::string>& parts, std::string_view between) {
  std::string joined;
  for (const std::string& part : parts) joined.append(joined.empty() ? "" : between).append(part);
  return joined;
}

}  // namespace

TextQuery parse_text_query(std::string_view typed) {
  TextQuery query;
  std::vector<std::string> wanted;
  std::vector<std::string> unwanted;
  for (const Choice& choice : Reader(typed).read()) {
    const std::string absent = join(choice.absent, " OR ");
    if (choice.wanted.empty()) {
      if (!absent.empty()) unwanted.push_back("(" + absent + ")");
    } else {
      // side by side, words without letters drop out by themselves
      wanted.push_back(join(choice.wanted, " ") + (absent.empty() ? "" : " NOT (" + absent + ")"));
    }
  }
  if (!wanted.empty()) query.wanted = join(wanted, " OR ");
  if (!unwanted.empty()) query.unwanted = join(unwanted, " AND ");
  return query;
}

}  // namespace bridge::sqlite
