// Exact decimals as the two's complement integers of Arrow, 128 or 256 bits wide.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace bridge::arrow {

/// Most digits that fit 128 bits, and 256.
inline constexpr std::uint16_t kNarrowPrecision = 38;
inline constexpr std::uint16_t kMaxPrecision = 76;
/// Words of 64 bits, the lowest first.
inline constexpr std::size_t kNarrowWords = 2;
inline constexpr std::size_t kWideWords = 4;
using DecimalWords = std::array<std::uint64_t, kWideWords>;

/// How many words a decimal of so many digits takes.
constexpr std::size_t words_for(std::uint16_t precision) {
  return precision > kNarrowPrecision ? kWideWords : kNarrowWords;
}

/// The unscaled integer of plain decimal text, with `scale` digits behind the point. False where it is no
/// plain number or does not fit precision and scale without rounding.
bool to_words(std::string_view digits, std::uint16_t precision, std::uint16_t scale, DecimalWords& words);

/// Plain text of an unscaled integer, `words` long, with `scale` digits behind the point; a negative scale
/// means zeroes before it.
std::string to_digits(std::span<const std::uint64_t> words, std::int32_t scale);

}  // namespace bridge::arrow
