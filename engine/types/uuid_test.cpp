// UUID text and bytes.
#include "engine/types/uuid.h"

#include <gtest/gtest.h>

#include <random>

namespace bridge::types {
namespace {

TEST(Uuid, KnownTextIsReadAndWritten) {
  const auto bytes = parse_uuid("00112233-4455-6677-8899-AABBCCDDEEFF");
  ASSERT_TRUE(bytes);
  EXPECT_EQ((*bytes)[0], 0x00);
  EXPECT_EQ((*bytes)[15], 0xFF);
  EXPECT_EQ(to_uuid_text(*bytes), "00112233-4455-6677-8899-aabbccddeeff");
}

TEST(Uuid, RoundTripsRandomBytes) {
  std::mt19937 generator(7);
  for (int round = 0; round < 1'000; ++round) {
    UuidBytes bytes{};
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(generator());
    const auto again = parse_uuid(to_uuid_text(bytes));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, bytes);
  }
}

TEST(Uuid, RefusesOtherForms) {
  for (const char* bad : {"", "00112233445566778899aabbccddeeff", "{00112233-4455-6677-8899-aabbccddeef}",
                          "00112233-4455-6677-8899-aabbccddeefg", "00112233-4455-6677-8899-aabbccddeefff",
                          "0011223-34455-6677-8899-aabbccddeeff", "00112233-4455-6677-8899-aabbccddeef-"}) {
    const auto result = parse_uuid(bad);
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.error().code(), ErrorCode::kDecode);
  }
}

}  // namespace
}  // namespace bridge::types
