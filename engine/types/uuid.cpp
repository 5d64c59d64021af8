// UUID text: five groups of hexadecimal digits joined by hyphens.
#include "engine/types/uuid.h"

namespace bridge::types {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr unsigned kBitsPerDigit = 4;
constexpr unsigned kDigitMask = 0xF;
constexpr int kNotADigit = -1;

constexpr bool is_hyphen_position(std::size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

constexpr int to_digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return kNotADigit;
}

}  // namespace

std::string to_uuid_text(const UuidBytes& bytes) {
  std::string text;
  text.reserve(kUuidTextLength);
  for (const std::uint8_t byte : bytes) {
    if (is_hyphen_position(text.size())) text += '-';
    text += kHexDigits[byte >> kBitsPerDigit];
    text += kHexDigits[byte & kDigitMask];
  }
  return text;
}

Result<UuidBytes> parse_uuid(std::string_view text) {
  const auto refuse = [] {
    return make_error(ErrorCode::kDecode, "text is not a UUID in its canonical form");
  };
  if (text.size() != kUuidTextLength) return refuse();
  UuidBytes bytes{};
  std::size_t position = 0;
  for (std::uint8_t& byte : bytes) {
    if (is_hyphen_position(position) && text[position++] != '-') return refuse();
    const int high = to_digit(text[position++]);
    const int low = to_digit(text[position++]);
    if (high == kNotADigit || low == kNotADigit) return refuse();
    byte = static_cast<std::uint8_t>((high << kBitsPerDigit) | low);
  }
  return bytes;
}

}  // namespace bridge::types
