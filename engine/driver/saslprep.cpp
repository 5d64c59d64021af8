// RFC 4013 in the order of PostgreSQL, which looks for what is prohibited before it normalises.
#include "engine/driver/saslprep.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/driver/normal_form.h"
#include "engine/driver/unicode_tables.h"
#include "engine/types/utf8.h"

namespace bridge::driver {
namespace {

constexpr std::size_t kLongestUtf8 = 4;  // bytes of one code point

/// Code points that are zeroed when their scope ends. Room for all of them is made at once: growing would
/// leave copies behind.
struct SecretPoints {
  explicit SecretPoints(std::size_t room) { points.reserve(room); }
  SecretPoints(const SecretPoints&) = delete;
  SecretPoints& operator=(const SecretPoints&) = delete;
  ~SecretPoints() {
    points.resize(points.capacity());
    volatile char32_t* cursor = points.data();  // volatile: the writes must survive optimisation
    for (std::size_t index = 0; index < points.size(); ++index) cursor[index] = 0;
  }
  std::u32string points;
};

bool is_in(std::span<const unicode::PointRange> table, char32_t point) {
  return unicode::find_range(table, point) != nullptr;
}

/// RFC 4013 section 2.1.
void append_mapped(std::u32string& points, std::string_view text) {
  while (!text.empty()) {
    const char32_t point = types::take_code_point(text);
    if (is_in(unicode::spaces(), point)) {
      points += U' ';
    } else if (!is_in(unicode::mapped_to_nothing(), point)) {
      points += point;
    }
  }
}

bool has_any(std::u32string_view points, std::span<const unicode::PointRange> table) {
  return std::ranges::any_of(points, [table](char32_t point) { return is_in(table, point); });
}

/// RFC 4013 sections 2.3 to 2.5, on text that is not empty.
bool is_allowed(std::u32string_view points) {
  if (has_any(points, unicode::prohibited())) return false;
  const auto right_to_left = unicode::right_to_left();
  if (!has_any(points, right_to_left)) return true;
  return !has_any(points, unicode::left_to_right()) && is_in(right_to_left, points.front()) &&
         is_in(right_to_left, points.back());
}

}  // namespace

Secret prepare_password(const Secret& password) {
  const std::string_view text = password.reveal();
  const bool is_ascii =
      std::ranges::all_of(text, [](char letter) { return static_cast<signed char>(letter) >= 0; });
  if (is_ascii || !types::is_valid_utf8(text)) return password.clone();
  SecretPoints mapped(text.size());
  append_mapped(mapped.points, text);
  if (mapped.points.empty() || !is_allowed(mapped.points)) return password.clone();
  SecretPoints normalized(mapped.points.size() * kLongestDecomposition);
  normalize_compatibly(mapped.points, normalized.points);
  std::string prepared;
  prepared.reserve(normalized.points.size() * kLongestUtf8);
  for (const char32_t point : normalized.points) types::append_code_point(prepared, point);
  return Secret(std::move(prepared));
}

}  // namespace bridge::driver
