// A strict pull reader for JSON without recursion: depth costs a byte, not a stack frame.
#include "engine/types/json_text.h"

#include <algorithm>

#include "engine/base/limits.h"
#include "engine/types/utf8.h"

namespace bridge::types {
namespace {

constexpr std::uint32_t kFirstHighSurrogate = 0xD800;
constexpr std::uint32_t kFirstLowSurrogate = 0xDC00;
constexpr std::uint32_t kAfterSurrogates = 0xE000;
constexpr std::uint32_t kFirstSupplementary = 0x10000;
constexpr unsigned kSurrogateBits = 10;
constexpr int kHexWidth = 4;
constexpr unsigned char kFirstPrintable = 0x20;

bool is_digit(char character) { return character >= '0' && character <= '9'; }

/// What a one-character escape stands for; NUL where there is no such escape.
char to_escaped(char escape) {
  switch (escape) {
    case '"':
    case '\\':
    case '/':
      return escape;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
  }
}

}  // namespace

Error JsonReader::refuse(std::string_view problem) const {
  return make_error(ErrorCode::kDecode, "text is not valid JSON at byte " + std::to_string(position_) + ": " +
                                            std::string(problem));
}

void JsonReader::skip_blanks() {
  while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++position_;
}

bool JsonReader::take(char wanted) {
  if (position_ >= text_.size() || text_[position_] != wanted) return false;
  ++position_;
  return true;
}

void JsonReader::note_value_read() { expect_ = nesting_.empty() ? Expect::kNothing : Expect::kCommaOrEnd; }

Result<JsonToken> JsonReader::next() {
  skip_blanks();
  switch (expect_) {
    case Expect::kNothing:
      if (position_ == text_.size()) return JsonToken::kEnd;
      return refuse("something follows the value");
    case Expect::kCommaOrEnd:
      return read_neighbour();
    case Expect::kColon:
      if (!take(':')) return refuse("a colon is missing");
      skip_blanks();
      expect_ = Expect::kValue;
      return read_value();
    case Expect::kNameOrEnd:
      return peek() == '}' ? end('}') : read_name();
    case Expect::kName:
      return read_name();
    case Expect::kValueOrEnd:
      return peek() == ']' ? end(']') : read_value();
    case Expect::kValue:
      break;
  }
  return read_value();
}

Result<JsonToken> JsonReader::read_neighbour() {
  if (peek() == ']' || peek() == '}') return end(peek());
  if (!take(',')) return refuse("a comma or the end of a list is missing");
  skip_blanks();
  const bool is_in_object = nesting_.back() == '{';
  expect_ = is_in_object ? Expect::kName : Expect::kValue;
  return is_in_object ? read_name() : read_value();
}

Result<JsonToken> JsonReader::read_name() {
  if (peek() != '"') return refuse("the name of a member is missing");
  auto token = read_string();
  expect_ = Expect::kColon;
  return token;
}

Result<JsonToken> JsonReader::read_value() {
  switch (peek()) {
    case '{':
    case '[':
      return begin(peek());
    case '"': {
      auto token = read_string();
      note_value_read();
      return token;
    }
    case 't':
      return read_word("true", JsonToken::kTrue);
    case 'f':
      return read_word("false", JsonToken::kFalse);
    case 'n':
      return read_word("null", JsonToken::kNull);
    default:
      return read_number();
  }
}

Result<JsonToken> JsonReader::begin(char opener) {
  if (nesting_.size() >= kMaxJsonDepth) return refuse("it is nested too deeply");
  ++position_;
  nesting_ += opener;
  const bool is_object = opener == '{';
  expect_ = is_object ? Expect::kNameOrEnd : Expect::kValueOrEnd;
  return is_object ? JsonToken::kBeginObject : JsonToken::kBeginArray;
}

Result<JsonToken> JsonReader::end(char closer) {
  const bool is_object = closer == '}';
  if (nesting_.empty() || nesting_.back() != (is_object ? '{' : '[')) return refuse("brackets do not match");
  ++position_;
  nesting_.pop_back();
  note_value_read();
  return is_object ? JsonToken::kEndObject : JsonToken::kEndArray;
}

Result<JsonToken> JsonReader::read_word(std::string_view word, JsonToken token) {
  if (!text_.substr(position_).starts_with(word)) return refuse("an unknown word");
  position_ += word.size();
  note_value_read();
  return token;
}

bool JsonReader::skip_digits() {
  const std::size_t start = position_;
  while (is_digit(peek())) ++position_;
  return position_ > start;
}

Result<JsonToken> JsonReader::read_number() {
  const std::size_t start = position_;
  take('-');
  if (!take('0') && !skip_digits()) return refuse("a value is missing");
  if (take('.') && !skip_digits()) return refuse("a number ends with its point");
  if (take('e') || take('E')) {
    if (!take('+')) take('-');
    if (!skip_digits()) return refuse("an exponent has no digits");
  }
  number_ = text_.substr(start, position_ - start);
  note_value_read();
  return JsonToken::kNumber;
}

Result<JsonToken> JsonReader::read_string() {
  ++position_;
  string_.clear();
  while (true) {
    const std::size_t start = position_;
    while (position_ < text_.size() && peek() != '"' && peek() != '\\' &&
           static_cast<unsigned char>(peek()) >= kFirstPrintable)
      ++position_;
    const std::string_view plain = text_.substr(start, position_ - start);
    if (!is_valid_utf8(plain)) return refuse("a string is not UTF-8");
    string_ += plain;
    if (take('"')) return JsonToken::kString;
    if (!take('\\')) return refuse("a string does not end or has a bare control character");
    BRIDGE_RETURN_IF_ERROR(read_escape());
  }
}

Status JsonReader::read_escape() {
  const char escape = peek();
  if (escape != 'u') {
    const char character = to_escaped(escape);
    if (character == '\0') return refuse("an unknown escape");
    ++position_;
    string_ += character;
    return {};
  }
  ++position_;
  BRIDGE_ASSIGN_OR_RETURN(std::uint32_t point, read_hex());
  if (point >= kFirstLowSurrogate && point < kAfterSurrogates) return refuse("a low surrogate comes first");
  if (point >= kFirstHighSurrogate && point < kFirstLowSurrogate) {
    if (!take('\\') || !take('u')) return refuse("a surrogate stands alone");
    BRIDGE_ASSIGN_OR_RETURN(const std::uint32_t low, read_hex());
    if (low < kFirstLowSurrogate || low >= kAfterSurrogates) return refuse("a surrogate stands alone");
    point =
        kFirstSupplementary + ((point - kFirstHighSurrogate) << kSurrogateBits) + (low - kFirstLowSurrogate);
  }
  append_code_point(string_, point);
  return {};
}

Result<std::uint32_t> JsonReader::read_hex() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::uint32_t number = 0;
  for (int index = 0; index < kHexWidth; ++index) {
    const char character = peek();
    const char lower =
        character >= 'A' && character <= 'F' ? static_cast<char>(character - 'A' + 'a') : character;
    const std::size_t digit = kDigits.find(lower);
    if (digit == std::string_view::npos) return refuse("an escape lacks hexadecimal digits");
    number = number * std::uint32_t{kDigits.size()} + static_cast<std::uint32_t>(digit);
    ++position_;
  }
  return number;
}

Status check_json(std::string_view text) {
  JsonReader reader(text);
  while (true) {
    BRIDGE_ASSIGN_OR_RETURN(const JsonToken token, reader.next());
    if (token == JsonToken::kEnd) return {};
  }
}

void append_json_string(std::string& json, std::string_view text) {
  // numbers: a byte is two hexadecimal digits of four bits
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  json += '"';
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (character == '"' || character == '\\') {
      json += '\\';
      json += character;
    } else if (byte < kFirstPrintable) {
      json += "\\u00";
      json += kHexDigits[byte >> 4];
      json += kHexDigits[byte & 0xF];
    } else {
      json += character;
    }
  }
  json += '"';
}

}  // namespace bridge::types
