// Randomness as something handed in, so that a seed replays a schedule.
#pragma once

#include <cstdint>
#include <random>

namespace bridge {

/// Source of random numbers for jitter and tie-breaks. Not for secrets. Not thread safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;
  /// Uniform in [0, 1).
  double next_unit() {
    constexpr double kScale = 1.0 / 9007199254740992.0;  // 2^-53: every double in [0, 1) with 53 random bits
    constexpr int kUnusedBits = 11;                      // 64 random bits less the 53 a double holds
    return static_cast<double>(next() >> kUnusedBits) * kScale;
  }
};

/// Seeded generator; the same seed gives the same numbers.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : generator_(seed) {}
  std::uint64_t next() override { return generator_(); }

 private:
  std::mt19937_64 generator_;
};

/// Fills `size` bytes from the operating system's generator: nonces and secrets. Never fails short; false
/// when the system refuses.
bool fill_secure_random(void* target, std::size_t size);

}  // namespace bridge
