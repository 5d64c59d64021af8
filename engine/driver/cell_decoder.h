// How bytes of one cell reach whoever makes a value of them.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/types/storage_type.h"
#include "engine/types/value.h"

namespace bridge::driver {

/// Receives one decoded value. A visitor answers `kDecode` for every kind it does not expect. Views are valid
/// during the call. `on_text` has checked UTF-8. `on_decimal` gets plain decimal text. Temporal kinds use the
/// units of `types::Value`.
class CellVisitor {
 public:
  virtual ~CellVisitor() = default;
  virtual Status on_null() = 0;
  virtual Status on_bool(bool value) = 0;
  virtual Status on_integer(std::int64_t value) = 0;
  virtual Status on_real(double value) = 0;
  virtual Status on_decimal(std::string_view digits) = 0;
  virtual Status on_text(std::string_view text) = 0;
  virtual Status on_bytes(ByteSpan bytes) = 0;
  virtual Status on_date(std::int64_t days) = 0;
  virtual Status on_time(std::int64_t microseconds) = 0;
  virtual Status on_timestamp(std::int64_t microseconds) = 0;
  virtual Status on_timestamp_utc(std::int64_t microseconds) = 0;
  virtual Status on_interval(types::Interval value) = 0;
  virtual Status on_uuid(const types::UuidBytes& value) = 0;
  virtual Status on_json(std::string_view text) = 0;
  virtual Status on_inet(std::string_view text) = 0;
  /// An array begins: `count` elements follow, each as one call of the above, then `on_array_end`.
  virtual Status on_array_begin(std::size_t count) = 0;
  virtual Status on_array_end() = 0;
};

/// One value as it came: bytes in the connection's buffer. `length` < 0 means NULL.
struct Cell {
  const std::byte* bytes = nullptr;
  std::int32_t length = -1;

  bool is_null() const { return length < 0; }
  ByteSpan span() const { return {bytes, static_cast<std::size_t>(length)}; }
};

struct ResultColumn;

/// Turns a cell that is not NULL into one visit. A plain function: chosen once per column and result, called
/// per cell.
using DecodeCell = Status (*)(Cell cell, const ResultColumn& column, CellVisitor& visitor);

}  // namespace bridge::driver
