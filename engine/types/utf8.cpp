// UTF-8 by the table of Unicode's "Well-Formed UTF-8 Byte Sequences", eight bytes of ASCII at a time.
#include "engine/types/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace bridge::types {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080;  // a byte above ASCII has its top bit set
constexpr std::uint8_t kContinuationLow = 0x80;
constexpr std::uint8_t kContinuationHigh = 0xBF;
constexpr unsigned kContinuationBits = 6;
constexpr unsigned kLeadBits = 7;  // of a byte that stands alone
constexpr unsigned char kContinuationMask = 0x3F;

/// What may follow a leading byte: how many bytes, and the range of the first of them (the others are plain
/// continuations).
struct Sequence {
  std::uint8_t followers = 0;  // 0: no sequence begins with this byte
  std::uint8_t low = kContinuationLow;
  std::uint8_t high = kContinuationHigh;
};

constexpr Sequence to_sequence(std::uint8_t lead) {
  // numbers: the rows of Unicode's table 3-7
  if (lead >= 0xC2 && lead <= 0xDF) return {1};
  if (lead == 0xE0) return {2, 0xA0, kContinuationHigh};  // below: overlong
  if (lead == 0xED) return {2, kContinuationLow, 0x9F};   // above: surrogates
  if (lead >= 0xE1 && lead <= 0xEF) return {2};
  if (lead == 0xF0) return {3, 0x90, kContinuationHigh};  // below: overlong
  if (lead >= 0xF1 && lead <= 0xF3) return {3};
  if (lead == 0xF4) return {3, kContinuationLow, 0x8F};  // above: past U+10FFFF
  return {};
}

constexpr bool is_continuation(std::uint8_t byte) {
  return byte >= kContinuationLow && byte <= kContinuationHigh;
}

/// Bytes of plain ASCII at the front, in steps of a machine word.
std::size_t count_ascii_words(std::string_view bytes) {
  std::size_t position = 0;
  for (; position + sizeof(std::uint64_t) <= bytes.size(); position += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + position, sizeof(word));
    if ((word & kHighBits) != 0) break;
  }
  return position;
}

/// Length of the multi-byte sequence at the front, 0 if it is none.
std::size_t measure_sequence(std::string_view bytes) {
  const Sequence sequence = to_sequence(static_cast<std::uint8_t>(bytes[0]));
  if (sequence.followers == 0 || bytes.size() <= sequence.followers) return 0;
  const auto second = static_cast<std::uint8_t>(bytes[1]);
  if (second < sequence.low || second > sequence.high) return 0;
  for (std::size_t index = 2; index <= sequence.followers; ++index) {
    if (!is_continuation(static_cast<std::uint8_t>(bytes[index]))) return 0;
  }
  return std::size_t{sequence.followers} + 1;
}

}  // namespace

bool is_valid_utf8(std::string_view bytes) {
  while (true) {
    bytes.remove_prefix(count_ascii_words(bytes));
    while (!bytes.empty() && static_cast<std::uint8_t>(bytes[0]) < kContinuationLow) bytes.remove_prefix(1);
    if (bytes.empty()) return true;
    const std::size_t length = measure_sequence(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return !is_continuation(static_cast<std::uint8_t>(byte)); }));
}

void append_code_point(std::string& text, char32_t point) {
  // numbers: the bit patterns of RFC 3629, section 3
  const auto continuation = [](char32_t bits) {
    return static_cast<char>(0x80 | (bits & kContinuationMask));
  };
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xC0 | (point >> kContinuationBits));
    text += continuation(point);
  } else if (point < 0x10000) {
    text += static_cast<char>(0xE0 | (point >> (2 * kContinuationBits)));
    text += continuation(point >> kContinuationBits);
    text += continuation(point);
  } else {
    text += static_cast<char>(0xF0 | (point >> (3 * kContinuationBits)));
    text += continuation(point >> (2 * kContinuationBits));
    text += continuation(point >> kContinuationBits);
    text += continuation(point);
  }
}

char32_t take_code_point(std::string_view& text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  const std::size_t followers = to_sequence(lead).followers;
  char32_t point = followers == 0 ? lead : lead & ((1U << (kLeadBits - 1 - followers)) - 1);
  for (std::size_t index = 1; index <= followers; ++index) {
    point = (point << kContinuationBits) | (static_cast<std::uint8_t>(text[index]) & kContinuationMask);
  }
  text.remove_prefix(followers + 1);
  return point;
}

}  // namespace bridge::types
