// One builder per layout: fixed width, bits, bytes with offsets, lists.
#include "engine/arrow/column_builder.h"

#include <array>
#include <cstring>
#include <utility>

#include "engine/arrow/decimal_width.h"
#include "engine/types/interval.h"

namespace bridge::arrow {
namespace {

constexpr std::size_t kBitsPerByte = 8;

void set_bit(Buffer& bits, std::size_t index) {
  bits[index / kBitsPerByte] |= static_cast<std::byte>(1U << (index % kBitsPerByte));
}

// Makes room for one more bit, which is unset.
void add_bit(Buffer& bits, std::size_t index) { bits.resize(index / kBitsPerByte + 1); }

template <typename Native>
void append(Buffer& buffer, const Native& value) {
  const std::size_t end = buffer.size();
  buffer.resize(end + sizeof(Native));
  std::memcpy(buffer.data() + end, &value, sizeof(Native));
}

/// Integers, reals and moments, each as wide as `Native`.
template <typename Native, types::StorageType kStorage>
class NumberBuilder final : public ColumnBuilder {
 public:
  using ColumnBuilder::ColumnBuilder;
  std::size_t byte_count() const override { return values_.size() + validity_bytes(); }

  Status on_integer(std::int64_t value) override {
    if constexpr (kStorage == types::StorageType::kInt16 || kStorage == types::StorageType::kInt32 ||
                  kStorage == types::StorageType::kInt64)
      return add(value);
    return ColumnBuilder::on_integer(value);
  }
  Status on_real(double value) override {
    if constexpr (kStorage != types::StorageType::kFloat64) return ColumnBuilder::on_real(value);
    return add(value);
  }
  Status on_date(std::int64_t days) override {
    if constexpr (kStorage != types::StorageType::kDate) return ColumnBuilder::on_date(days);
    return add(days);
  }
  Status on_time(std::int64_t microseconds) override {
    if constexpr (kStorage != types::StorageType::kTime) return ColumnBuilder::on_time(microseconds);
    return add(microseconds);
  }
  Status on_timestamp(std::int64_t microseconds) override {
    if constexpr (kStorage != types::StorageType::kTimestamp)
      return ColumnBuilder::on_timestamp(microseconds);
    return add(microseconds);
  }
  Status on_timestamp_utc(std::int64_t microseconds) override {
    if constexpr (kStorage != types::StorageType::kTimestampUtc)
      return ColumnBuilder::on_timestamp_utc(microseconds);
    return add(microseconds);
  }
  Status on_interval(types::Interval value) override {
    if constexpr (kStorage != types::StorageType::kInterval) return ColumnBuilder::on_interval(value);
    if (value.months != 0) return fail("an interval of months has no fixed length");
    const Result<std::int64_t> microseconds = types::to_microseconds(value);
    if (!microseconds) return fail("an interval beyond 64 bits of microseconds");
    return add(*microseconds);
  }

 protected:
  Status append_nothing() override {
    append(values_, Native{});
    return {};
  }
  void take_buffers(ColumnBuffers& into) override { into.buffers.push_back(std::exchange(values_, {})); }

 private:
  template <typename Given>
  Status add(Given value) {
    Native native{};
    if constexpr (std::is_same_v<Native, Given>) {
      native = value;
    } else if constexpr (std::is_integral_v<Given> && std::is_integral_v<Native>) {
      if (!narrow(value, native)) return fail("a value out of range");
    }
    append(values_, native);
    count_value();
    return {};
  }

  Buffer values_;
};

class BoolBuilder final : public ColumnBuilder {
 public:
  using ColumnBuilder::ColumnBuilder;
  std::size_t byte_count() const override { return bits_.size() + validity_bytes(); }
  Status on_bool(bool value) override {
    const auto index = static_cast<std::size_t>(length());
    add_bit(bits_, index);
    if (value) set_bit(bits_, index);
    count_value();
    return {};
  }

 protected:
  Status append_nothing() override {
    add_bit(bits_, static_cast<std::size_t>(length()));
    return {};
  }
  void take_buffers(ColumnBuffers& into) override { into.buffers.push_back(std::exchange(bits_, {})); }

 private:
  Buffer bits_;
};

class DecimalBuilder final : public ColumnBuilder {
 public:
  using ColumnBuilder::ColumnBuilder;
  std::size_t byte_count() const override { return values_.size() + validity_bytes(); }
  Status on_decimal(std::string_view digits) override {
    DecimalWords words{};
    if (!to_words(digits, type().precision, type().scale, words))
      return fail("a number that does not fit decimal(" + std::to_string(type().precision) + ", " +
                  std::to_string(type().scale) + ") without rounding");
    add(words);
    count_value();
    return {};
  }

 protected:
  Status append_nothing() override {
    add({});
    return {};
  }
  void take_buffers(ColumnBuffers& into) override { into.buffers.push_back(std::exchange(values_, {})); }

