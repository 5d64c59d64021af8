// Natural numbers of any size, as limbs: the arithmetic under exact decimals.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bridge::types {

/// A natural number in base 10^9, least limb first, without leading zero limbs (zero has none). Copyable; not
/// thread safe.
class Magnitude {
 public:
  Magnitude() = default;
  explicit Magnitude(std::uint64_t number);
  /// From decimal digits; anything but `0` to `9` must have been refused before.
  static Magnitude of_digits(std::string_view digits);

  bool is_zero() const { return limbs_.empty(); }
  std::size_t count_digits() const;
  /// Decimal digits without leading zeros; "0" for zero.
  std::string to_digits() const;

  std::strong_ordering operator<=>(const Magnitude& other) const;
  bool operator==(const Magnitude& other) const = default;

  void add(const Magnitude& other);
  /// `other` must not be larger.
  void subtract(const Magnitude& other);
  void multiply_small(std::uint32_t factor);
  void scale_up(std::size_t decimal_places);  ///< times 10^places
  Magnitude multiply(const Magnitude& other) const;

  struct Division;
  /// `divisor` must not be zero.
  Division divide(const Magnitude& divisor) const;

 private:
  std::uint32_t divide_small(std::uint32_t divisor);
  std::uint32_t divide_step(const Magnitude& divisor, std::size_t place);
  std::uint64_t guess_digit(const Magnitude& divisor, std::size_t place) const;
  bool take_product(const Magnitude& divisor, std::uint64_t factor, std::size_t place);
  void add_back(const Magnitude& divisor, std::size_t place);
  void trim();

  std::vector<std::uint32_t> limbs_;
};

/// What a division gives: `dividend == quotient * divisor + remainder`.
struct Magnitude::Division {
  Magnitude quotient;
  Magnitude remainder;
};

}  // namespace bridge::types
