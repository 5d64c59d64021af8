// protocol: src/backend/utils/adt/network.c, network_send: family, prefix bits, is_cidr, address length,
// address.
#include "engine/databases/postgres/inet_text.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>
#include <vector>

namespace bridge::postgres {
namespace {

constexpr std::uint8_t kFamilyFour = 2;  // PGSQL_AF_INET, whatever AF_INET is on either machine
constexpr std::uint8_t kFamilySix = 3;
constexpr std::size_t kFourBytes = 4;
constexpr std::size_t kSixBytes = 16;
constexpr std::size_t kSixGroups = 8;
constexpr unsigned kBitsPerByte = 8;
constexpr unsigned kByteMask = 0xFF;
constexpr int kDecimal = 10;
constexpr int kHexadecimal = 16;

Error refuse() { return make_error(ErrorCode::kDataRejected, "a text that is no network address"); }

void append_number(std::string& text, unsigned number, int base) {
  std::array<char, kBitsPerByte> letters{};
  const auto [end, failure] = std::to_chars(letters.data(), letters.data() + letters.size(), number, base);
  if (failure == std::errc()) text.append(letters.data(), end);
}

void append_four(std::string& text, ByteSpan address) {
  for (std::size_t index = 0; index < kFourBytes; ++index) {
    if (index > 0) text.push_back('.');
    append_number(text, std::to_integer<unsigned>(address[index]), kDecimal);
  }
}

using SixGroups = std::array<std::uint16_t, kSixGroups>;

/// The longest run of zero groups, at least two: what `::` stands for.
struct ZeroRun {
  std::size_t start = kSixGroups;
  std::size_t length = 1;
};

ZeroRun find_zero_run(const SixGroups& groups) {
  ZeroRun best;
  for (std::size_t start = 0; start < kSixGroups; ++start) {
    std::size_t end = start;
    while (end < kSixGroups && groups[end] == 0) ++end;
    if (end - start > best.length) best = {start, end - start};
  }
  return best;
}

void append_six(std::string& text, ByteSpan address) {
  SixGroups groups{};
  for (std::size_t index = 0; index < kSixGroups; ++index) {
    groups[index] = load_big_endian<std::uint16_t>(address.data() + index * sizeof(std::uint16_t));
  }
  const ZeroRun run = find_zero_run(groups);
  for (std::size_t index = 0; index < kSixGroups; ++index) {
    if (index == run.start) {
      text += "::";
      index += run.length - 1;
      continue;
    }
    if (index > 0 && index != run.start + run.length) text.push_back(':');
    append_number(text, groups[index], kHexadecimal);
  }
}

std::optional<unsigned> parse_number(std::string_view text, int base, unsigned limit) {
  unsigned number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size() || number > limit)
    return std::nullopt;
  return number;
}

std::vector<std::string_view> split(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t place = text.find(mark);
    parts.push_back(text.substr(0, place));
    if (place == std::string_view::npos || parts.size() > kSixBytes) return parts;
    text.remove_prefix(place + 1);
  }
}

using Address = std::vector<std::byte>;

std::optional<Address> parse_four(std::string_view text) {
  constexpr std::size_t kMaxDigits = 3;
  const auto parts = split(text, '.');
  if (parts.size() != kFourBytes) return std::nullopt;
  Address address;
  for (const std::string_view part : parts) {
    const auto number = parse_number(part, kDecimal, kByteMask);
    if (!number || part.size() > kMaxDigits) return std::nullopt;
    address.push_back(static_cast<std::byte>(*number));
  }
  return address;
}

/// Groups of one side of `::`; a dotted tail counts as two.
bool append_groups(std::string_view text, Address& address) {
  constexpr unsigned kGroupMask = 0xFFFF;
  constexpr std::size_t kMaxDigits = 4;
  if (text.empty()) return true;
  const auto parts = split(text, ':');
  for (std::size_t index = 0; index < parts.size(); ++index) {
    if (index + 1 == parts.size() && parts[index].find('.') != std::string_view::npos) {
      const auto tail = parse_four(parts[index]);
      if (!tail) return false;
      address.insert(address.end(), tail->begin(), tail->end());
      continue;
    }
    const auto number = parse_number(parts[index], kHexadecimal, kGroupMask);
    if (!number || parts[index].size() > kMaxDigits) return false;
    address.push_back(static_cast<std::byte>(*number >> kBitsPerByte));
    address.push_back(static_cast<std::byte>(*number & kByteMask));
  }
  return address.size() <= kSixBytes;
}

std::optional<Address> parse_six(std::string_view text) {
  const std::size_t gap = text.find("::");
  Address head;
  Address tail;
  if (!append_groups(text.substr(0, gap), head)) return std::nullopt;
  if (gap == std::string_view::npos) return head.size() == kSixBytes ? std::optional(head) : std::nullopt;
  if (!append_groups(text.substr(gap + 2), tail) || head.size() + tail.size() >= kSixBytes)
    return std::nullopt;
  head.resize(kSixBytes - tail.size());
  head.insert(head.end(), tail.begin(), tail.end());
  return head;
}

bool has_bits_behind(const Address& address, unsigned prefix) {
  for (std::size_t bit = prefix; bit < address.size() * kBitsPerByte; ++bit) {
    const unsigned byte = std::to_integer<unsigned>(address[bit / kBitsPerByte]);
    if (((byte >> (kBitsPerByte - 1 - bit % kBitsPerByte)) & 1U) != 0) return true;
  }
  return false;
}

}  // namespace

Status decode_inet(ByteSpan bytes, std::string& text) {
  ByteReader reader(bytes);
  const std::uint8_t family = reader.read_byte();
  const std::uint8_t prefix = reader.read_byte();
  const std::uint8_t is_cidr = reader.read_byte();
  const std::uint8_t size = reader.read_byte();
  const ByteSpan address = reader.read_bytes(size);
  const bool is_four = family == kFamilyFour && size == kFourBytes;
  const bool is_six = family == kFamilySix && size == kSixBytes;
  if (!reader.is_at_end() || (!is_four && !is_six) || is_cidr > 1 || prefix > size * kBitsPerByte) {
    return make_error(ErrorCode::kDecode, "a malformed network address");
  }
  is_four ? append_four(text, address) : append_six(text, address);
  if (is_cidr == 0 && prefix == size * kBitsPerByte) return {};
  text.push_back('/');
  append_number(text, prefix, kDecimal);
  return {};
}

Status encode_inet(std::string_view text, bool is_cidr, ByteWriter& out) {
  const std::size_t slash = text.find('/');
  const std::string_view host = text.substr(0, slash);
  const bool is_six = host.find(':') != std::string_view::npos;
  const auto address = is_six ? parse_six(host) : parse_four(host);
  if (!address) return refuse();
  auto prefix = static_cast<unsigned>(address->size()) * kBitsPerByte;
  if (slash != std::string_view::npos) {
    const auto given = parse_number(text.substr(slash + 1), kDecimal, prefix);
    if (!given) return refuse();
    prefix = *given;
  }
  if (is_cidr && has_bits_behind(*address, prefix)) return refuse();
  out.write_byte(is_six ? kFamilySix : kFamilyFour);
  out.write_byte(static_cast<std::uint8_t>(prefix));
  out.write_byte(is_cidr ? 1 : 0);
  out.write_byte(static_cast<std::uint8_t>(address->size()));
  out.write_bytes(*address);
  return {};
}

}  // namespace bridge::postgres
