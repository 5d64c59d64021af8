// protocol: MySQL, Binary Protocol Resultset Row and Binary Protocol Value
#include "engine/databases/mysql/wire/rows.h"

#include <limits>

#include "engine/databases/mysql/wire/packet.h"

namespace bridge::mysql::wire {
namespace {

constexpr std::size_t kNullBitsOffset = 2;  // of a row's bitmap, by the manual
constexpr std::size_t kBitsPerByte = 8;

bool is_null(ByteSpan bitmap, std::size_t column) {
  const std::size_t bit = column + kNullBitsOffset;
  return (std::to_integer<unsigned>(bitmap[bit / kBitsPerByte]) >> (bit % kBitsPerByte) & 1U) != 0;
}

ByteSpan read_value(ByteReader& reader, FieldType type) {
  constexpr std::size_t kTwo = 2;
  constexpr std::size_t kFour = 4;
  constexpr std::size_t kEight = 8;
  switch (type) {
    case FieldType::kTiny:
      return reader.read_bytes(1);
    case FieldType::kShort:
    case FieldType::kYear:
      return reader.read_bytes(kTwo);
    case FieldType::kLong:
    case FieldType::kMedium:
    case FieldType::kFloat:
      return reader.read_bytes(kFour);
    case FieldType::kLongLong:
    case FieldType::kDouble:
      return reader.read_bytes(kEight);
    case FieldType::kDate:
    case FieldType::kDateTime:
    case FieldType::kTimestamp:
    case FieldType::kTime:
      return reader.read_bytes(reader.read_byte());
    case FieldType::kNull:
      return {};
    default:  // everything else is counted, also what types of the future will have
      return read_counted(reader);
  }
}

}  // namespace

bool append_row(ByteSpan payload, const std::vector<FieldType>& shape, std::vector<driver::Cell>& cells) {
  ByteReader reader(payload);
  if (reader.read_byte() != static_cast<std::uint8_t>(Header::kOk)) return false;
  const ByteSpan bitmap =
      reader.read_bytes((shape.size() + kNullBitsOffset + kBitsPerByte - 1) / kBitsPerByte);
  if (reader.has_failed()) return false;
  for (std::size_t column = 0; column < shape.size(); ++column) {
    if (is_null(bitmap, column)) {
      cells.emplace_back();
      continue;
    }
    const ByteSpan value = read_value(reader, shape[column]);
    std::int32_t length = 0;
    if (reader.has_failed() || !narrow(value.size(), length)) return false;
    cells.push_back({value.data(), length});
  }
  return reader.is_at_end();
}

}  // namespace bridge::mysql::wire
