// Passwords outside ASCII: examples of RFC 4013 and of the normalisation standard, and what has no answer.
#include "engine/driver/saslprep.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace bridge::driver {
namespace {

std::string prepare(std::string_view password) {
  return std::string(prepare_password(Secret(std::string(password))).reveal());
}

struct Example {
  std::string_view given;
  std::string_view prepared;
};

TEST(Saslprep, FollowsTheExamplesOfTheStandard) {
  for (const auto& [given, prepared] : {Example{"I\u00ADX", "IX"},  // a soft hyphen shows nothing
                                        {"user", "user"},
                                        {"USER", "USER"},
                                        {"\u00AA", "a"},
                                        {"\u2168", "IX"}}) {
    EXPECT_EQ(prepare(given), prepared) << given;
  }
}

TEST(Saslprep, MakesOneSpellingOfMany) {
  for (const auto& [given, prepared] : {
           Example{"Пароль", "Пароль"},
           {"\uFB01le", "file"},                // a ligature
           {"a\u00A0b\u3000c", "a b c"},        // spaces that do not break, spaces as wide as a sign
           {"a\u200Bb", "a b"},                 // in both tables of the standard; a space in PostgreSQL
           {"e\u0301", "\u00E9"},               // composed
           {"q\u0307\u0323", "q\u0323\u0307"},  // marks in the order of their classes
           {"a\u0323\u0307", "\u1EA1\u0307"},   // the first composes, the second stays
           {"\u212B", "\u00C5"},                // a sign that is a letter
           {"\u1112\u1161\u11AB", "\uD55C"},    // Hangul by arithmetic
           {"\uD55C", "\uD55C"},
           {"\u1100\u1161", "\uAC00"},
           {"\u3300", "\u30A2\u30D1\u30FC\u30C8"},  // one sign that stands for four
           {"\uFDFA!", "\uFDFA!"},                  // right to left must not end in a sign without direction
           {"\uFDFA",
            "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064A\u0647 \u0648\u0633\u0644\u0645"},
           {"\U0002F868", "\U000036FC"},  // as corrected after Unicode 3.2
           {"\u05D0\u05D1", "\u05D0\u05D1"},
       }) {
    EXPECT_EQ(prepare(given), prepared) << given;
  }
}

TEST(Saslprep, UsesAsGivenWhatTheProfileRefuses) {
  for (const std::string_view password : {"\xFF\xFE\u00AA",      // no UTF-8
                                          "\xED\xA0\x80\u00AA",  // a surrogate
                                          "\u00AA\u0007",        // a control character
                                          "\u00AA\uE000",        // private use
                                          "\u00AA\uFFFD",        // replacement
                                          "\u00AA\u0221",        // not in Unicode 3.2
                                          "\u00AA\U0001F600",    // neither
                                          "\u00AD\u200D",        // nothing is left
                                          "\u05D0\u00AA",        // both directions
                                          "\u05D01",             // right to left must end as it begins
                                          ""}) {
    EXPECT_EQ(prepare(password), password);
  }
}

}  // namespace
}  // namespace bridge::driver
