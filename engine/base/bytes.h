// Checked reading and writing of wire bytes: the only place where lengths are narrowed.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"

namespace bridge {

using ByteSpan = std::span<const std::byte>;

inline ByteSpan to_bytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }
inline std::string_view to_text(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};  // SAFETY: char may alias any object
}

/// Narrows an integer, or nothing: never wraps.
template <std::integral To, std::integral From>
constexpr bool narrow(From from, To& to) {
  if (!std::in_range<To>(from)) return false;
  to = static_cast<To>(from);
  return true;
}

/// Integer from big-endian bytes. `at` must hold sizeof(T) bytes.
template <std::integral T>
T load_big_endian(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  if constexpr (sizeof(T) == 1)
    return value;
  else if constexpr (std::endian::native == std::endian::big)
    return value;
  else if constexpr (sizeof(T) == 2)
    return static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
  else if constexpr (sizeof(T) == 4)
    return static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  else
    return static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
}

/// Integer from little-endian bytes. `at` must hold sizeof(T) bytes.
template <std::integral T>
T load_little_endian(const std::byte* at) {
  if constexpr (std::endian::native == std::endian::little) {
    T value;
    std::memcpy(&value, at, sizeof(T));
    return value;
  } else {
    std::byte reversed[sizeof(T)];
    for (std::size_t index = 0; index < sizeof(T); ++index) reversed[index] = at[sizeof(T) - 1 - index];
    return load_big_endian<T>(reversed);
  }
}

/// Walks over received bytes; a read past the end turns the reader "failed" and yields zeroes, so that a
/// parser checks once at its end. Borrows the bytes. Not thread safe.
class ByteReader {
 public:
  explicit ByteReader(ByteSpan bytes) : bytes_(bytes) {}

  bool has_failed() const { return failed_; }
  /// For a parser that met what cannot be: everything read from now on is zero.
  void fail() { failed_ = true; }
  std::size_t remaining() const { return bytes_.size() - position_; }
  bool is_at_end() const { return !failed_ && remaining() == 0; }

  template <std::integral T>
  T read_big_endian() {
    if (!claim(sizeof(T))) return T{};
    return load_big_endian<T>(bytes_.data() + position_ - sizeof(T));
  }
  template <std::integral T>
  T read_little_endian() {
    if (!claim(sizeof(T))) return T{};
    return load_little_endian<T>(bytes_.data() + position_ - sizeof(T));
  }
  std::uint8_t read_byte() { return read_big_endian<std::uint8_t>(); }
  ByteSpan read_bytes(std::size_t size) {
    if (!claim(size)) return {};
    return bytes_.subspan(position_ - size, size);
  }
  ByteSpan read_rest() { return read_bytes(failed_ ? 0 : remaining()); }
  /// Text up to a NUL, which is consumed and not part of it.
  std::string_view read_c_string() {
    const std::string_view rest = to_text(bytes_.subspan(position_));
    const std::size_t end = rest.find('\0');
    if (failed_ || end == std::string_view::npos) {
      failed_ = true;
      return {};
    }
    position_ += end + 1;
    return rest.substr(0, end);
  }

 private:
  bool claim(std::size_t size) {
    if (failed_ || size > remaining()) {
      failed_ = true;
      return false;
    }
    position_ += size;
    return true;
  }

  ByteSpan bytes_;
  std::size_t position_ = 0;
  bool failed_ = false;
};

/// Appends wire bytes to a buffer it owns. Not thread safe.
class ByteWriter {
 public:
  template <std::integral T>
  void write_big_endian(T value) {
    std::byte raw[sizeof(T)];
    store_big_endian(raw, value);
    buffer_.insert(buffer_.end(), raw, raw + sizeof(T));
  }
  template <std::integral T>
  void write_little_endian(T value) {
    // The bytes of the big-endian form in reverse are little-endian on any machine.
    std::byte raw[sizeof(T)];
    store_big_endian(raw, value);
    buffer_.insert(buffer_.end(), std::rbegin(raw), std::rend(raw));
  }
  void write_byte(std::uint8_t value) { buffer_.push_back(static_cast<std::byte>(value)); }
  void write_bytes(ByteSpan bytes) { buffer_.insert(buffer_.end(), bytes.begin(), bytes.end()); }
  void write_text(std::string_view text) { write_bytes(to_bytes(text)); }
  void write_c_string(std::string_view text) {
    write_text(text);
    write_byte(0);
  }
  /// Leaves room for a 32-bit length to be filled in by `fill_length`; returns its place.
  std::size_t reserve_length() {
    buffer_.resize(buffer_.size() + sizeof(std::int32_t));
    return buffer_.size() - sizeof(std::int32_t);
  }
  /// Writes the count of bytes from `place + offset` to the end. False when it does not fit 31 bits: nothing
  /// may be sent then.
  [[nodiscard]] bool fill_length(std::size_t place, std::size_t offset) {
    std::int32_t length = 0;
    if (!narrow(buffer_.size() - place - offset, length)) return false;
    store_big_endian(buffer_.data() + place, length);
    return true;
  }

  /// Replaces sizeof(T) bytes at `place`, which have been written before.
  template <std::integral T>
  void overwrite_little_endian(std::size_t place, T value) {
    std::byte raw[sizeof(T)];
    store_big_endian(raw, value);
    std::reverse_copy(std::begin(raw), std::end(raw), buffer_.begin() + static_cast<std::ptrdiff_t>(place));
  }

  std::size_t size() const { return buffer_.size(); }
  ByteSpan view() const { return buffer_; }
  void clear() { buffer_.clear(); }
  void truncate(std::size_t size) { buffer_.resize(size); }
  std::vector<std::byte> take() { return std::exchange(buffer_, {}); }

 private:
  template <std::integral T>
  static void store_big_endian(std::byte* at, T value) {
    const T ordered = load_big_endian<T>(
        reinterpret_cast<const std::byte*>(&value));  // SAFETY: reads the bytes of a live integer
    std::memcpy(at, &ordered, sizeof(T));
  }

  std::vector<std::byte> buffer_;
};

}  // namespace bridge
