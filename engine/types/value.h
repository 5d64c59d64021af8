// One typed value on its way to a database.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/types/storage_type.h"

namespace bridge::types {

inline constexpr std::size_t kUuidSize = 16;  // RFC 9562: 128 bits

/// Sixteen bytes in network order.
using UuidBytes = std::array<std::uint8_t, kUuidSize>;

/// Months and days are kept apart from time, as their lengths vary.
struct Interval {
  std::int32_t months = 0;
  std::int32_t days = 0;
  std::int64_t microseconds = 0;
  bool operator==(const Interval&) const = default;
};

/// A value of a storage type, or NULL. Which member counts follows from `type`:
///   integer      kBool (0/1), kInt16..kInt64, kDate (days since 1970-01-01), kTime (µs since midnight),
///                kTimestamp and kTimestampUtc (µs since 1970-01-01, the latter in UTC)
///   real         kFloat64
///   text         kText and kJson (UTF-8), kDecimal (plain decimal text: `-12.340`, `NaN`),
///                kInet (`192.0.2.1/24`), kBytes (raw bytes)
///   uuid         kUuid
///   interval     kInterval
///   elements     kArray, each of type `element` or NULL
/// Has been checked against its column before it is made. Copyable; not thread safe.
struct Value {
  StorageType type = StorageType::kText;
  bool is_null = true;
  StorageType element = StorageType::kText;
  std::int64_t integer = 0;
  double real = 0;
  std::string text{};
  UuidBytes uuid{};
  Interval interval{};
  std::vector<Value> elements{};

  static Value null(StorageType type) { return Value{.type = type}; }
  static Value of_integer(StorageType type, std::int64_t number) {
    return Value{.type = type, .is_null = false, .integer = number};
  }
  static Value of_bool(bool flag) { return of_integer(StorageType::kBool, flag ? 1 : 0); }
  static Value of_int64(std::int64_t number) { return of_integer(StorageType::kInt64, number); }
  static Value of_real(double number) {
    return Value{.type = StorageType::kFloat64, .is_null = false, .real = number};
  }
  static Value of_text(std::string characters) { return of_text(StorageType::kText, std::move(characters)); }
  static Value of_text(StorageType type, std::string characters) {
    return Value{.type = type, .is_null = false, .text = std::move(characters)};
  }
  static Value of_uuid(const UuidBytes& bytes) {
    return Value{.type = StorageType::kUuid, .is_null = false, .uuid = bytes};
  }
  static Value of_interval(Interval span) {
    return Value{.type = StorageType::kInterval, .is_null = false, .interval = span};
  }
  static Value of_array(StorageType element, std::vector<Value> members) {
    return Value{
        .type = StorageType::kArray, .is_null = false, .element = element, .elements = std::move(members)};
  }
};

}  // namespace bridge::types
