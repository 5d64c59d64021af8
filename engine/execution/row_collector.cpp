// Keeps a whole result as values.
#include "engine/execution/row_collector.h"

namespace bridge::execution {
namespace {

using types::StorageType;
using types::Value;

/// Makes a value of one cell; inside an array, of each element.
class ValueMaker final : public driver::CellVisitor {
 public:
  explicit ValueMaker(const types::ColumnType& type) : type_(type), value_(Value::null(type.storage)) {}

  Value take() { return std::move(value_); }

  Status on_null() override { return put(Value::null(type_.element)); }
  Status on_bool(bool value) override { return put(Value::of_bool(value)); }
  Status on_integer(std::int64_t value) override { return put(Value::of_integer(scalar_type(), value)); }
  Status on_real(double value) override { return put(Value::of_real(value)); }
  Status on_decimal(std::string_view digits) override { return put_text(StorageType::kDecimal, digits); }
  Status on_text(std::string_view text) override { return put_text(StorageType::kText, text); }
  Status on_bytes(ByteSpan bytes) override {
    // SAFETY: any object may be looked at as characters.
    const auto* characters = reinterpret_cast<const char*>(bytes.data());
    return put_text(StorageType::kBytes, {characters, bytes.size()});
  }
  Status on_date(std::int64_t days) override { return put(Value::of_integer(StorageType::kDate, days)); }
  Status on_time(std::int64_t microseconds) override {
    return put(Value::of_integer(StorageType::kTime, microseconds));
  }
  Status on_timestamp(std::int64_t microseconds) override {
    return put(Value::of_integer(StorageType::kTimestamp, microseconds));
  }
  Status on_timestamp_utc(std::int64_t microseconds) override {
    return put(Value::of_integer(StorageType::kTimestampUtc, microseconds));
  }
  Status on_interval(types::Interval value) override { return put(Value::of_interval(value)); }
  Status on_uuid(const types::UuidBytes& value) override { return put(Value::of_uuid(value)); }
  Status on_json(std::string_view text) override { return put_text(StorageType::kJson, text); }
  Status on_inet(std::string_view text) override { return put_text(StorageType::kInet, text); }
  Status on_array_begin(std::size_t count) override {
    value_ = Value::of_array(type_.element, {});
    value_.elements.reserve(count);
    is_in_array_ = true;
    return {};
  }
  Status on_array_end() override {
    is_in_array_ = false;
    return {};
  }

 private:
  /// Integers of all widths arrive by one call; the column says which it is.
  StorageType scalar_type() const { return is_in_array_ ? type_.element : type_.storage; }

  Status put(Value value) {
    if (is_in_array_) {
      value_.elements.push_back(std::move(value));
    } else {
      value_ = std::move(value);
    }
    return {};
  }
  Status put_text(StorageType type, std::string_view text) {
    return put(Value::of_text(type, std::string(text)));
  }

  const types::ColumnType& type_;
  Value value_;
  bool is_in_array_ = false;
};

Result<Value> to_value(driver::Cell cell, const driver::ResultColumn& column) {
  if (cell.is_null()) return Value::null(column.type.storage);
  ValueMaker maker(column.type);
  BRIDGE_RETURN_IF_ERROR(column.decode(cell, column, maker));
  return maker.take();
}

}  // namespace

Status RowCollector::on_columns(std::span<const driver::ResultColumn> columns) {
  result_.columns.clear();
  for (const driver::ResultColumn& column : columns) result_.columns.push_back(column.name);
  return {};
}

Status RowCollector::on_batch(const driver::RowBatch& batch) {
  for (std::size_t index = 0; index < batch.row_count(); ++index) {
    const std::span<const driver::Cell> cells = batch.row(index);
    Row row;
    row.reserve(cells.size());
    for (std::size_t column = 0; column < cells.size(); ++column) {
      BRIDGE_ASSIGN_OR_RETURN(Value value, to_value(cells[column], batch.columns[column]));
      row.push_back(std::move(value));
    }
    result_.rows.push_back(std::move(row));
  }
  return {};
}

}  // namespace bridge::execution
