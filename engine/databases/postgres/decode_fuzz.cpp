// Fuzzes the readers of binary cells: the first byte chooses the reader, the second an array's elements, the
// rest is the cell.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "engine/databases/postgres/decode.h"
#include "engine/types/utf8.h"

namespace {

using namespace bridge;  // NOLINT(google-build-using-namespace): a program of its own

void demand(bool holds) {
  if (!holds) std::abort();
}

/// Plain decimal notation of any length: the server's numbers may be longer than what `types::Decimal`
/// computes with.
bool is_plain(std::string_view digits) {
  if (digits.starts_with('-')) digits.remove_prefix(1);
  const auto take_digits = [&digits] {
    const std::size_t end = digits.find_first_not_of("0123456789");
    const std::size_t count = end == std::string_view::npos ? digits.size() : end;
    digits.remove_prefix(count);
    return count > 0;
  };
  if (!take_digits()) return false;
  if (digits.empty()) return true;
  if (digits[0] != '.') return false;
  digits.remove_prefix(1);
  return take_digits() && digits.empty();
}

/// Holds what it is shown against the promises of CellVisitor.
class Examiner final : public driver::CellVisitor {
 public:
  Status on_null() override { return {}; }
  Status on_bool(bool) override { return {}; }
  Status on_integer(std::int64_t) override { return {}; }
  Status on_real(double) override { return {}; }
  Status on_decimal(std::string_view digits) override {
    demand(digits == "NaN" || is_plain(digits));
    return {};
  }
  Status on_text(std::string_view text) override { return read(text); }
  Status on_bytes(ByteSpan bytes) override {
    for (const std::byte byte : bytes) sum_ += std::to_integer<unsigned>(byte);
    return {};
  }
  Status on_date(std::int64_t) override { return {}; }
  Status on_time(std::int64_t) override { return {}; }
  Status on_timestamp(std::int64_t) override { return {}; }
  Status on_timestamp_utc(std::int64_t) override { return {}; }
  Status on_interval(types::Interval) override { return {}; }
  Status on_uuid(const types::UuidBytes&) override { return {}; }
  Status on_json(std::string_view text) override { return read(text); }
  Status on_inet(std::string_view text) override { return read(text); }
  Status on_array_begin(std::size_t) override { return {}; }
  Status on_array_end() override { return {}; }

 private:
  static Status read(std::string_view text) {
    demand(types::is_valid_utf8(text));
    return {};
  }
  unsigned sum_ = 0;
};

constexpr std::array<driver::DecodeCell, 27> kReaders{
    postgres::decode_bool,
    postgres::decode_int2,
    postgres::decode_int4,
    postgres::decode_int8,
    postgres::decode_int2_as_real,
    postgres::decode_int4_as_real,
    postgres::decode_int2_as_decimal,
    postgres::decode_int4_as_decimal,
    postgres::decode_int8_as_decimal,
    postgres::decode_oid,
    postgres::decode_float4,
    postgres::decode_float8,
    postgres::decode_numeric_cell,
    postgres::decode_text,
    postgres::decode_user_text,
    postgres::decode_char,
    postgres::decode_bytea,
    postgres::decode_date,
    postgres::decode_time,
    postgres::decode_timestamp,
    postgres::decode_timestamp_utc,
    postgres::decode_interval,
    postgres::decode_uuid,
    postgres::decode_json,
    postgres::decode_jsonb,
    postgres::decode_inet_cell,
    postgres::decode_array,
};

constexpr std::array kElements{
    types::StorageType::kBool,     types::StorageType::kInt16,     types::StorageType::kInt32,
    types::StorageType::kInt64,    types::StorageType::kFloat64,   types::StorageType::kDecimal,
    types::StorageType::kText,     types::StorageType::kBytes,     types::StorageType::kDate,
    types::StorageType::kTime,     types::StorageType::kTimestamp, types::StorageType::kTimestampUtc,
    types::StorageType::kInterval, types::StorageType::kUuid,      types::StorageType::kJson,
    types::StorageType::kInet,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  constexpr std::size_t kChoices = 2;
  if (size < kChoices) return 0;
  driver::ResultColumn column;
  column.name = "fuzzed";
  column.type = {.storage = types::StorageType::kArray, .element = kElements[bytes[1] % kElements.size()]};
  const ByteSpan cell = std::as_bytes(std::span(bytes + kChoices, size - kChoices));
  Examiner examiner;
  // any answer is right that breaks no promise
  static_cast<void>(kReaders[bytes[0] % kReaders.size()](
      {cell.data(), static_cast<std::int32_t>(cell.size())}, column, examiner));
  return 0;
}
