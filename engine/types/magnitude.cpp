// Schoolbook arithmetic in base 10^9; division is Knuth's algorithm D (The Art of Computer Programming,
// volume 2, 4.3.1).
#include "engine/types/magnitude.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace bridge::types {
namespace {

// the largest power of ten whose square fits 64 bits with room for a carry
constexpr std::uint64_t kBase = 1'000'000'000;
constexpr std::size_t kDigitsPerLimb = 9;
constexpr std::uint32_t kDecimalBase = 10;

std::uint32_t low_limb(std::uint64_t number) { return static_cast<std::uint32_t>(number % kBase); }

}  // namespace

Magnitude::Magnitude(std::uint64_t number) {
  for (; number > 0; number /= kBase) limbs_.push_back(low_limb(number));
}

Magnitude Magnitude::of_digits(std::string_view digits) {
  Magnitude result;
  result.limbs_.reserve(digits.size() / kDigitsPerLimb + 1);
  while (!digits.empty()) {
    const std::size_t width = std::min(kDigitsPerLimb, digits.size());
    std::uint32_t limb = 0;
    for (const char digit : digits.substr(digits.size() - width))
      limb = limb * kDecimalBase + static_cast<std::uint32_t>(digit - '0');
    result.limbs_.push_back(limb);
    digits.remove_suffix(width);
  }
  result.trim();
  return result;
}

void Magnitude::trim() {
  while (!limbs_.empty() && limbs_.back() == 0) limbs_.pop_back();
}

std::size_t Magnitude::count_digits() const {
  if (is_zero()) return 1;
  std::size_t digits = (limbs_.size() - 1) * kDigitsPerLimb;
  for (std::uint32_t top = limbs_.back(); top > 0; top /= kDecimalBase) ++digits;
  return digits;
}

std::string Magnitude::to_digits() const {
  std::string digits(count_digits(), '0');
  std::size_t position = digits.size();
  for (std::uint32_t limb : limbs_) {
    for (std::size_t index = 0; index < kDigitsPerLimb && position > 0; ++index, limb /= kDecimalBase) {
      digits[--position] = static_cast<char>('0' + limb % kDecimalBase);
    }
  }
  return digits;
}

std::strong_ordering Magnitude::operator<=>(const Magnitude& other) const {
  if (limbs_.size() != other.limbs_.size()) return limbs_.size() <=> other.limbs_.size();
  for (std::size_t index = limbs_.size(); index-- > 0;) {
    if (limbs_[index] != other.limbs_[index]) return limbs_[index] <=> other.limbs_[index];
  }
  return std::strong_ordering::equal;
}

void Magnitude::add(const Magnitude& other) {
  if (limbs_.size() < other.limbs_.size()) limbs_.resize(other.limbs_.size(), 0);
  std::uint64_t carry = 0;
  for (std::size_t index = 0; index < limbs_.size(); ++index) {
    if (index >= other.limbs_.size() && carry == 0) return;
    carry += limbs_[index];
    if (index < other.limbs_.size()) carry += other.limbs_[index];
    limbs_[index] = low_limb(carry);
    carry /= kBase;
  }
  if (carry > 0) limbs_.push_back(low_limb(carry));
}

void Magnitude::subtract(const Magnitude& other) {
  std::uint64_t borrow = 0;
  for (std::size_t index = 0; index < limbs_.size(); ++index) {
    const std::uint64_t taken = borrow + (index < other.limbs_.size() ? other.limbs_[index] : 0);
    borrow = limbs_[index] < taken ? 1 : 0;
    limbs_[index] = low_limb(limbs_[index] + borrow * kBase - taken);
  }
  trim();
}

void Magnitude::multiply_small(std::uint32_t factor) {
  std::uint64_t carry = 0;
  for (std::uint32_t& limb : limbs_) {
    carry += std::uint64_t{limb} * factor;
    limb = low_limb(carry);
    carry /= kBase;
  }
  if (carry > 0) limbs_.push_back(low_limb(carry));
  trim();
}

void Magnitude::scale_up(std::size_t decimal_places) {
  constexpr std::array<std::uint32_t, kDigitsPerLimb> kPowers{
      1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};
  if (is_zero()) return;
  limbs_.insert(limbs_.begin(), decimal_places / kDigitsPerLimb, 0);
  multiply_small(kPowers[decimal_places % kDigitsPerLimb]);
}

