// Randomness: repeatable where it should be, unpredictable where it must be.
#include "engine/base/random.h"

#include <gtest/gtest.h>

#include <array>

namespace bridge {
namespace {

TEST(SeededRandom, SameSeedSameNumbers) {
  SeededRandom first(42);
  SeededRandom second(42);
  SeededRandom other(43);
  bool differs = false;
  for (int index = 0; index < 100; ++index) {
    const std::uint64_t number = first.next();
    EXPECT_EQ(number, second.next());
    differs = differs || number != other.next();
  }
  EXPECT_TRUE(differs);
}

TEST(Random, UnitStaysBelowOne) {
  class Extreme final : public Random {
   public:
    explicit Extreme(std::uint64_t number) : number_(number) {}
    std::uint64_t next() override { return number_; }

   private:
    std::uint64_t number_;
  };
  EXPECT_EQ(Extreme(0).next_unit(), 0.0);
  EXPECT_LT(Extreme(~std::uint64_t{0}).next_unit(), 1.0);
  EXPECT_GT(Extreme(~std::uint64_t{0}).next_unit(), 0.999);
}

TEST(SecureRandom, FillsEveryByte) {
  constexpr std::size_t kSize = 1'000;
  constexpr int kRounds = 20;
  std::array<unsigned char, kSize> seen{};
  for (int round = 0; round < kRounds; ++round) {
    std::array<unsigned char, kSize> bytes{};
    ASSERT_TRUE(fill_secure_random(bytes.data(), bytes.size()));
    for (std::size_t index = 0; index < kSize; ++index) seen[index] |= bytes[index];
  }
  // a byte left zero by twenty rounds would have a chance of 256 to the minus 20
  for (const unsigned char byte : seen) ASSERT_NE(byte, 0);
  EXPECT_TRUE(fill_secure_random(nullptr, 0));
}

}  // namespace
}  // namespace bridge
