// Writes key parts as tagless bytes: parts of one model always have the same types, so they need no tags.
#include "bindings/row_key.h"

#include <array>
#include <bit>

namespace bridge::python {

void RowKeyWriter::add(const types::Value& value) {
  using types::StorageType;
  Status added;
  switch (value.type) {
    case StorageType::kBool:
    case StorageType::kInt16:
    case StorageType::kInt32:
    case StorageType::kInt64:
    case StorageType::kDate:
    case StorageType::kTime:
    case StorageType::kTimestamp:
    case StorageType::kTimestampUtc:
      added = add_integer(value.integer);
      break;
    case StorageType::kFloat64:
      added = on_real(value.real);
      break;
    case StorageType::kDecimal:
      added = on_decimal(value.text);
      break;
    case StorageType::kInterval:
      added = on_interval(value.interval);
      break;
    case StorageType::kUuid:
      added = on_uuid(value.uuid);
      break;
    case StorageType::kText:
    case StorageType::kBytes:
    case StorageType::kJson:
    case StorageType::kInet:
    case StorageType::kArray:
      added = add_text(value.text);
      break;
  }
  static_cast<void>(added);  // writing a part of a non-array type never fails
}

Status RowKeyWriter::on_real(double value) { return add_integer(std::bit_cast<std::int64_t>(value)); }

Status RowKeyWriter::on_decimal(std::string_view digits) {
  // 1.50 and 1.5 are one key.
  if (digits.find('.') != std::string_view::npos) {
    while (digits.ends_with('0')) digits.remove_suffix(1);
    if (digits.ends_with('.')) digits.remove_suffix(1);
  }
  return add_text(digits);
}

Status RowKeyWriter::on_interval(types::Interval value) {
  is_single_ = false;
  BRIDGE_RETURN_IF_ERROR(add_integer(value.months));
  BRIDGE_RETURN_IF_ERROR(add_integer(value.days));
  return add_integer(value.microseconds);
}

Status RowKeyWriter::on_uuid(const types::UuidBytes& value) {
  // SAFETY: char may alias any object
  key_.bytes.append(reinterpret_cast<const char*>(value.data()), value.size());
  return {};
}

Status RowKeyWriter::add_integer(std::int64_t number) {
  if (is_single_) {
    key_.is_number = true;
    key_.number = number;
    return {};
  }
  const auto raw = std::bit_cast<std::array<char, sizeof(number)>>(number);
  key_.bytes.append(raw.data(), raw.size());
  return {};
}

Status RowKeyWriter::add_text(std::string_view text) {
  const auto size = std::bit_cast<std::array<char, sizeof(std::size_t)>>(text.size());
  key_.bytes.append(size.data(), size.size());
  key_.bytes.append(text);
  return {};
}

}  // namespace bridge::python
