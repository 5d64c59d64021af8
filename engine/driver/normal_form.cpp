// Unicode Standard Annex 15: take apart, bring marks into order, put together what has a character of its
// own.
#include "engine/driver/normal_form.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "engine/driver/unicode_tables.h"

namespace bridge::driver {
namespace {

// The arithmetic of Hangul syllables: Unicode Standard, section 3.12.
constexpr char32_t kFirstSyllable = 0xAC00;
constexpr char32_t kFirstLeading = 0x1100;
constexpr char32_t kFirstVowel = 0x1161;
constexpr char32_t kBeforeTrailing = 0x11A7;  // stands for "no trailing consonant"
constexpr char32_t kLeadings = 19;
constexpr char32_t kVowels = 21;
constexpr char32_t kTrailings = 28;
constexpr char32_t kSyllables = kLeadings * kVowels * kTrailings;

std::uint8_t combining_class(char32_t point) {
  const auto* range = unicode::find_range(unicode::combining_classes(), point);
  return range == nullptr ? std::uint8_t{0} : range->combining_class;
}

void append_syllable_parts(std::u32string& parts, char32_t syllable) {
  const char32_t index = syllable - kFirstSyllable;
  parts += kFirstLeading + index / (kVowels * kTrailings);
  parts += kFirstVowel + index / kTrailings % kVowels;
  if (index % kTrailings != 0) parts += kBeforeTrailing + index % kTrailings;
}

void append_decomposed(std::u32string& parts, char32_t point) {
  if (point >= kFirstSyllable && point < kFirstSyllable + kSyllables) {
    append_syllable_parts(parts, point);
    return;
  }
  const auto* run = unicode::find_range(unicode::decomposition_runs(), point);
  if (run == nullptr) {
    parts += point;
    return;
  }
  const auto pool = unicode::decomposition_pool();
  std::size_t position = run->pool_start;
  for (char32_t skipped = run->first; skipped < point; ++position) {
    if ((pool[position] & unicode::kEndOfDecomposition) != 0) ++skipped;
  }
  while ((pool[position] & unicode::kEndOfDecomposition) == 0)
    parts += static_cast<char32_t>(pool[position++]);
  parts += static_cast<char32_t>(pool[position] & ~unicode::kEndOfDecomposition);
}

/// Sorts each stretch of marks by their class; those of one class keep their order. In place: a stable sort
/// of the library would leave copies in memory of its own.
void order_marks(std::u32string& parts) {
  for (std::size_t index = 1; index < parts.size(); ++index) {
    const std::uint8_t own = combining_class(parts[index]);
    if (own == 0) continue;
    for (std::size_t place = index; place > 0 && combining_class(parts[place - 1]) > own; --place) {
      std::swap(parts[place - 1], parts[place]);
    }
  }
}

/// What the two become together, or 0.
char32_t compose_pair(char32_t first, char32_t second) {
  const char32_t leading = first - kFirstLeading;
  const char32_t vowel = second - kFirstVowel;
  if (leading < kLeadings && vowel < kVowels) {
    return kFirstSyllable + (leading * kVowels + vowel) * kTrailings;
  }
  const char32_t syllable = first - kFirstSyllable;
  const char32_t trailing = second - kBeforeTrailing;
  if (syllable < kSyllables && syllable % kTrailings == 0 && trailing > 0 && trailing < kTrailings) {
    return first + trailing;
  }
  const auto table = unicode::compositions();
  const auto found = std::ranges::lower_bound(
      table, std::pair(first, second), {},
      [](const unicode::Composition& entry) { return std::pair(entry.first, entry.second); });
  const bool is_found = found != table.end() && found->first == first && found->second == second;
  return is_found ? found->whole : char32_t{0};
}

/// Joins each starter with what follows it and is not blocked by something between of the same class or a
/// higher one.
void compose(std::u32string& parts) {
  std::size_t written = 0;
  std::size_t starter = 0;
  bool has_starter = false;
  std::uint8_t class_before = 0;
  for (std::size_t index = 0; index < parts.size(); ++index) {
    const char32_t point = parts[index];
    const std::uint8_t own = combining_class(point);
    const bool is_next_to_starter = has_starter && written == starter + 1;
    const bool is_blocked = !has_starter || (!is_next_to_starter && class_before >= own);
    const char32_t whole = is_blocked ? char32_t{0} : compose_pair(parts[starter], point);
    if (whole != 0) {
      parts[starter] = whole;
      continue;
    }
    if (own == 0) {
      starter = written;
      has_starter = true;
    }
    class_before = own;
    parts[written++] = point;
  }
  parts.resize(written);
}

}  // namespace

void normalize_compatibly(std::u32string_view text, std::u32string& normalized) {
  normalized.clear();
  for (const char32_t point : text) append_decomposed(normalized, point);
  order_marks(normalized);
  compose(normalized);
}

}  // namespace bridge::driver
