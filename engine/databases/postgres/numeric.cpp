// protocol: src/backend/utils/adt/numeric.c, numeric_send: ndigits, weight, sign, dscale, then digits of base
// 10000.
#include "engine/databases/postgres/numeric.h"

#include <array>
#include <cstdint>

namespace bridge::postgres {
namespace {

constexpr std::size_t kGroupSize = 4;  // decimal digits in one digit of base 10000
constexpr int kGroupBase = 10'000;
constexpr int kTen = 10;
constexpr std::size_t kMaxWhole = 131'072;  // digits before the point that the type can hold
constexpr std::size_t kMaxScale = 16'383;   // and behind it
constexpr std::uint16_t kPositive = 0x0000;
constexpr std::uint16_t kNegative = 0x4000;
constexpr std::uint16_t kNotANumber = 0xC000;
constexpr std::uint16_t kPlusInfinity = 0xD000;
constexpr std::uint16_t kMinusInfinity = 0xF000;

Error malformed() { return make_error(ErrorCode::kDecode, "a malformed numeric"); }
Error refuse(std::string_view reason) {
  return make_error(ErrorCode::kDataRejected, "a decimal " + std::string(reason));
}

/// The digits as they lie on the wire, asked by their distance from the point.
struct Groups {
  ByteSpan bytes;
  std::int32_t weight;

  /// Base-10000 digit worth 10000^power; zero outside.
  int at(std::int32_t power) const {
    const std::int32_t index = weight - power;
    if (index < 0 || static_cast<std::size_t>(index) >= bytes.size() / sizeof(std::int16_t)) return 0;
    return load_big_endian<std::int16_t>(bytes.data() +
                                         static_cast<std::size_t>(index) * sizeof(std::int16_t));
  }
  bool are_digits() const {
    for (std::size_t index = 0; index < bytes.size(); index += sizeof(std::int16_t)) {
      const auto digit = load_big_endian<std::int16_t>(bytes.data() + index);
      if (digit < 0 || digit >= kGroupBase) return false;
    }
    return true;
  }
};

std::array<char, kGroupSize> spell(int group) {
  std::array<char, kGroupSize> letters{};
  for (std::size_t place = kGroupSize; place > 0; --place) {
    letters[place - 1] = static_cast<char>('0' + group % kTen);
    group /= kTen;
  }
  return letters;
}

void append_whole(const Groups& groups, std::string& text) {
  if (groups.weight < 0) {
    text.push_back('0');
    return;
  }
  const std::size_t start = text.size();
  for (std::int32_t power = groups.weight; power >= 0; --power) {
    const auto letters = spell(groups.at(power));
    text.append(letters.data(), letters.size());
  }
  const std::size_t first = text.find_first_not_of('0', start);
  text.erase(start, (first == std::string::npos ? text.size() - 1 : first) - start);
}

void append_fraction(const Groups& groups, std::size_t scale, std::string& text) {
  if (scale == 0) return;
  text.push_back('.');
  const std::size_t end = text.size() + scale;
  for (std::int32_t power = -1; text.size() < end; --power) {
    const auto letters = spell(groups.at(power));
    text.append(letters.data(), letters.size());
  }
  text.resize(end);
}

}  // namespace

Status decode_numeric(ByteSpan bytes, std::string& text) {
  ByteReader reader(bytes);
  const auto count = reader.read_big_endian<std::uint16_t>();
  const auto weight = reader.read_big_endian<std::int16_t>();
  const auto sign = reader.read_big_endian<std::uint16_t>();
  const auto scale = reader.read_big_endian<std::uint16_t>();
  const Groups groups{reader.read_rest(), weight};
  if (reader.has_failed() || groups.bytes.size() != count * sizeof(std::int16_t) || !groups.are_digits())
    return malformed();
  if (sign == kNotANumber || sign == kPlusInfinity || sign == kMinusInfinity) {
    text += sign == kNotANumber ? "NaN" : sign == kPlusInfinity ? "Infinity" : "-Infinity";
    return {};
  }
  if ((sign != kPositive && sign != kNegative) || scale > kMaxScale) return malformed();
  if (weight >= static_cast<std::int32_t>(kMaxWhole / kGroupSize)) return malformed();
  if (sign == kNegative) text.push_back('-');
  append_whole(groups, text);
  append_fraction(groups, scale, text);
  return {};
}

namespace {

/// Plain decimal text taken apart. Views the text.
struct PlainDecimal {
  bool is_negative = false;
  std::string_view whole;  ///< without leading zeros
  std::string_view fraction;
};

bool are_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

Result<PlainDecimal> take_apart(std::string_view text) {
  PlainDecimal parts;
  parts.is_negative = text.starts_with('-');
  if (parts.is_negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  parts.whole = text.substr(0, point);
  if (point != std::string_view::npos) parts.fraction = text.substr(point + 1);
  const bool is_empty = parts.whole.empty() || (point != std::string_view::npos && parts.fraction.empty());
  if (is_empty || !are_digits(parts.whole) || !are_digits(parts.fraction))
    return refuse("is not in plain notation");
  parts.whole.remove_prefix(std::min(parts.whole.find_first_not_of('0'), parts.whole.size()));
  if (parts.whole.size() > kMaxWhole || parts.fraction.size() > kMaxScale) {
    return refuse("has more digits than numeric can hold");
  }
  return parts;
}

/// Four letters at a time as one digit of base 10000; zeros stand where there are none.
void write_groups(std::string_view letters, std::size_t leading_zeros, ByteWriter& out) {
  std::size_t filled = leading_zeros;
  std::int16_t group = 0;
  for (const char letter : letters) {
    group = static_cast<std::int16_t>(group * kTen + (letter - '0'));
    if (++filled == kGroupSize) {
      out.write_big_endian(group);
      group = 0;
      filled = 0;
    }
  }
  if (filled == 0) return;
  for (; filled < kGroupSize; ++filled) group = static_cast<std::int16_t>(group * kTen);
  out.write_big_endian(group);
}

std::size_t group_count(std::size_t digits) { return (digits + kGroupSize - 1) / kGroupSize; }

bool write_special(std::string_view text, ByteWriter& out) {
  std::uint16_t sign = kPositive;
  if (text == "NaN") sign = kNotANumber;
  if (text == "Infinity") sign = kPlusInfinity;
  if (text == "-Infinity") sign = kMinusInfinity;
  if (sign == kPositive) return false;
  out.write_big_endian(std::uint16_t{0});
  out.write_big_endian(std::int16_t{0});
  out.write_big_endian(sign);
  out.write_big_endian(std::uint16_t{0});
  return true;
}

}  // namespace

Status encode_numeric(std::string_view text, ByteWriter& out) {
  if (write_special(text, out)) return {};
  BRIDGE_ASSIGN_OR_RETURN(const PlainDecimal parts, take_apart(text));
  const std::size_t whole_groups = group_count(parts.whole.size());
  const std::size_t fraction_groups = group_count(parts.fraction.size());
  const std::size_t leading_zeros = whole_groups * kGroupSize - parts.whole.size();
  out.write_big_endian(static_cast<std::uint16_t>(whole_groups + fraction_groups));  // bounded by take_apart
  out.write_big_endian(static_cast<std::int16_t>(static_cast<std::int32_t>(whole_groups) - 1));
  out.write_big_endian(parts.is_negative ? kNegative : kPositive);
  out.write_big_endian(static_cast<std::uint16_t>(parts.fraction.size()));
  write_groups(parts.whole, leading_zeros, out);
  write_groups(parts.fraction, 0, out);
  return {};
}

}  // namespace bridge::postgres