Magnitude Magnitude::multiply(const Magnitude& other) const {
  Magnitude product;
  product.limbs_.assign(limbs_.size() + other.limbs_.size(), 0);
  for (std::size_t left = 0; left < limbs_.size(); ++left) {
    std::uint64_t carry = 0;
    for (std::size_t right = 0; right < other.limbs_.size(); ++right) {
      carry += product.limbs_[left + right] + std::uint64_t{limbs_[left]} * other.limbs_[right];
      product.limbs_[left + right] = low_limb(carry);
      carry /= kBase;
    }
    product.limbs_[left + other.limbs_.size()] = low_limb(carry);
  }
  product.trim();
  return product;
}

std::uint32_t Magnitude::divide_small(std::uint32_t divisor) {
  std::uint64_t remainder = 0;
  for (std::size_t index = limbs_.size(); index-- > 0;) {
    remainder = remainder * kBase + limbs_[index];
    limbs_[index] = static_cast<std::uint32_t>(remainder / divisor);
    remainder %= divisor;
  }
  trim();
  return static_cast<std::uint32_t>(remainder);
}

Magnitude::Division Magnitude::divide(const Magnitude& divisor) const {
  if (*this < divisor) return {Magnitude(), *this};
  if (divisor.limbs_.size() == 1) {
    Magnitude quotient = *this;
    const std::uint32_t remainder = quotient.divide_small(divisor.limbs_[0]);
    return {std::move(quotient), Magnitude(remainder)};
  }
  // step D1: scaled so that the divisor's top limb is at least half the base, a guessed digit is at most two
  // too large
  const auto factor = static_cast<std::uint32_t>(kBase / (divisor.limbs_.back() + std::uint64_t{1}));
  Magnitude scaled = *this;
  Magnitude by = divisor;
  scaled.multiply_small(factor);
  by.multiply_small(factor);
  scaled.limbs_.resize(std::max(limbs_.size(), scaled.limbs_.size()) + 1, 0);

  Magnitude quotient;
  quotient.limbs_.assign(scaled.limbs_.size() - by.limbs_.size(), 0);
  for (std::size_t place = quotient.limbs_.size(); place-- > 0;) {
    quotient.limbs_[place] = scaled.divide_step(by, place);
  }
  quotient.trim();
  scaled.trim();
  scaled.divide_small(factor);  // step D8: the remainder, scaled back
  return {std::move(quotient), std::move(scaled)};
}

// The limb of the quotient at `place`; what is left of the dividend stays here.
std::uint32_t Magnitude::divide_step(const Magnitude& divisor, std::size_t place) {
  std::uint64_t guess = guess_digit(divisor, place);
  if (!take_product(divisor, guess, place)) {
    // step D6: the guess was one too large
    --guess;
    add_back(divisor, place);
  }
  return static_cast<std::uint32_t>(guess);
}

// Step D3: from the two top limbs, corrected by the third.
std::uint64_t Magnitude::guess_digit(const Magnitude& divisor, std::size_t place) const {
  const std::size_t width = divisor.limbs_.size();
  const std::uint32_t first = divisor.limbs_[width - 1];
  const std::uint64_t top = std::uint64_t{limbs_[place + width]} * kBase + limbs_[place + width - 1];
  std::uint64_t guess = top / first;
  std::uint64_t rest = top % first;
  while (guess >= kBase || guess * divisor.limbs_[width - 2] > rest * kBase + limbs_[place + width - 2]) {
    --guess;
    rest += first;
    if (rest >= kBase) break;
  }
  return guess;
}

// Step D4: multiplies and subtracts; false when that went below zero.
bool Magnitude::take_product(const Magnitude& divisor, std::uint64_t factor, std::size_t place) {
  const std::size_t width = divisor.limbs_.size();
  std::uint64_t carry = 0;
  std::uint64_t borrow = 0;
  for (std::size_t index = 0; index <= width; ++index) {
    carry += index < width ? factor * divisor.limbs_[index] : 0;
    const std::uint64_t taken = carry % kBase + borrow;
    carry /= kBase;
    std::uint32_t& limb = limbs_[place + index];
    borrow = limb < taken ? 1 : 0;
    limb = low_limb(limb + borrow * kBase - taken);
  }
  return borrow == 0;
}

void Magnitude::add_back(const Magnitude& divisor, std::size_t place) {
  const std::size_t width = divisor.limbs_.size();
  std::uint64_t carry = 0;
  for (std::size_t index = 0; index <= width; ++index) {
    carry += limbs_[place + index] + std::uint64_t{index < width ? divisor.limbs_[index] : 0};
    limbs_[place + index] = low_limb(carry);
    carry /= kBase;
  }
}

}  // namespace bridge::types
