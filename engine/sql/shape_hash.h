// Mixes the parts of a shape into 64 bits.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/types/storage_type.h"

namespace bridge::sql {

/// Accumulates what a node or statement is made of. The result is well mixed: every bit of every part reaches
/// every bit of it. A build with BRIDGE_CONSTANT_HASH gives one number for everything, which proves that
/// nothing relies on hashes alone.
class ShapeHash {
 public:
  explicit constexpr ShapeHash(std::uint64_t kind) : state_(mix(kind ^ kSeed)) {}

  constexpr ShapeHash& add(std::uint64_t part) {
    state_ = mix(state_ * kMultiplier + part);
    return *this;
  }
  constexpr ShapeHash& add(std::string_view text) {
    std::uint64_t folded = kTextSeed;
    for (const char character : text) folded = (folded ^ static_cast<unsigned char>(character)) * kTextPrime;
    return add(folded).add(text.size());
  }
  constexpr ShapeHash& add(const types::ColumnType& type) {
    const std::uint64_t kinds = static_cast<std::uint64_t>(type.storage) << 16 |
                                static_cast<std::uint64_t>(type.element) << 8 | (type.is_nullable ? 1U : 0U);
    const std::uint64_t bounds =
        std::uint64_t{type.precision} << 48 | std::uint64_t{type.scale} << 32 | type.max_length;
    return add(kinds).add(bounds);
  }

  constexpr std::uint64_t value() const {
#ifdef BRIDGE_CONSTANT_HASH
    return kSeed;
#else
    return state_;
#endif
  }

 private:
  static constexpr std::uint64_t kSeed =
      0x9E3779B97F4A7C15;  // 2^64 over the golden ratio: no structure of its own
  static constexpr std::uint64_t kMultiplier =
      0xD1342543DE82EF95;  // a multiplier of good spectral quality (Steele and Vigna 2021)
  static constexpr std::uint64_t kTextSeed = 0xCBF29CE484222325;  // FNV-1a, 64 bit
  static constexpr std::uint64_t kTextPrime = 0x00000100000001B3;

  // The finalizer of splitmix64.
  static constexpr std::uint64_t mix(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
    return bits ^ (bits >> 31);
  }

  std::uint64_t state_;
};

}  // namespace bridge::sql
