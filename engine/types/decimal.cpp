// Decimals as a sign, a natural number and a scale.
#include "engine/types/decimal.h"

#include <algorithm>
#include <utility>

namespace bridge::types {
namespace {

constexpr std::size_t kMinSignificantDigits = 16;  // PostgreSQL: NUMERIC_MIN_SIG_DIGITS
constexpr std::int64_t kDecimalBase = 10;
constexpr std::int64_t kDigitsPerGroup = 4;  // PostgreSQL: DEC_DIGITS, its base is 10,000

/// Plain notation taken apart. The parts view the text they came from.
struct PlainText {
  bool is_valid = false;
  bool is_negative = false;
  std::string_view whole;
  std::string_view fraction;
};

bool is_all_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char character) { return character >= '0' && character <= '9'; });
}

PlainText take_apart(std::string_view text) {
  PlainText parts;
  parts.is_negative = text.starts_with('-');
  if (parts.is_negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  parts.whole = text.substr(0, point);
  const bool has_point = point != std::string_view::npos;
  if (has_point) parts.fraction = text.substr(point + 1);
  const bool is_complete = !parts.whole.empty() && has_point == !parts.fraction.empty();
  const bool is_bounded = parts.whole.size() + parts.fraction.size() <= kMaxDecimalDigits;
  parts.is_valid = is_complete && is_bounded && is_all_digits(parts.whole) && is_all_digits(parts.fraction);
  return parts;
}

/// Takes zeros away that do not count, and the sign of zero.
PlainText normalized(PlainText parts) {
  const std::size_t first = parts.whole.find_first_not_of('0');
  parts.whole.remove_prefix(std::min(first, parts.whole.size()));
  const std::size_t last = parts.fraction.find_last_not_of('0');
  parts.fraction = parts.fraction.substr(0, last == std::string_view::npos ? 0 : last + 1);
  if (parts.whole.empty() && parts.fraction.empty()) parts.is_negative = false;
  return parts;
}

int sign_of(int comparison) { return comparison < 0 ? -1 : (comparison > 0 ? 1 : 0); }

int compare_normalized(const PlainText& left, const PlainText& right) {
  if (left.is_negative != right.is_negative) return left.is_negative ? -1 : 1;
  int comparison = 0;
  if (left.whole.size() != right.whole.size()) {
    comparison = left.whole.size() < right.whole.size() ? -1 : 1;
  } else {
    comparison = sign_of(left.whole.compare(right.whole));
    // without trailing zeros, a fraction that is the front of another is smaller, just as text is
    if (comparison == 0) comparison = sign_of(left.fraction.compare(right.fraction));
  }
  return left.is_negative ? -comparison : comparison;
}

constexpr std::int64_t floor_divide(std::int64_t dividend, std::int64_t divisor) {
  return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

Error refuse_zero_divisor() { return make_error(ErrorCode::kDataRejected, "a decimal is divided by zero"); }

/// Rounds a quotient half away from zero by what the division left.
Magnitude round_quotient(Magnitude::Division division, const Magnitude& divisor) {
  division.remainder.multiply_small(2);
  if (division.remainder >= divisor) division.quotient.add(Magnitude(1));
  return std::move(division.quotient);
}

}  // namespace

struct Decimal::LeadingGroup {
  std::int64_t weight = 0;
  std::int64_t value = 0;
};

Decimal::Decimal(bool is_negative, Magnitude digits, std::size_t scale)
    : is_negative_(is_negative && !digits.is_zero()), digits_(std::move(digits)), scale_(scale) {}

Decimal::Decimal(std::int64_t number)
    // negation in unsigned arithmetic: the smallest number has no positive counterpart
    : Decimal(number < 0,
              Magnitude(number < 0 ? ~static_cast<std::uint64_t>(number) + 1
                                   : static_cast<std::uint64_t>(number)),
              0) {}

Result<Decimal> Decimal::parse(std::string_view text) {
  const PlainText parts = take_apart(text);
  if (!parts.is_valid)
    return make_error(ErrorCode::kDecode, "text is not a decimal in plain notation of at most 1000 digits");
  std::string digits(parts.whole);
  digits += parts.fraction;
  return Decimal(parts.is_negative, Magnitude::of_digits(digits), parts.fraction.size());
}

std::string Decimal::to_text() const {
  std::string text = digits_.to_digits();
  if (text.size() <= scale_) text.insert(0, scale_ + 1 - text.size(), '0');
  if (scale_ > 0) text.insert(text.size() - scale_, 1, '.');
  if (is_negative_) text.insert(0, 1, '-');
  return text;
}

Result<Decimal> Decimal::checked(Decimal result) {
  if (std::max(result.digits_.count_digits(), result.scale_) > kMaxDecimalDigits) {
    return make_error(ErrorCode::kDataRejected, "the result of decimal arithmetic has more than 1000 digits");
  }
  return result;
}

Magnitude Decimal::scaled_to(std::size_t scale) const {
  Magnitude digits = digits_;
  digits.scale_up(scale - scale_);
  return digits;
}

Decimal Decimal::negated() const { return Decimal(!is_negative_, digits_, scale_); }

Result<Decimal> Decimal::add(const Decimal& other) const {
  const std::size_t scale = std::max(scale_, other.scale_);
  Magnitude left = scaled_to(scale);
  Magnitude right = other.scaled_to(scale);
  if (is_negative_ == other.is_negative_) {
    left.add(right);
    return checked(Decimal(is_negative_, std::move(left), scale));
  }
  if (left < right) {
    right.subtract(left);
    return Decimal(other.is_negative_, std::move(right), scale);
  }
  left.subtract(right);
  return Decimal(is_negative_, std::move(left), scale);
}

Result<Decimal> Decimal::multiply(const Decimal& other) const {
  return checked(
      Decimal(is_negative_ != other.is_negative_, digits_.multiply(other.digits_), scale_ + other.scale_));
}

Decimal::LeadingGroup Decimal::leading_group() const {
  if (is_zero()) return {};
  const std::string digits = digits_.to_digits();
  const std::int64_t exponent =
      static_cast<std::int64_t>(digits.size()) - static_cast<std::int64_t>(scale_) - 1;
  LeadingGroup group{.weight = floor_divide(exponent, kDigitsPerGroup)};
  const std::int64_t width = exponent - group.weight * kDigitsPerGroup + 1;
  for (std::int64_t index = 0; index < width; ++index) {
    const auto position = static_cast<std::size_t>(index);
    group.value = group.value * kDecimalBase + (position < digits.size() ? digits[position] - '0' : 0);
  }
  return group;
}

std::size_t Decimal::quotient_scale(const Decimal& divisor) const {
  const LeadingGroup mine = leading_group();
  const LeadingGroup theirs = divisor.leading_group();
  std::int64_t weight = mine.weight - theirs.weight;
  if (mine.value <= theirs.value) --weight;
  const std::int64_t wanted = static_cast<std::int64_t>(kMinSignificantDigits) - weight * kDigitsPerGroup;
  const auto scale = static_cast<std::size_t>(std::max<std::int64_t>(wanted, 0));
  return std::min(std::max({scale, scale_, divisor.scale_}), kMaxDecimalDigits);
}

Result<Decimal> Decimal::divide(const Decimal& divisor) const {
  if (divisor.is_zero()) return refuse_zero_divisor();
  const std::size_t scale = quotient_scale(divisor);
  // quotient * 10^scale = digits * 10^(scale - scale_ + divisor.scale_) / divisor.digits; scale is at least
  // scale_
  const Magnitude dividend = scaled_to(scale + divisor.scale_);
  Magnitude quotient = round_quotient(dividend.divide(divisor.digits_), divisor.digits_);
  return checked(Decimal(is_negative_ != divisor.is_negative_, std::move(quotient), scale));
}

Result<Decimal> Decimal::modulo(const Decimal& divisor) const {
  if (divisor.is_zero()) return refuse_zero_divisor();
  const std::size_t scale = std::max(scale_, divisor.scale_);
  Magnitude::Division division = scaled_to(scale).divide(divisor.scaled_to(scale));
  return Decimal(is_negative_, std::move(division.remainder), scale);
}

Result<Decimal> Decimal::rounded(std::size_t scale) const {
  // refused before the zeros are made
  if (scale > kMaxDecimalDigits) return checked(Decimal(false, Magnitude(), scale));
  if (scale >= scale_) return checked(Decimal(is_negative_, scaled_to(scale), scale));
  Magnitude divisor(1);
  divisor.scale_up(scale_ - scale);
  return Decimal(is_negative_, round_quotient(digits_.divide(divisor), divisor), scale);
}

bool is_plain_decimal(std::string_view text) { return take_apart(text).is_valid; }

int compare_decimal_text(std::string_view left, std::string_view right) {
  const PlainText left_parts = take_apart(left);
  const PlainText right_parts = take_apart(right);
  if (left_parts.is_valid && right_parts.is_valid)
    return compare_normalized(normalized(left_parts), normalized(right_parts));
  if (left_parts.is_valid != right_parts.is_valid) return left_parts.is_valid ? -1 : 1;
  return sign_of(left.compare(right));
}

std::string pad_decimal_text(std::string_view text, std::size_t scale) {
  std::string padded(text);
  const std::size_t point = text.find('.');
  const std::size_t present = point == std::string_view::npos ? 0 : text.size() - point - 1;
  if (present >= scale) return padded;
  if (present == 0) padded += '.';
  padded.append(scale - present, '0');
  return padded;
}

}  // namespace bridge::types
