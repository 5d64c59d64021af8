// What is UTF-8 and what is not, on the borders of every rule.
#include "engine/types/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace bridge::types {
namespace {

/// A second opinion: decodes code point by code point and checks the value.
bool is_valid_by_value(std::string_view bytes) {
  std::size_t position = 0;
  while (position < bytes.size()) {
    const auto lead = static_cast<unsigned char>(bytes[position]);
    std::size_t length = lead < 0x80         ? 1
                         : (lead >> 5) == 6  ? 2
                         : (lead >> 4) == 14 ? 3
                         : (lead >> 3) == 30 ? 4
                                             : 0;
    if (length == 0 || position + length > bytes.size()) return false;
    unsigned point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t index = 1; index < length; ++index) {
      const auto next = static_cast<unsigned char>(bytes[position + index]);
      if ((next >> 6) != 2) return false;
      point = (point << 6) | (next & 0x3FU);
    }
    const unsigned smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < smallest[length] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
    position += length;
  }
  return true;
}

TEST(Utf8, TakesWhatItAppends) {
  for (char32_t point = 0; point <= 0x10FFFF; ++point) {
    if (point == 0xD800) point = 0xE000;  // surrogates are no characters
    std::string text;
    append_code_point(text, point);
    ASSERT_TRUE(is_valid_utf8(text)) << static_cast<std::uint32_t>(point);
    text += "x";
    std::string_view rest = text;
    ASSERT_EQ(take_code_point(rest), point);
    ASSERT_EQ(rest, "x");
  }
}

TEST(Utf8, AcceptsTextOfEveryLength) {
  EXPECT_TRUE(is_valid_utf8(""));
  EXPECT_TRUE(is_valid_utf8(std::string("a\0b", 3)));
  EXPECT_TRUE(is_valid_utf8(
      "ASCII that is longer than a machine word, and then \xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"));
}

TEST(Utf8, RefusesOverlongSurrogateTruncatedAndTooHigh) {
  for (const char* bad : {
           "\xC0\x80",
           "\xC1\xBF",
           "\xE0\x9F\xBF",
           "\xF0\x8F\xBF\xBF",
           "\xED\xA0\x80",
           "\xED\xBF\xBF",
           "\xF4\x90\x80\x80",
           "\xF5\x80\x80\x80",
           "\x80",
           "\xE2\x82",
           "\xFF",
           "eight by\xC3",
           "\xC3(",
       }) {
    EXPECT_FALSE(is_valid_utf8(bad)) << testing::PrintToString(std::string(bad));
  }
}

TEST(Utf8, AgreesWithDecodingOnAllShortSequences) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      for (unsigned third : {0x00U, 0x7FU, 0x80U, 0x8FU, 0x90U, 0x9FU, 0xA0U, 0xBFU, 0xC0U, 0xFFU}) {
        std::string bytes{static_cast<char>(first), static_cast<char>(second), static_cast<char>(third)};
        ASSERT_EQ(is_valid_utf8(bytes), is_valid_by_value(bytes)) << first << ' ' << second << ' ' << third;
        bytes += '\x80';
        ASSERT_EQ(is_valid_utf8(bytes), is_valid_by_value(bytes))
            << first << ' ' << second << ' ' << third << " 128";
      }
    }
  }
}

TEST(Utf8, CountsCodePointsNotBytes) {
  EXPECT_EQ(count_code_points("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"), 4U);
}

}  // namespace
}  // namespace bridge::types
