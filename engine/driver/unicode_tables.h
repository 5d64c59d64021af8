// What Unicode says of its characters, as far as a password needs it: the tables of version 3.2, which the
// standards for passwords name.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

namespace bridge::driver::unicode {

/// Code points from `first` to `last`, both included. Tables of them are sorted.
struct PointRange {
  char32_t first;
  char32_t last;
};

/// Characters of one canonical combining class, which is not zero.
struct ClassRange {
  char32_t first;
  char32_t last;
  std::uint8_t combining_class;
};

/// Neighbours that all have a compatibility decomposition; those stand one after the other in the pool from
/// `pool_start` on.
struct DecompositionRun {
  char32_t first;
  char32_t last;
  std::uint16_t pool_start;
};

/// `first` followed by `second` is canonically the same as `whole`.
struct Composition {
  char32_t first;
  char32_t second;
  char32_t whole;
};

/// Marks the last code point of each decomposition in the pool.
inline constexpr std::uint32_t kEndOfDecomposition = 0x8000'0000;

/// RFC 3454 table C.1.2: spaces other than the ASCII one.
std::span<const PointRange> spaces();
/// RFC 3454 table B.1.
std::span<const PointRange> mapped_to_nothing();
/// RFC 3454 tables C.1.2 to C.9, and A.1: what Unicode 3.2 had not assigned.
std::span<const PointRange> prohibited();
/// RFC 3454 table D.1.
std::span<const PointRange> right_to_left();
/// RFC 3454 table D.2.
std::span<const PointRange> left_to_right();
std::span<const ClassRange> combining_classes();
/// All but those of Hangul syllables, which are arithmetic.
std::span<const DecompositionRun> decomposition_runs();
std::span<const std::uint32_t> decomposition_pool();
/// Sorted by first, then second; again without Hangul.
std::span<const Composition> compositions();

/// The entry of a sorted table of ranges that holds `point`, or nullptr.
template <typename Range>
const Range* find_range(std::span<const Range> table, char32_t point) {
  const auto after = std::ranges::upper_bound(table, point, {}, &Range::first);
  if (after == table.begin() || point > (after - 1)->last) return nullptr;
  return &*(after - 1);
}

}  // namespace bridge::driver::unicode
