// Which names may ever be quoted.
#include "engine/base/identifier.h"

#include <gtest/gtest.h>

#include <string>

namespace bridge {
namespace {

// The rule written once more, the slow way.
bool is_allowed(const std::string& text) {
  static const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  static const std::string all = letters + "0123456789";
  const bool has_size = !text.empty() && text.size() <= kIdentifierMaxLength;
  return has_size && letters.find(text[0]) != std::string::npos &&
         text.find_first_not_of(all) == std::string::npos;
}

TEST(Identifier, EveryByteInEveryPositionFollowsTheRule) {
  for (int value = 0; value < 256; ++value) {
    const char byte = static_cast<char>(value);
    for (const std::string& text : {std::string(1, byte), std::string("a") + byte,
                                    std::string("a") + byte + "b", std::string(1, byte) + "b"}) {
      const auto made = Identifier::make(text);
      EXPECT_EQ(made.has_value(), is_allowed(text)) << "byte " << value;
      EXPECT_TRUE(made || made.error().code() == ErrorCode::kInvalidIdentifier);
    }
  }
}

TEST(Identifier, LengthIsBounded) {
  EXPECT_FALSE(Identifier::make(""));
  EXPECT_TRUE(Identifier::make(std::string(kIdentifierMaxLength, 'a')));
  EXPECT_FALSE(Identifier::make(std::string(kIdentifierMaxLength + 1, 'a')));
}

TEST(Identifier, RefusalNeverQuotesTheText) {
  const auto refused = Identifier::make("evil\"; drop table users; --");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message().find("drop"), std::string::npos);
}

TEST(Identifier, KeepsItsTextAndCompares) {
  const auto name = Identifier::make("_Book1");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->text(), "_Book1");
  EXPECT_EQ(*name, *Identifier::make("_Book1"));
  EXPECT_FALSE(*name == *Identifier::make("_book1"));
}

}  // namespace
}  // namespace bridge
