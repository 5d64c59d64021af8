// Decimals against hand-made cases, scaled 128-bit integers, and PostgreSQL's answers.
#include "engine/types/decimal.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace bridge::types {
namespace {

__extension__ typedef __int128 Wide;  // the reference is wider than any product of the cases

Decimal of(std::string_view text) {
  auto result = Decimal::parse(text);
  EXPECT_TRUE(result) << text;
  return result ? *result : Decimal();
}

std::string text_of(const Result<Decimal>& result) {
  return result ? result->to_text() : std::string(to_name(result.error().code()));
}

std::string to_plain(Wide number, std::size_t scale) {
  const bool is_negative = number < 0;
  if (is_negative) number = -number;
  std::string digits;
  for (; number > 0; number /= 10)
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(number % 10)));
  while (digits.size() <= scale) digits.insert(digits.begin(), '0');
  if (scale > 0) digits.insert(digits.size() - scale, 1, '.');
  return is_negative ? "-" + digits : digits;
}

struct Case {
  std::int64_t number;
  std::size_t scale;
  std::string text() const { return to_plain(number, scale); }
};

Case random_case(std::mt19937_64& generator) {
  const auto number = static_cast<std::int64_t>(generator() >> (2 + generator() % 62));
  return {generator() % 2 == 0 ? number : -number, generator() % 7};
}

