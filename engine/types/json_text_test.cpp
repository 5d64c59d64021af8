// Which texts are JSON, and what the reader makes of them.
#include "engine/types/json_text.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/base/limits.h"

namespace bridge::types {
namespace {

TEST(Json, AcceptsEveryKindOfValue) {
  for (const char* text :
       {"null", "true", "false", "0", "-0", "-1.5e+10", "\"\"", "[]", "{}", " [1, {\"a\": [null]} ] ",
        "123456789012345678901234567890", R"("\"\\\/\b\f\n\r\t\u00e4\uD83D\uDE00")", R"({"a":1,"a":2})"}) {
    EXPECT_TRUE(check_json(text)) << text;
  }
}

TEST(Json, RefusesEverythingElse) {
  for (const std::string& text : std::initializer_list<std::string>{"",
                                                                    " ",
                                                                    "nul",
                                                                    "NaN",
                                                                    "Infinity",
                                                                    "01",
                                                                    "1.",
                                                                    ".5",
                                                                    "+1",
                                                                    "1e",
                                                                    "\"",
                                                                    "\"\\x\"",
                                                                    "\"\\u12g4\"",
                                                                    "\"\\ud83d\"",
                                                                    "\"\\ude00\"",
                                                                    "\"\\ud83d\\u0041\"",
                                                                    "\"\xFF\"",
                                                                    "\"\n\"",
                                                                    "[",
                                                                    "]",
                                                                    "[1",
                                                                    "[1,]",
                                                                    "[,1]",
                                                                    "{",
                                                                    "{\"a\"}",
                                                                    "{\"a\":}",
                                                                    "{\"a\":1,}",
                                                                    "{a:1}",
                                                                    "[1}",
                                                                    "{\"a\":1]",
                                                                    "1 2",
                                                                    "[] []",
                                                                    "'a'",
                                                                    "// no\n1"}) {
    const auto status = check_json(text);
    ASSERT_FALSE(status) << text;
    EXPECT_EQ(status.error().code(), ErrorCode::kDecode);
  }
  EXPECT_FALSE(check_json(std::string_view("1\0", 2)));
}

TEST(Json, DepthIsBounded) {
  const std::string deepest = std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']');
  EXPECT_TRUE(check_json(deepest));
  EXPECT_FALSE(check_json("[" + deepest + "]"));
  EXPECT_FALSE(check_json(std::string(1'000'000, '[')));
}

TEST(Json, StringsSurviveWritingAndReading) {
  std::mt19937 generator(17);
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (std::size_t length = generator() % 20; length > 0; --length) {
      constexpr const char* kPieces[] = {"\"",   "\\",  "\n", "\t", "a", "/", "\xC3\xA4", "\xF0\x9F\x98\x80",
                                         "\x7F", "\x01"};
      text += kPieces[generator() % 10];
    }
    text += std::string(generator() % 2, '\0');
    std::string json;
    append_json_string(json, text);
    JsonReader reader(json);
    const auto token = reader.next();
    ASSERT_TRUE(token) << json;
    EXPECT_EQ(*token, JsonToken::kString);
    EXPECT_EQ(reader.string(), text);
    const auto last = reader.next();
    ASSERT_TRUE(last);
    EXPECT_EQ(*last, JsonToken::kEnd);
  }
}

TEST(Json, NumbersComeAsWritten) {
  JsonReader reader("[9223372036854775808, -1.50]");
  ASSERT_EQ(*reader.next(), JsonToken::kBeginArray);
  ASSERT_EQ(*reader.next(), JsonToken::kNumber);
  EXPECT_EQ(reader.number(), "9223372036854775808");
  ASSERT_EQ(*reader.next(), JsonToken::kNumber);
  EXPECT_EQ(reader.number(), "-1.50");
  EXPECT_EQ(*reader.next(), JsonToken::kEndArray);
}

}  // namespace
}  // namespace bridge::types
