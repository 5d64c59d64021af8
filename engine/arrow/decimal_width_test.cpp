// Decimals survive the way into wide integers and back, or are refused.
#include "engine/arrow/decimal_width.h"

#include <gtest/gtest.h>

namespace bridge::arrow {
namespace {

std::string there_and_back(std::string_view digits, std::uint16_t precision, std::uint16_t scale) {
  DecimalWords words{};
  if (!to_words(digits, precision, scale, words)) return "refused";
  return to_digits(std::span(words).first(words_for(precision)), scale);
}

TEST(DecimalWidth, KeepsEveryDigit) {
  EXPECT_EQ(there_and_back("12.3", 12, 2), "12.30");
  EXPECT_EQ(there_and_back("-0.01", 12, 2), "-0.01");
  EXPECT_EQ(there_and_back("0", 5, 0), "0");
  EXPECT_EQ(there_and_back("-1", 5, 0), "-1");
  EXPECT_EQ(there_and_back("1000000000000000000", 38, 0), "1000000000000000000");
  const std::string narrow(kNarrowPrecision, '9');
  EXPECT_EQ(there_and_back(narrow, kNarrowPrecision, 0), narrow);
  EXPECT_EQ(there_and_back("-" + narrow, kNarrowPrecision, 0), "-" + narrow);
  const std::string wide(kMaxPrecision, '9');
  EXPECT_EQ(there_and_back("-" + wide, kMaxPrecision, 0), "-" + wide);
}

TEST(DecimalWidth, RefusesWhatWouldBeRounded) {
  EXPECT_EQ(there_and_back("1.234", 12, 2), "refused");
  EXPECT_EQ(there_and_back("1.230", 12, 2), "1.23");
  EXPECT_EQ(there_and_back("12345678901", 12, 2), "refused");
  EXPECT_EQ(there_and_back("NaN", 12, 2), "refused");
  EXPECT_EQ(there_and_back("", 12, 2), "refused");
  EXPECT_EQ(there_and_back("1e5", 12, 2), "refused");
}

TEST(DecimalWidth, KnowsNegativeScales) {
  DecimalWords words{};
  ASSERT_TRUE(to_words("12", 5, 0, words));
  EXPECT_EQ(to_digits(std::span(words).first(kNarrowWords), -3), "12000");
}

}  // namespace
}  // namespace bridge::arrow