Wide power_of_ten(std::size_t exponent) {
  Wide power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

TEST(Decimal, ReadsAndWritesPlainNotation) {
  for (const char* text : {"0", "0.00", "1", "-1.50", "123456789.000000001", "0.000000000000000000001",
                           "-99999999999999999999999999.9"}) {
    EXPECT_EQ(of(text).to_text(), text);
  }
  EXPECT_EQ(of("-0.0").to_text(), "0.0");
  EXPECT_EQ(of("007").to_text(), "7");
  EXPECT_EQ(Decimal(std::numeric_limits<std::int64_t>::min()).to_text(), "-9223372036854775808");
}

TEST(Decimal, RefusesEveryOtherText) {
  for (const std::string& bad :
       {std::string(), std::string("-"), std::string("+1"), std::string("1e5"), std::string("1."),
        std::string(".5"), std::string(" 1"), std::string("1 "), std::string("NaN"), std::string("--1"),
        std::string("1.2.3"), std::string("1\0", 2), std::string(kMaxDecimalDigits + 1, '1')}) {
    EXPECT_FALSE(is_plain_decimal(bad)) << bad;
    EXPECT_EQ(text_of(Decimal::parse(bad)), "decode") << bad;
  }
}

TEST(Decimal, AgreesWithScaledIntegers) {
  std::mt19937_64 generator(3);
  for (int round = 0; round < 20'000; ++round) {
    const Case left = random_case(generator);
    const Case right = random_case(generator);
    const std::size_t scale = std::max(left.scale, right.scale);
    const Wide left_scaled = left.number * power_of_ten(scale - left.scale);
    const Wide right_scaled = right.number * power_of_ten(scale - right.scale);
    const Decimal first = of(left.text());
    const Decimal second = of(right.text());
    ASSERT_EQ(text_of(first.add(second)), to_plain(left_scaled + right_scaled, scale));
    ASSERT_EQ(text_of(first.subtract(second)), to_plain(left_scaled - right_scaled, scale));
    ASSERT_EQ(text_of(first.multiply(second)),
              to_plain(Wide{left.number} * right.number, left.scale + right.scale));
    const int expected = left_scaled < right_scaled ? -1 : (left_scaled > right_scaled ? 1 : 0);
    ASSERT_EQ(compare_decimal_text(left.text(), right.text()), expected)
        << left.text() << ' ' << right.text();
    if (right.number == 0) continue;
    ASSERT_EQ(text_of(first.modulo(second)), to_plain(left_scaled % right_scaled, scale));
  }
}

TEST(Decimal, QuotientIsNearestAtItsScale) {
  std::mt19937_64 generator(5);
  for (int round = 0; round < 5'000; ++round) {
    const Decimal dividend = of(random_case(generator).text());
    const Decimal divisor = of(random_case(generator).text());
    if (divisor.is_zero()) continue;
    const auto quotient = dividend.divide(divisor);
    ASSERT_TRUE(quotient);
    const auto error = quotient->multiply(divisor)->subtract(dividend);
    // |quotient * divisor - dividend| is at most half a unit of the last place, times the divisor
    const Decimal unit = of("0." + std::string(quotient->scale(), '0') + "5");
    const auto bound = unit.multiply(divisor);
    std::string left = error->to_text();
    std::string right = bound->to_text();
    if (left.starts_with('-')) left.erase(0, 1);
    if (right.starts_with('-')) right.erase(0, 1);
    ASSERT_LE(compare_decimal_text(left, right), 0) << dividend.to_text() << " / " << divisor.to_text();
  }
}

TEST(Decimal, QuotientsAreThoseOfPostgres) {
  EXPECT_EQ(text_of(of("1").divide(of("3"))), "0.33333333333333333333");
  EXPECT_EQ(text_of(of("10").divide(of("3"))), "3.3333333333333333");
  EXPECT_EQ(text_of(of("2").divide(of("3"))), "0.66666666666666666667");
  EXPECT_EQ(text_of(of("100000").divide(of("7"))), "14285.714285714286");
  EXPECT_EQ(text_of(of("-7.50").divide(of("2"))), "-3.7500000000000000");
  EXPECT_EQ(text_of(of("1").divide(of("0.00"))), "data");
  EXPECT_EQ(text_of(of("1").modulo(of("0"))), "data");
}

TEST(Decimal, RoundsHalfAwayFromZero) {
  EXPECT_EQ(text_of(of("2.345").rounded(2)), "2.35");
  EXPECT_EQ(text_of(of("-2.345").rounded(2)), "-2.35");
  EXPECT_EQ(text_of(of("0.4").rounded(0)), "0");
  EXPECT_EQ(text_of(of("1").rounded(3)), "1.000");
}

TEST(Decimal, ResultsAreBounded) {
  const Decimal large = of(std::string(kMaxDecimalDigits, '9'));
  EXPECT_EQ(text_of(large.add(Decimal(1))), "data");
  EXPECT_EQ(text_of(large.multiply(large)), "data");
  EXPECT_EQ(text_of(Decimal(1).rounded(kMaxDecimalDigits + 5)), "data");
}

TEST(DecimalOrder, IsByValueAndTotal) {
  EXPECT_EQ(compare_decimal_text("1.50", "1.5"), 0);
  EXPECT_EQ(compare_decimal_text("-0", "0.00"), 0);
  EXPECT_LT(compare_decimal_text("9", "10"), 0);
  EXPECT_LT(compare_decimal_text("-10", "-9"), 0);
  EXPECT_LT(compare_decimal_text("999", "abc"), 0);
  EXPECT_LT(compare_decimal_text("abc", "abd"), 0);
  const char* texts[] = {"",      "-", "x",   "-1.5", "-1.50", "0",    "00",
                         "0.001", "1", "1e3", "2",    "10",    "10.0", "NaN"};
  for (const char* first : texts) {
    for (const char* second : texts) {
      EXPECT_EQ(compare_decimal_text(first, second), -compare_decimal_text(second, first));
      for (const char* third : texts) {
        if (compare_decimal_text(first, second) > 0 || compare_decimal_text(second, third) > 0) continue;
        EXPECT_LE(compare_decimal_text(first, third), 0) << first << ' ' << second << ' ' << third;
      }
    }
  }
}

TEST(DecimalPadding, AddsZerosOnly) {
  EXPECT_EQ(pad_decimal_text("1", 2), "1.00");
  EXPECT_EQ(pad_decimal_text("1.5", 2), "1.50");
  EXPECT_EQ(pad_decimal_text("1.555", 2), "1.555");
  EXPECT_EQ(pad_decimal_text("-3", 0), "-3");
}

}  // namespace
}  // namespace bridge::types
