// Fills one column: cells go in, Arrow buffers come out.
#pragma once

#include <memory>
#include <string_view>

#include "engine/arrow/table.h"
#include "engine/driver/cell_decoder.h"

namespace bridge::arrow {

/// Receives the cells of one column and lays them out as Arrow buffers. Refuses (kDecode, naming the column)
/// every kind of value its type does not know, and NULL where the type has none. Not thread safe.
class ColumnBuilder : public driver::CellVisitor {
 public:
  explicit ColumnBuilder(Field field) : field_(std::move(field)) {}

  /// What was filled since the last call; the builder is empty afterwards.
  virtual ColumnBuffers finish();
  /// Bytes held now, to tell when a batch is full.
  virtual std::size_t byte_count() const = 0;

  Status on_null() final;
  Status on_bool(bool) override { return refuse(); }
  Status on_integer(std::int64_t) override { return refuse(); }
  Status on_real(double) override { return refuse(); }
  Status on_decimal(std::string_view) override { return refuse(); }
  Status on_text(std::string_view) override { return refuse(); }
  Status on_bytes(ByteSpan) override { return refuse(); }
  Status on_date(std::int64_t) override { return refuse(); }
  Status on_time(std::int64_t) override { return refuse(); }
  Status on_timestamp(std::int64_t) override { return refuse(); }
  Status on_timestamp_utc(std::int64_t) override { return refuse(); }
  Status on_interval(types::Interval) override { return refuse(); }
  Status on_uuid(const types::UuidBytes&) override { return refuse(); }
  Status on_json(std::string_view) override { return refuse(); }
  Status on_inet(std::string_view) override { return refuse(); }
  Status on_array_begin(std::size_t) override { return refuse(); }
  Status on_array_end() override { return refuse(); }

 protected:
  /// Leaves a place for a value that is not there.
  virtual Status append_nothing() = 0;
  /// Hands over the buffers behind the validity bitmap.
  virtual void take_buffers(ColumnBuffers& into) = 0;
  /// Whose NULL it is that comes now, where it is not the column's own: an element's.
  virtual ColumnBuilder* null_target() { return nullptr; }
  void count_value() {
    ++length_;
    if (!validity_.empty()) mark_valid();
  }
  Error fail(std::string_view problem) const;
  const Field& field() const { return field_; }
  const types::ColumnType& type() const { return field_.type; }
  std::int64_t length() const { return length_; }
  std::size_t validity_bytes() const { return validity_.size(); }

 private:
  Status refuse() const;
  void mark_valid();
  void mark_null();

  Field field_;
  std::int64_t length_ = 0;
  std::int64_t null_count_ = 0;
  Buffer validity_;  ///< empty until the first null
};

/// The builder for a field. kUnsupportedFeature as `to_format` says.
Result<std::unique_ptr<ColumnBuilder>> make_builder(const Field& field);

}  // namespace bridge::arrow
