// Cells that tell their own type: each becomes the Python object of what it is.
#include "bindings/convert/convert.h"

namespace bridge::python {
namespace {

types::ColumnType type_of(types::StorageType storage) {
  types::ColumnType type;
  type.storage = storage;
  return type;
}

// Has one reader per fundamental type and takes over what it made.
class FundamentalReader final : public ObjectReader {
 public:
  FundamentalReader() : ObjectReader(type_of(types::StorageType::kText)) {}
  Status on_integer(std::int64_t value) override { return take_from(*integer_, integer_->on_integer(value)); }
  Status on_real(double value) override { return take_from(*real_, real_->on_real(value)); }
  Status on_text(std::string_view text) override { return take_from(*text_, text_->on_text(text)); }
  Status on_bytes(ByteSpan bytes) override { return take_from(*bytes_, bytes_->on_bytes(bytes)); }

 private:
  Status take_from(ObjectReader& reader, Status visited) {
    if (!visited) return visited;
    return accept(reader.take());
  }

  std::unique_ptr<ObjectReader> integer_ = make_reader(type_of(types::StorageType::kInt64));
  std::unique_ptr<ObjectReader> real_ = make_reader(type_of(types::StorageType::kFloat64));
  std::unique_ptr<ObjectReader> text_ = make_reader(type_of(types::StorageType::kText));
  std::unique_ptr<ObjectReader> bytes_ = make_reader(type_of(types::StorageType::kBytes));
};

}  // namespace

std::unique_ptr<ObjectReader> make_fundamental_reader() { return std::make_unique<FundamentalReader>(); }

}  // namespace bridge::python
