// How one SQLite value lies in a row buffer: a byte for its fundamental type, then its bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/driver/cell_decoder.h"

namespace bridge::sqlite {

/// SQLite's fundamental types with the numbers of its own constants; NULL has no cell bytes.
enum class StoredType : std::uint8_t { kInteger = 1, kReal = 2, kText = 3, kBlob = 4 };

/// The name used in messages; a static string.
constexpr std::string_view to_name(StoredType type) {
  switch (type) {
    case StoredType::kInteger:
      return "INTEGER";
    case StoredType::kReal:
      return "REAL";
    case StoredType::kText:
      return "TEXT";
    case StoredType::kBlob:
      return "BLOB";
  }
  return "unknown";
}

/// A cell that is not NULL, read. Borrows the cell's bytes.
class StoredCell {
 public:
  explicit StoredCell(driver::Cell cell) : bytes_(cell.span()) {}

  StoredType type() const { return static_cast<StoredType>(bytes_[0]); }
  ByteSpan payload() const { return bytes_.subspan(1); }
  std::string_view text() const { return to_text(payload()); }
  std::int64_t integer() const { return load<std::int64_t>(); }
  double real() const { return load<double>(); }

 private:
  template <typename Number>
  Number load() const {
    Number number{};
    std::memcpy(&number, bytes_.data() + 1, sizeof(number));
    return number;
  }

  ByteSpan bytes_;
};

}  // namespace bridge::sqlite
