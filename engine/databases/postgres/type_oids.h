// PostgreSQL's numbers of its built-in types (pg_type.dat), and the epoch its times count from.
#pragma once

#include <cstdint>

namespace bridge::postgres {

// Columns: enumerator, OID, OID of its array type.
#define BRIDGE_POSTGRES_TYPES(X) \
  X(kBool, 16, 1000)             \
  X(kBytea, 17, 1001)            \
  X(kChar, 18, 1002)             \
  X(kName, 19, 1003)             \
  X(kInt8, 20, 1016)             \
  X(kInt2, 21, 1005)             \
  X(kInt4, 23, 1007)             \
  X(kRegProc, 24, 1008)          \
  X(kText, 25, 1009)             \
  X(kOid, 26, 1028)              \
  X(kXid, 28, 1011)              \
  X(kJson, 114, 199)             \
  X(kXml, 142, 143)              \
  X(kCidr, 650, 651)             \
  X(kFloat4, 700, 1021)          \
  X(kFloat8, 701, 1022)          \
  X(kUnknown, 705, 0)            \
  X(kInet, 869, 1041)            \
  X(kBpchar, 1042, 1014)         \
  X(kVarchar, 1043, 1015)        \
  X(kDate, 1082, 1182)           \
  X(kTime, 1083, 1183)           \
  X(kTimestamp, 1114, 1115)      \
  X(kTimestampTz, 1184, 1185)    \
  X(kInterval, 1186, 1187)       \
  X(kNumeric, 1700, 1231)        \
  X(kRegClass, 2205, 2210)       \
  X(kRegType, 2206, 2211)        \
  X(kVoid, 2278, 0)              \
  X(kUuid, 2950, 2951)           \
  X(kJsonb, 3802, 3807)

/// Numbers of the built-in types in pg_type, the same on every server.
enum class Oid : std::uint32_t {
#define BRIDGE_ENUMERATOR(enumerator, oid, array) enumerator = oid,
  BRIDGE_POSTGRES_TYPES(BRIDGE_ENUMERATOR)
#undef BRIDGE_ENUMERATOR
};

inline constexpr std::uint32_t kNoOid = 0;
/// Types made by users have numbers from here on (FirstNormalObjectId): enums, domains, extensions.
inline constexpr std::uint32_t kFirstUserOid = 16'384;

/// The element type of a built-in array type, or kNoOid.
constexpr std::uint32_t element_of(std::uint32_t array) {
  if (array == kNoOid) return kNoOid;
#define BRIDGE_ELEMENT(enumerator, oid, array_oid) \
  if (array == array_oid) return oid;
  BRIDGE_POSTGRES_TYPES(BRIDGE_ELEMENT)
#undef BRIDGE_ELEMENT
  return kNoOid;
}

/// The array type of a built-in type, or kNoOid.
constexpr std::uint32_t array_of(std::uint32_t element) {
#define BRIDGE_ARRAY(enumerator, oid, array_oid) \
  if (element == oid) return array_oid;
  BRIDGE_POSTGRES_TYPES(BRIDGE_ARRAY)
#undef BRIDGE_ARRAY
  return kNoOid;
}

/// Days from 1970-01-01 to 2000-01-01, where PostgreSQL's dates and times begin.
inline constexpr std::int64_t kEpochDays = 10'957;
inline constexpr std::int64_t kMicrosecondsPerDay = 86'400'000'000;
inline constexpr std::int64_t kEpochMicroseconds = kEpochDays * kMicrosecondsPerDay;
/// 0001-01-01 and 9999-12-31 in days since 1970-01-01: what a date can be read as.
inline constexpr std::int64_t kFirstDay = -719'162;
inline constexpr std::int64_t kLastDay = 2'932'896;

}  // namespace bridge::postgres
