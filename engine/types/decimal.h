// Exact decimal numbers: plain text, checked, with arithmetic that never rounds unasked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/types/magnitude.h"

namespace bridge::types {

/// Most digits of a decimal, before and behind the point together: PostgreSQL's largest declarable precision,
/// so nothing a column can hold is refused, and no value can exhaust memory.
inline constexpr std::size_t kMaxDecimalDigits = 1'000;

/// A finite decimal: sign, digits, and how many of them stand behind the point. Zero has no sign. Copyable;
/// not thread safe. Arithmetic fails with kDataRejected when the result has more than kMaxDecimalDigits
/// digits.
class Decimal {
 public:
  Decimal() = default;
  explicit Decimal(std::int64_t number);
  /// Reads plain notation: `-?digits[.digits]`. kDecode for exponents, signs of plus, blanks, `NaN` and
  /// over-long text; never quotes it.
  static Result<Decimal> parse(std::string_view text);

  std::string to_text() const;
  std::size_t scale() const { return scale_; }
  bool is_zero() const { return digits_.is_zero(); }
  bool is_negative() const { return is_negative_; }

  Decimal negated() const;
  Result<Decimal> add(const Decimal& other) const;
  Result<Decimal> subtract(const Decimal& other) const { return add(other.negated()); }
  Result<Decimal> multiply(const Decimal& other) const;
  /// At least sixteen significant digits and the scale of both operands, rounded half away from zero:
  /// PostgreSQL's rule for numeric. kDataRejected when `divisor` is zero.
  Result<Decimal> divide(const Decimal& divisor) const;
  /// What truncated division leaves: has the sign of this number. kDataRejected when `divisor` is zero.
  Result<Decimal> modulo(const Decimal& divisor) const;
  /// Rounded half away from zero to so many digits behind the point.
  Result<Decimal> rounded(std::size_t scale) const;

 private:
  Decimal(bool is_negative, Magnitude digits, std::size_t scale);
  static Result<Decimal> checked(Decimal result);
  Magnitude scaled_to(std::size_t scale) const;
  /// Place of the first digit in groups of four around the point, and the group's value: what PostgreSQL's
  /// rule is written in.
  struct LeadingGroup;
  LeadingGroup leading_group() const;
  std::size_t quotient_scale(const Decimal& divisor) const;

  bool is_negative_ = false;
  Magnitude digits_;
  std::size_t scale_ = 0;
};

/// Whether `text` is plain decimal notation within kMaxDecimalDigits. Allocates nothing.
bool is_plain_decimal(std::string_view text);

/// Less than, equal to or greater than zero as `left` compares with `right`, by value: `1.50` equals `1.5`. A
/// total order over all text: what is no plain decimal comes after every decimal and is ordered by bytes.
/// Allocates nothing.
int compare_decimal_text(std::string_view left, std::string_view right);

/// The same number with at least `scale` digits behind the point; digits are never taken away. `text` must be
/// plain.
std::string pad_decimal_text(std::string_view text, std::size_t scale);

}  // namespace bridge::types
