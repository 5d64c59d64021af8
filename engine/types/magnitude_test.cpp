// Limb arithmetic against 128-bit integers, and division against multiplication where those end.
#include "engine/types/magnitude.h"

#include <gtest/gtest.h>

#include <random>

namespace bridge::types {
namespace {

std::string random_digits(std::mt19937_64& generator, std::size_t most) {
  std::string digits;
  const std::size_t length = 1 + generator() % most;
  // long runs of 0 and 9 are where guessed quotient digits go wrong
  while (digits.size() < length) digits.append(1 + generator() % 12, "0900091239"[generator() % 10]);
  digits.resize(length);
  return digits;
}

TEST(Magnitude, DigitsRoundTrip) {
  EXPECT_EQ(Magnitude::of_digits("000").to_digits(), "0");
  EXPECT_TRUE(Magnitude::of_digits("000").is_zero());
  EXPECT_EQ(Magnitude::of_digits("0001000000000").to_digits(), "1000000000");
  EXPECT_EQ(Magnitude(~std::uint64_t{0}).to_digits(), "18446744073709551615");
}

TEST(Magnitude, AgreesWithMachineIntegers) {
  std::mt19937_64 generator(11);
  for (int round = 0; round < 20'000; ++round) {
    const std::uint64_t left = generator() >> (generator() % 64);
    const std::uint64_t right = generator() >> (1 + generator() % 63);
    const std::uint64_t small = left & 0xFFFFFFFF;
    Magnitude sum{left >> 1};
    sum.add(Magnitude(right));
    ASSERT_EQ(sum, Magnitude((left >> 1) + right));
    sum.subtract(Magnitude(right));
    ASSERT_EQ(sum, Magnitude(left >> 1));
    ASSERT_EQ(Magnitude(small).multiply(Magnitude(right & 0x7FFFFFFF)),
              Magnitude(small * (right & 0x7FFFFFFF)));
    ASSERT_EQ(Magnitude(left) <=> Magnitude(right), left <=> right);
    if (right == 0) continue;
    const Magnitude::Division division = Magnitude(left).divide(Magnitude(right));
    ASSERT_EQ(division.quotient, Magnitude(left / right));
    ASSERT_EQ(division.remainder, Magnitude(left % right));
  }
}

TEST(Magnitude, QuotientTimesDivisorAndRemainderIsTheDividend) {
  std::mt19937_64 generator(13);
  for (int round = 0; round < 20'000; ++round) {
    const Magnitude dividend = Magnitude::of_digits(random_digits(generator, 150));
    const Magnitude divisor = Magnitude::of_digits(random_digits(generator, 80));
    if (divisor.is_zero()) continue;
    const Magnitude::Division division = dividend.divide(divisor);
    ASSERT_LT(division.remainder, divisor);
    Magnitude again = division.quotient.multiply(divisor);
    again.add(division.remainder);
    ASSERT_EQ(again, dividend);
  }
}

TEST(Magnitude, ScalingAppendsZeros) {
  for (std::size_t places = 0; places < 40; ++places) {
    Magnitude number = Magnitude::of_digits("123456789012345");
    number.scale_up(places);
    EXPECT_EQ(number.to_digits(), "123456789012345" + std::string(places, '0'));
  }
}

}  // namespace
}  // namespace bridge::types