 private:
  void add(const DecimalWords& words) {
    for (std::size_t index = 0; index < words_for(type().precision); ++index) append(values_, words[index]);
  }
  Buffer values_;
};

class UuidBuilder final : public ColumnBuilder {
 public:
  using ColumnBuilder::ColumnBuilder;
  std::size_t byte_count() const override { return values_.size() + validity_bytes(); }
  Status on_uuid(const types::UuidBytes& value) override {
    append(values_, value);
    count_value();
    return {};
  }

 protected:
  Status append_nothing() override {
    append(values_, types::UuidBytes{});
    return {};
  }
  void take_buffers(ColumnBuffers& into) override { into.buffers.push_back(std::exchange(values_, {})); }

 private:
  Buffer values_;
};

/// Text of all kinds, and bytes.
template <types::StorageType kStorage>
class BytesBuilder final : public ColumnBuilder {
 public:
  explicit BytesBuilder(const Field& field) : ColumnBuilder(field) { start(); }
  std::size_t byte_count() const override { return bytes_.size() + offsets_.size() + validity_bytes(); }

  Status on_text(std::string_view text) override {
    if constexpr (kStorage != types::StorageType::kText) return ColumnBuilder::on_text(text);
    return add(to_bytes(text));
  }
  Status on_json(std::string_view text) override {
    if constexpr (kStorage != types::StorageType::kJson) return ColumnBuilder::on_json(text);
    return add(to_bytes(text));
  }
  Status on_inet(std::string_view text) override {
    if constexpr (kStorage != types::StorageType::kInet) return ColumnBuilder::on_inet(text);
    return add(to_bytes(text));
  }
  Status on_bytes(ByteSpan bytes) override {
    if constexpr (kStorage != types::StorageType::kBytes) return ColumnBuilder::on_bytes(bytes);
    return add(bytes);
  }

 protected:
  Status append_nothing() override { return add_offset(); }
  void take_buffers(ColumnBuffers& into) override {
    into.buffers.push_back(std::exchange(offsets_, {}));
    into.buffers.push_back(std::exchange(bytes_, {}));
    start();
  }

 private:
  void start() { append(offsets_, std::int32_t{0}); }
  Status add_offset() {
    std::int32_t end = 0;
    if (!narrow(bytes_.size(), end)) return fail("a batch of more than two gigabytes");
    append(offsets_, end);
    return {};
  }
  Status add(ByteSpan bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    BRIDGE_RETURN_IF_ERROR(add_offset());
    count_value();
    return {};
  }

  Buffer offsets_;
  Buffer bytes_;
};

class ListBuilder final : public ColumnBuilder {
 public:
  ListBuilder(const Field& field, std::unique_ptr<ColumnBuilder> items)
      : ColumnBuilder(field), items_(std::move(items)) {
    start();
  }
  std::size_t byte_count() const override {
    return offsets_.size() + validity_bytes() + items_->byte_count();
  }

  Status on_array_begin(std::size_t count) override {
    if (is_inside_) return fail("an array within an array");
    count_ += count;
    is_inside_ = true;
    return {};
  }
  Status on_array_end() override {
    is_inside_ = false;
    BRIDGE_RETURN_IF_ERROR(add_offset());
    count_value();
    return {};
  }

  Status on_bool(bool value) override { return items_->on_bool(value); }
  Status on_integer(std::int64_t value) override { return items_->on_integer(value); }
  Status on_real(double value) override { return items_->on_real(value); }
  Status on_decimal(std::string_view digits) override { return items_->on_decimal(digits); }
  Status on_text(std::string_view text) override { return items_->on_text(text); }
  Status on_bytes(ByteSpan bytes) override { return items_->on_bytes(bytes); }
  Status on_date(std::int64_t days) override { return items_->on_date(days); }
  Status on_time(std::int64_t microseconds) override { return items_->on_time(microseconds); }
  Status on_timestamp(std::int64_t microseconds) override { return items_->on_timestamp(microseconds); }
  Status on_timestamp_utc(std::int64_t microseconds) override {
    return items_->on_timestamp_utc(microseconds);
  }
  Status on_interval(types::Interval value) override { return items_->on_interval(value); }
  Status on_uuid(const types::UuidBytes& value) override { return items_->on_uuid(value); }
  Status on_json(std::string_view text) override { return items_->on_json(text); }
  Status on_inet(std::string_view text) override { return items_->on_inet(text); }

 protected:
  Status append_nothing() override { return add_offset(); }
  ColumnBuilder* null_target() override { return is_inside_ ? items_.get() : nullptr; }
  void take_buffers(ColumnBuffers& into) override {
    into.buffers.push_back(std::exchange(offsets_, {}));
    into.children.push_back(items_->finish());
    count_ = 0;
    start();
  }

