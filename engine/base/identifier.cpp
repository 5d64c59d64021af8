// The one validator of SQL names.
#include "engine/base/identifier.h"

namespace bridge {
namespace {

constexpr bool is_letter(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || character == '_';
}

constexpr bool is_digit(char character) { return character >= '0' && character <= '9'; }

}  // namespace

Result<Identifier> Identifier::make(std::string_view text) {
  if (text.empty()) return make_error(ErrorCode::kInvalidIdentifier, "an identifier must not be empty");
  if (text.size() > kIdentifierMaxLength) {
    return make_error(ErrorCode::kInvalidIdentifier, "an identifier of " + std::to_string(text.size()) +
                                                         " bytes is longer than " +
                                                         std::to_string(kIdentifierMaxLength));
  }
  if (!is_letter(text.front())) {
    return make_error(ErrorCode::kInvalidIdentifier,
                      "an identifier must begin with an ASCII letter or an underscore");
  }
  for (const char character : text) {
    if (is_letter(character) || is_digit(character)) continue;
    return make_error(ErrorCode::kInvalidIdentifier,
                      "an identifier may hold only ASCII letters, digits and underscores");
  }
  return Identifier(std::string(text));
}

}  // namespace bridge
