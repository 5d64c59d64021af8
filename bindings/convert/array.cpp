// Arrays: exact lists whose members follow the rule of the element type; None is no member.
#include "bindings/convert/conversions.h"
#include "bindings/reference.h"

namespace bridge::python {
namespace {

types::ColumnType element_of(const types::ColumnType& type) {
  types::ColumnType element = type;
  element.storage = type.element;
  element.is_nullable = false;
  return element;
}

bool encode(PyObject* object, const Target& target, types::Value& value) {
  if (!PyList_CheckExact(object)) return refuse_class(object, target);
  const types::ColumnType element_type = element_of(target.type);
  const Target element{element_type, target.context};
  std::vector<types::Value> members;
  members.reserve(static_cast<std::size_t>(PyList_GET_SIZE(object)));
  // The size is asked for each time: checking a member may run a time zone's code, and that may shorten the
  // list.
  for (Py_ssize_t index = 0; index < PyList_GET_SIZE(object); ++index) {
    const Reference member = Reference::borrow(PyList_GET_ITEM(object, index));
    if (!to_value(member.get(), element, members.emplace_back())) return false;
  }
  value = types::Value::of_array(target.type.element, std::move(members));
  return true;
}

// Forwards each visit between begin and end to the reader of the elements.
class ArrayReader final : public ObjectReader {
 public:
  explicit ArrayReader(const types::ColumnType& type)
      : ObjectReader(type), element_(make_reader(element_of(type))) {}

  Status on_array_begin(std::size_t) override {
    list_ = Reference::steal(PyList_New(0));
    return list_ ? Status() : accept(nullptr);
  }
  Status on_array_end() override { return accept(list_.release()); }
  Status on_null() override { return collect(element_->on_null()); }
  Status on_bool(bool value) override { return collect(element_->on_bool(value)); }
  Status on_integer(std::int64_t value) override { return collect(element_->on_integer(value)); }
  Status on_real(double value) override { return collect(element_->on_real(value)); }
  Status on_decimal(std::string_view digits) override { return collect(element_->on_decimal(digits)); }
  Status on_text(std::string_view text) override { return collect(element_->on_text(text)); }
  Status on_bytes(ByteSpan bytes) override { return collect(element_->on_bytes(bytes)); }
  Status on_date(std::int64_t days) override { return collect(element_->on_date(days)); }
  Status on_time(std::int64_t microseconds) override { return collect(element_->on_time(microseconds)); }
  Status on_timestamp(std::int64_t microseconds) override {
    return collect(element_->on_timestamp(microseconds));
  }
  Status on_timestamp_utc(std::int64_t microseconds) override {
    return collect(element_->on_timestamp_utc(microseconds));
  }
  Status on_interval(types::Interval value) override { return collect(element_->on_interval(value)); }
  Status on_uuid(const types::UuidBytes& value) override { return collect(element_->on_uuid(value)); }
  Status on_json(std::string_view text) override { return collect(element_->on_json(text)); }
  Status on_inet(std::string_view text) override { return collect(element_->on_inet(text)); }

 private:
  Status collect(Status visited) {
    if (!visited) return visited;
    if (!list_) return refuse("a single value");
    const Reference member = Reference::steal(element_->take());
    return PyList_Append(list_.get(), member.get()) == 0 ? Status() : accept(nullptr);
  }

  std::unique_ptr<ObjectReader> element_;
  Reference list_;
};

}  // namespace

const Conversion kArrayConversion{encode, nullptr, make_reader_of<ArrayReader>};

}  // namespace bridge::python