 private:
  void start() { append(offsets_, std::int32_t{0}); }
  Status add_offset() {
    std::int32_t end = 0;
    if (!narrow(count_, end)) return fail("a batch of more than two thousand million elements");
    append(offsets_, end);
    return {};
  }

  std::unique_ptr<ColumnBuilder> items_;
  Buffer offsets_;
  std::size_t count_ = 0;
  bool is_inside_ = false;
};

template <typename Builder>
std::unique_ptr<ColumnBuilder> make(const Field& field) {
  return std::make_unique<Builder>(field);
}

Result<std::unique_ptr<ColumnBuilder>> make_list(const Field& field) {
  types::ColumnType element{.storage = field.type.element,
                            .is_nullable = true,
                            .precision = field.type.precision,
                            .scale = field.type.scale,
                            .max_length = field.type.max_length};
  if (element.storage == types::StorageType::kArray)
    return make_error(ErrorCode::kUnsupportedFeature, "column " + field.name + ": an array of arrays");
  BRIDGE_ASSIGN_OR_RETURN(std::unique_ptr<ColumnBuilder> items, make_builder({field.name, element}));
  return std::unique_ptr<ColumnBuilder>(std::make_unique<ListBuilder>(field, std::move(items)));
}

}  // namespace

Status ColumnBuilder::on_null() {
  if (ColumnBuilder* const target = null_target()) return target->on_null();
  if (!type().is_nullable) return fail("NULL, which its type does not allow");
  BRIDGE_RETURN_IF_ERROR(append_nothing());
  mark_null();
  ++length_;
  ++null_count_;
  return {};
}

ColumnBuffers ColumnBuilder::finish() {
  ColumnBuffers filled{.length = length_, .null_count = null_count_, .buffers = {}, .children = {}};
  filled.buffers.push_back(std::exchange(validity_, {}));
  take_buffers(filled);
  length_ = null_count_ = 0;
  return filled;
}

void ColumnBuilder::mark_valid() {
  const auto index = static_cast<std::size_t>(length_ - 1);
  add_bit(validity_, index);
  set_bit(validity_, index);
}

void ColumnBuilder::mark_null() {
  const auto index = static_cast<std::size_t>(length_);
  if (validity_.empty()) {
    validity_.resize(index / kBitsPerByte + 1);
    for (std::size_t before = 0; before < index; ++before) set_bit(validity_, before);
  }
  add_bit(validity_, index);
}

Error ColumnBuilder::fail(std::string_view problem) const {
  return make_error(ErrorCode::kDecode, "column " + field_.name + ": " + std::string(problem));
}

Status ColumnBuilder::refuse() const {
  return fail("expected " + std::string(to_name(type().storage)) + ", got a value of another type");
}

Result<std::unique_ptr<ColumnBuilder>> make_builder(const Field& field) {
  using types::StorageType;
  BRIDGE_ASSIGN_OR_RETURN(const std::string format, to_format(field));
  static_cast<void>(format);  // only whether there is one counts here
  switch (field.type.storage) {
    case StorageType::kBool:
      return make<BoolBuilder>(field);
    case StorageType::kInt16:
      return make<NumberBuilder<std::int16_t, StorageType::kInt16>>(field);
    case StorageType::kInt32:
      return make<NumberBuilder<std::int32_t, StorageType::kInt32>>(field);
    case StorageType::kInt64:
      return make<NumberBuilder<std::int64_t, StorageType::kInt64>>(field);
    case StorageType::kFloat64:
      return make<NumberBuilder<double, StorageType::kFloat64>>(field);
    case StorageType::kDecimal:
      return make<DecimalBuilder>(field);
    case StorageType::kText:
      return make<BytesBuilder<StorageType::kText>>(field);
    case StorageType::kJson:
      return make<BytesBuilder<StorageType::kJson>>(field);
    case StorageType::kInet:
      return make<BytesBuilder<StorageType::kInet>>(field);
    case StorageType::kBytes:
      return make<BytesBuilder<StorageType::kBytes>>(field);
    case StorageType::kDate:
      return make<NumberBuilder<std::int32_t, StorageType::kDate>>(field);
    case StorageType::kTime:
      return make<NumberBuilder<std::int64_t, StorageType::kTime>>(field);
    case StorageType::kTimestamp:
      return make<NumberBuilder<std::int64_t, StorageType::kTimestamp>>(field);
    case StorageType::kTimestampUtc:
      return make<NumberBuilder<std::int64_t, StorageType::kTimestampUtc>>(field);
    case StorageType::kInterval:
      return make<NumberBuilder<std::int64_t, StorageType::kInterval>>(field);
    case StorageType::kUuid:
      return make<UuidBuilder>(field);
    case StorageType::kArray:
      return make_list(field);
  }
  return make_error(ErrorCode::kInternal, "column " + field.name + " has an unknown type");
}

}  // namespace bridge::arrow
