// JSON as text: whether it is valid, how deep it goes, and its scalars one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace bridge::types {

/// What `JsonReader` met.
enum class JsonToken : std::uint8_t {
  kNull,
  kTrue,
  kFalse,
  kNumber,
  kString,
  kBeginArray,
  kEndArray,
  kBeginObject,
  kEndObject,
  kEnd,
};

/// Walks over one JSON text (RFC 8259) token by token and checks it on the way: strict grammar, UTF-8, no
/// lone surrogates, nesting at most kMaxJsonDepth. Names of object members come as strings. Borrows the text.
/// Not thread safe.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  /// The next token; kEnd after the one value, again and again. kDecode when the text is no JSON, naming the
  /// byte's place, not the text.
  Result<JsonToken> next();
  /// Of kNumber: the number as written. Views the text.
  std::string_view number() const { return number_; }
  /// Of kString: with escapes resolved. Valid until the next call.
  const std::string& string() const { return string_; }

 private:
  enum class Expect : std::uint8_t { kValue, kValueOrEnd, kNameOrEnd, kName, kColon, kCommaOrEnd, kNothing };

  Error refuse(std::string_view problem) const;
  void skip_blanks();
  bool take(char wanted);
  char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }
  Result<JsonToken> read_neighbour();  // what follows a member of a list
  Result<JsonToken> read_value();
  Result<JsonToken> read_name();
  Result<JsonToken> read_word(std::string_view word, JsonToken token);
  Result<JsonToken> read_number();
  Result<JsonToken> read_string();
  Status read_escape();
  Result<std::uint32_t> read_hex();
  Result<JsonToken> begin(char opener);
  Result<JsonToken> end(char closer);
  void note_value_read();
  bool skip_digits();

  std::string_view text_;
  std::size_t position_ = 0;
  Expect expect_ = Expect::kValue;
  std::string nesting_;  // the openers not closed yet
  std::string_view number_;
  std::string string_;
};

/// Succeeds when `text` is one valid JSON value within kMaxJsonDepth; kDecode otherwise.
Status check_json(std::string_view text);

/// Appends `text` (valid UTF-8) as a JSON string with its quotes.
void append_json_string(std::string& json, std::string_view text);

}  // namespace bridge::types
