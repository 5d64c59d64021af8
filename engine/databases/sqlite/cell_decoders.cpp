// One plain function per storage type; each refuses what it does not expect.
#include "engine/databases/sqlite/cell_decoders.h"

#include <limits>

#include "engine/databases/sqlite/stored_cell.h"
#include "engine/driver/array_text.h"
#include "engine/types/datetime.h"
#include "engine/types/decimal.h"
#include "engine/types/interval.h"
#include "engine/types/json_text.h"
#include "engine/types/utf8.h"

namespace bridge::sqlite {
namespace {

using driver::Cell;
using driver::CellVisitor;
using driver::ResultColumn;
using types::StorageType;

Error wrong_affinity(const StoredCell& cell, const ResultColumn& column) {
  return make_error(ErrorCode::kDecode,
                    "column \"" + column.name + "\" holds a stored " + std::string(to_name(cell.type())) +
                        " where " + std::string(types::to_name(column.type.storage)) + " is expected");
}

Error wrong_form(const StoredCell& cell, const ResultColumn& column, std::string_view problem) {
  return make_error(ErrorCode::kDecode, "column \"" + column.name + "\" holds a stored " +
                                            std::string(to_name(cell.type())) + " that is no " +
                                            std::string(types::to_name(column.type.storage)) + ": " +
                                            std::string(problem));
}

Status decode_bool(Cell raw, const ResultColumn& column, CellVisitor& visitor) {
  const StoredCell cell(raw);
  if (cell.type() != StoredType::kInteger) return wrong_affinity(cell, column);
  const std::int64_t number = cell.integer();
  if (number != 0 && number != 1) return wrong_form(cell, column, "neither 0 nor 1");
  return visitor.on_bool(number == 1);
}

template <typename Width>
Status decode_integer(Cell raw, const ResultColumn& column, CellVisitor& visitor) {
  const StoredCell cell(raw);
  if (cell.type() != StoredType::kInteger) return wrong_affinity(cell, column);
  const std::int64_t number = cell.integer();
  if (!std::in_range<Width>(number)) return wrong_form(cell, column, "out of range");
  return visitor.on_integer(number);
}

/// From here on a double steps over whole numbers.
constexpr std::int64_t kLargestExactInteger = std::int64_t{1} << 53;

Status decode_real(Cell raw, const ResultColumn& column, CellVisitor& visitor) {
  const StoredCell cell(raw);
  // RETURNING of an update gives whole numbers of a REAL column as the integers they are kept as.
  if (cell.type() == StoredType::kInteger) {
    const std::int64_t whole = cell.integer();
    if (whole > kLargestExactInteger || whole < -kLargestExactInteger)
      return wrong_form(cell, column, "no exact real number");
    return visitor.on_real(static_cast<double>(whole));
  }
  if (cell.type() != StoredType::kReal) return wrong_affinity(cell, column);
  return visitor.on_real(cell.real());
}

Status decode_decimal(Cell raw, const ResultColumn& column, CellVisitor& visitor) {
  const StoredCell cell(raw);
  // exact: a sum of counts, say
  if (cell.type() == StoredType::kInteger) return visitor.on_decimal(std::to_string(cell.integer()));
  if (cell.type() != StoredType::kText) return wrong_affinity(cell, column);
  if (!types::is_plain_decimal(cell.text())) return wrong_form(cell, column, "not in plain decimal notation");
  return visitor.on_decimal(cell.text());
}

/// Checked text, or the reason why not.
template <Status (CellVisitor::*kVisit)(std::string_view)>
Status decode_text(Cell raw, const ResultColumn& column, CellVisitor& visitor) {
  const StoredCell cell(raw);
  if (cell.type() != StoredType::kText) return wrong_affinity(cell, column);
  if (!types::is_valid_utf8(cell.text())) return wrong_form(cell, column, "not valid UTF-8");
  return (visitor.*kVisit)(cell.text());
}

Status decode_json(Cell raw, const ResultColumn& column, CellVisitor& visitor) {
  const StoredCell cell(raw);
  if (cell.type() != StoredType::kText) return wrong_affinity(cell, column);
  const Status check = types::check_json(cell.text());
  if (!check) return wrong_form(cell, column, check.error().message());
  return visitor.on_json(cell.text());
}

Status decode_bytes(Cell raw, const ResultColumn& column, CellVisitor& visitor) {
  const StoredCell cell(raw);
  if (cell.type() != StoredType::kBlob) return wrong_affinity(cell, column);
  return visitor.on_bytes(cell.payload());
}

using Parse = Result<std::int64_t> (*)(std::string_view);

/// The one place that reads ISO text; `kVisit` says what kind of moment it is.
template <Parse kParse, Status (CellVisitor::*kVisit)(std::int64_t)>
Status decode_moment(Cell raw, const ResultColumn& column, CellVisitor& visitor) {
  const StoredCell cell(raw);
  if (cell.type() != StoredType::kText) return wrong_affinity(cell, column);
  const auto moment = kParse(cell.text());
  if (!moment) return wrong_form(cell, column, moment.error().message());
  return (visitor.*kVisit)(*moment);
}

Status decode_interval(Cell raw, const ResultColumn& column, CellVisitor& visitor) {
  const StoredCell cell(raw);
  if (cell.type() != StoredType::kInteger) return wrong_affinity(cell, column);
  const auto interval = types::to_interval(cell.integer());
  if (!interval) return wrong_form(cell, column, interval.error().message());
  return visitor.on_interval(*interval);
}

Status decode_uuid(Cell raw, const ResultColumn& column, CellVisitor& visitor) {
  const StoredCell cell(raw);
  if (cell.type() != StoredType::kBlob) return wrong_affinity(cell, column);
  types::UuidBytes uuid{};
  if (cell.payload().size() != uuid.size()) return wrong_form(cell, column, "not sixteen bytes");
  std::memcpy(uuid.data(), cell.payload().data(), uuid.size());
  return visitor.on_uuid(uuid);
}

Status decode_array(Cell raw, const ResultColumn& column, CellVisitor& visitor) {
  const StoredCell cell(raw);
  if (cell.type() != StoredType::kText) return wrong_affinity(cell, column);
  const auto elements = driver::parse_array(cell.text(), column.type.element);
  if (!elements) return wrong_form(cell, column, elements.error().message());
  return driver::visit_array(*elements, visitor);
}

Status decode_fundamental(Cell raw, const ResultColumn& column, CellVisitor& visitor) {
  const StoredCell cell(raw);
  switch (cell.type()) {
    case StoredType::kInteger:
      return visitor.on_integer(cell.integer());
    case StoredType::kReal:
      return visitor.on_real(cell.real());
    case StoredType::kBlob:
      return visitor.on_bytes(cell.payload());
    case StoredType::kText:
      break;
  }
  if (!types::is_valid_utf8(cell.text())) return wrong_form(cell, column, "not valid UTF-8");
  return visitor.on_text(cell.text());
}

}  // namespace

driver::DecodeCell find_decoder(StorageType type) {
  switch (type) {
    case StorageType::kBool:
      return decode_bool;
    case StorageType::kInt16:
      return decode_integer<std::int16_t>;
    case StorageType::kInt32:
      return decode_integer<std::int32_t>;
    case StorageType::kInt64:
      return decode_integer<std::int64_t>;
    case StorageType::kFloat64:
      return decode_real;
    case StorageType::kDecimal:
      return decode_decimal;
    case StorageType::kText:
      return decode_text<&CellVisitor::on_text>;
    case StorageType::kBytes:
      return decode_bytes;
    case StorageType::kDate:
      return decode_moment<types::parse_date, &CellVisitor::on_date>;
    case StorageType::kTime:
      return decode_moment<types::parse_time, &CellVisitor::on_time>;
    case StorageType::kTimestamp:
      return decode_moment<types::parse_timestamp, &CellVisitor::on_timestamp>;
    case StorageType::kTimestampUtc:
      return decode_moment<types::parse_timestamp_utc, &CellVisitor::on_timestamp_utc>;
    case StorageType::kInterval:
      return decode_interval;
    case StorageType::kUuid:
      return decode_uuid;
    case StorageType::kJson:
      return decode_json;
    case StorageType::kInet:
      return decode_text<&CellVisitor::on_inet>;
    case StorageType::kArray:
      return decode_array;
  }
  return decode_fundamental;
}

driver::DecodeCell fundamental_decoder() { return decode_fundamental; }

}  // namespace bridge::sqlite
