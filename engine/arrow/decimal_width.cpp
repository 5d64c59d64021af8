// Digits in and out of wide integers, eighteen at a time.
#include "engine/arrow/decimal_width.h"

#include <algorithm>

namespace bridge::arrow {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::size_t kWordBits = 64;
constexpr std::uint64_t kTen = 10;
/// As many decimal digits as surely fit one word.
constexpr std::size_t kDigitsPerStep = 18;
constexpr std::uint64_t kStep = 1'000'000'000'000'000'000;

void multiply_add(DecimalWords& words, std::uint64_t factor, std::uint64_t summand) {
  Wide carry = summand;
  for (std::uint64_t& word : words) {
    carry += static_cast<Wide>(word) * factor;
    word = static_cast<std::uint64_t>(carry);
    carry >>= kWordBits;
  }
}

void negate(DecimalWords& words) {
  Wide carry = 1;
  for (std::uint64_t& word : words) {
    carry += static_cast<Wide>(~word);
    word = static_cast<std::uint64_t>(carry);
    carry >>= kWordBits;
  }
}

/// Collects digits, and hands them on a word at a time.
struct DigitFeed {
  DecimalWords& words;
  std::uint64_t pending = 0;
  std::uint64_t factor = 1;

  void add(char digit) {
    pending = pending * kTen + static_cast<std::uint64_t>(digit - '0');
    factor *= kTen;
    if (factor == kStep) flush();
  }
  void flush() {
    multiply_add(words, factor, pending);
    pending = 0;
    factor = 1;
  }
};

// Divides by the step in place; what is left over.
std::uint64_t divide_step(DecimalWords& words) {
  Wide rest = 0;
  for (std::size_t index = words.size(); index-- > 0;) {
    rest = (rest << kWordBits) | words[index];
    words[index] = static_cast<std::uint64_t>(rest / kStep);
    rest %= kStep;
  }
  return static_cast<std::uint64_t>(rest);
}

bool are_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char digit) { return digit >= '0' && digit <= '9'; });
}

std::string magnitude_digits(DecimalWords words) {
  std::string reversed;
  const auto is_zero = [&] {
    return std::all_of(words.begin(), words.end(), [](auto word) { return word == 0; });
  };
  while (!is_zero()) {
    std::uint64_t rest = divide_step(words);
    for (std::size_t digit = 0; digit < kDigitsPerStep; ++digit) {
      reversed.push_back(static_cast<char>('0' + rest % kTen));
      rest /= kTen;
    }
  }
  while (!reversed.empty() && reversed.back() == '0') reversed.pop_back();
  std::reverse(reversed.begin(), reversed.end());
  return reversed.empty() ? "0" : reversed;
}

}  // namespace

bool to_words(std::string_view digits, std::uint16_t precision, std::uint16_t scale, DecimalWords& words) {
  const bool is_negative = digits.starts_with('-');
  if (is_negative) digits.remove_prefix(1);
  const std::size_t point = digits.find('.');
  std::string_view whole = digits.substr(0, point);
  std::string_view fraction = point == std::string_view::npos ? std::string_view{} : digits.substr(point + 1);
  if (whole.empty() || !are_digits(whole) || !are_digits(fraction)) return false;
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  if (fraction.size() > scale || whole.size() + scale > std::max(precision, scale)) return false;
  words = {};
  DigitFeed feed{words};
  for (const char digit : whole) feed.add(digit);
  for (const char digit : fraction) feed.add(digit);
  for (std::size_t index = fraction.size(); index < scale; ++index) feed.add('0');
  feed.flush();
  if (is_negative) negate(words);
  return true;
}

std::string to_digits(std::span<const std::uint64_t> words, std::int32_t scale) {
  constexpr std::uint64_t kSignBit = std::uint64_t{1} << (kWordBits - 1);
  const bool is_negative = (words.back() & kSignBit) != 0;
  DecimalWords wide;
  wide.fill(is_negative ? ~std::uint64_t{0} : 0);
  std::copy(words.begin(), words.end(), wide.begin());
  if (is_negative) negate(wide);
  std::string digits = magnitude_digits(wide);
  if (scale < 0 && digits != "0") digits.append(static_cast<std::size_t>(-scale), '0');
  if (scale > 0) {
    const auto behind = static_cast<std::size_t>(scale);
    if (digits.size() <= behind) digits.insert(0, behind + 1 - digits.size(), '0');
    digits.insert(digits.size() - behind, 1, '.');
  }
  return is_negative ? "-" + digits : digits;
}

}  // namespace bridge::arrow
