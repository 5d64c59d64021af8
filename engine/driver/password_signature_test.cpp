// Signatures by passwords, beside those that RFC 8032 prints.
#include "engine/driver/password_signature.h"

#include <gtest/gtest.h>

#include <charconv>

namespace bridge::driver {
namespace {

std::string from_hex(std::string_view digits) {
  constexpr std::size_t kDigits = 2;
  constexpr int kBase = 16;
  std::string octets;
  for (std::size_t index = 0; index + kDigits <= digits.size(); index += kDigits) {
    unsigned char octet = 0;
    std::from_chars(digits.data() + index, digits.data() + index + kDigits, octet, kBase);
    octets.push_back(static_cast<char>(octet));
  }
  return octets;
}

// RFC 8032, section 7.1, test 2: a private key of 32 octets is a password like any other.
TEST(PasswordSignature, IsThatOfTheStandard) {
  const Secret key(from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  const auto signature = sign_by_plain_password(key, from_hex("72"));
  ASSERT_TRUE(signature) << signature.error().message();
  EXPECT_EQ(*signature, from_hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                                 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"));
}

TEST(PasswordSignature, TakesPasswordsOfAnyLength) {
  const auto first = sign_by_plain_password(Secret("a"), "scramble");
  const auto second = sign_by_plain_password(Secret(std::string(1000, 'a')), "scramble");
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_NE(*first, *second);
  EXPECT_EQ(*first, *sign_by_plain_password(Secret("a"), "scramble"));
}

}  // namespace
}  // namespace bridge::driver
