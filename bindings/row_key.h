// How the parts of a key become one comparable identity, from values as from cells.
#pragma once

#include <cstdint>
#include <string_view>

#include "bindings/identity_map.h"
#include "bindings/model_plan.h"
#include "engine/driver/cell_decoder.h"

namespace bridge::python {

/// Collects key parts. As a visitor it reads them straight from cells, without a Python object.
class RowKeyWriter final : public driver::CellVisitor {
 public:
  RowKeyWriter(const ModelPlan& plan, RowKey& key) : key_(key), is_single_(plan.key.size() == 1) {
    key_.clear();
  }
  /// For parts that stand in the key's bytes, whatever they are.
  explicit RowKeyWriter(RowKey& key) : key_(key), is_single_(false) { key_.clear(); }

  /// Adds the next part; not NULL.
  void add(const types::Value& value);

  Status on_null() override { return make_error(ErrorCode::kDecode, "a key is NULL"); }
  Status on_bool(bool value) override { return add_integer(value ? 1 : 0); }
  Status on_integer(std::int64_t value) override { return add_integer(value); }
  Status on_real(double value) override;
  Status on_decimal(std::string_view digits) override;
  Status on_text(std::string_view text) override { return add_text(text); }
  Status on_bytes(ByteSpan bytes) override { return add_text(to_text(bytes)); }
  Status on_date(std::int64_t days) override { return add_integer(days); }
  Status on_time(std::int64_t microseconds) override { return add_integer(microseconds); }
  Status on_timestamp(std::int64_t microseconds) override { return add_integer(microseconds); }
  Status on_timestamp_utc(std::int64_t microseconds) override { return add_integer(microseconds); }
  Status on_interval(types::Interval value) override;
  Status on_uuid(const types::UuidBytes& value) override;
  Status on_json(std::string_view text) override { return add_text(text); }
  Status on_inet(std::string_view text) override { return add_text(text); }
  Status on_array_begin(std::size_t) override { return make_error(ErrorCode::kDecode, "an array is no key"); }
  Status on_array_end() override { return make_error(ErrorCode::kDecode, "an array is no key"); }

 private:
  Status add_integer(std::int64_t number);
  /// Its length stands before it, so that two parts never run together.
  Status add_text(std::string_view text);

  RowKey& key_;
  bool is_single_;
};

}  // namespace bridge::python
