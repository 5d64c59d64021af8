// The closed list of what a column can hold.
#pragma once

#include <cstdint>
#include <string_view>

namespace bridge::types {

// Columns: enumerator, name.
#define BRIDGE_STORAGE_TYPES(X)     \
  X(kBool, "bool")                  \
  X(kInt16, "int16")                \
  X(kInt32, "int32")                \
  X(kInt64, "int64")                \
  X(kFloat64, "float64")            \
  X(kDecimal, "decimal")            \
  X(kText, "text")                  \
  X(kBytes, "bytes")                \
  X(kDate, "date")                  \
  X(kTime, "time")                  \
  X(kTimestamp, "timestamp")        \
  X(kTimestampUtc, "timestamp_utc") \
  X(kInterval, "interval")          \
  X(kUuid, "uuid")                  \
  X(kJson, "json")                  \
  X(kInet, "inet")                  \
  X(kArray, "array")

/// What a column, a parameter or one element of an array holds. The order is stored nowhere, but code
/// relies on it: numbers go from the narrowest to decimal, dates and times stand together.
enum class StorageType : std::uint8_t {
#define BRIDGE_ENUMERATOR(enumerator, name) enumerator,
  BRIDGE_STORAGE_TYPES(BRIDGE_ENUMERATOR)
#undef BRIDGE_ENUMERATOR
};

/// The stable name of a storage type; a static string.
constexpr std::string_view to_name(StorageType type) {
  switch (type) {
#define BRIDGE_NAME(enumerator, name) \
  case StorageType::enumerator:       \
    return name;
    BRIDGE_STORAGE_TYPES(BRIDGE_NAME)
#undef BRIDGE_NAME
  }
  return "unknown";
}

/// The full type of a column, parameter or result. Two are the same type when all fields are equal.
struct ColumnType {
  StorageType storage = StorageType::kText;
  StorageType element = StorageType::kText;  ///< of an array; meaningless elsewhere
  bool is_nullable = false;
  std::uint16_t precision = 0;   ///< decimal: total digits, 0 = unbounded
  std::uint16_t scale = 0;       ///< decimal: digits behind the point
  std::uint32_t max_length = 0;  ///< text: code points, 0 = unbounded

  bool operator==(const ColumnType&) const = default;
};

}  // namespace bridge::types
