// Between Python objects and the engine's values, strictly: the one table of what is accepted for each
// storage type.
#pragma once

#include <Python.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "bindings/counting.h"
#include "engine/driver/cell_decoder.h"
#include "engine/types/storage_type.h"
#include "engine/types/value.h"

namespace bridge::python {

/// What a value is meant for: the type it must have and how errors name its place ("Book.price").
struct Target {
  const types::ColumnType& type;
  std::string_view context;
};

/// Makes the Python object of one cell after another. One per column and result. The interpreter lock is held
/// throughout. Refuses (kDecode) every kind of value its storage type does not know.
class ObjectReader : public driver::CellVisitor {
 public:
  explicit ObjectReader(const types::ColumnType& type) : type_(type) {}
  ~ObjectReader() override { let_go(object_); }

  /// The object of the last visit, as a new reference.
  PyObject* take() { return std::exchange(object_, nullptr); }

  Status on_null() override { return refuse("NULL"); }
  Status on_bool(bool) override { return refuse("bool"); }
  Status on_integer(std::int64_t) override { return refuse("integer"); }
  Status on_real(double) override { return refuse("float"); }
  Status on_decimal(std::string_view) override { return refuse("decimal"); }
  Status on_text(std::string_view) override { return refuse("text"); }
  Status on_bytes(ByteSpan) override { return refuse("bytes"); }
  Status on_date(std::int64_t) override { return refuse("date"); }
  Status on_time(std::int64_t) override { return refuse("time"); }
  Status on_timestamp(std::int64_t) override { return refuse("timestamp"); }
  Status on_timestamp_utc(std::int64_t) override { return refuse("timestamp_utc"); }
  Status on_interval(types::Interval) override { return refuse("interval"); }
  Status on_uuid(const types::UuidBytes&) override { return refuse("uuid"); }
  Status on_json(std::string_view) override { return refuse("json"); }
  Status on_inet(std::string_view) override { return refuse("inet"); }
  Status on_array_begin(std::size_t) override { return refuse("array"); }
  Status on_array_end() override { return refuse("array"); }

 protected:
  /// Keeps `object`; null means that a Python error is set, which stays set while kDecode is answered.
  Status accept(PyObject* object) {
    Py_XSETREF(object_, object);
    if (object != nullptr) return {};
    return make_error(ErrorCode::kDecode, "the stored value cannot be represented in Python");
  }
  Status refuse(std::string_view received) const;
  const types::ColumnType& type() const { return type_; }

 private:
  types::ColumnType type_;
  PyObject* object_ = nullptr;
};

/// Checks `object` against the target and makes the value that is bound. NULL for None where the type allows
/// it. False with ValidationError set, which names place, expected and received type, never the value.
bool to_value(PyObject* object, const Target& target, types::Value& value);

/// Checks `object` and gives what an attribute keeps: the object itself, or its lossless exact form (an int
/// for a Decimal column as Decimal, a bytearray as bytes, an aware datetime in UTC). A new reference; null
/// with ValidationError set.
PyObject* to_attribute(PyObject* object, const Target& target);

/// The reader for a type.
std::unique_ptr<ObjectReader> make_reader(const types::ColumnType& type);
/// The reader for cells that tell their own type: integers, reals, text and bytes, whatever comes.
std::unique_ptr<ObjectReader> make_fundamental_reader();
/// A reader that keeps the text of a decimal or JSON cell as str, to be decoded by `decode_text` when it is
/// first asked for.
std::unique_ptr<ObjectReader> make_text_reader(const types::ColumnType& type);
/// Whether values of the type are costly enough to be decoded on first access.
constexpr bool is_decoded_lazily(types::StorageType type) {
  return type == types::StorageType::kDecimal || type == types::StorageType::kJson;
}
/// The object of what a text reader kept; null with DecodeError set.
PyObject* decode_text(PyObject* text, const Target& target);

/// The type that follows from the exact class of `object`; false with ValidationError set where none does.
bool infer_type(PyObject* object, std::string_view context, types::ColumnType& type);

/// "decimal(12, 2)", "text(100)", "array of int64": for messages.
std::string describe(const types::ColumnType& type);

/// Raises ValidationError "<context>: expected <type>, got <class>"; always false.
bool refuse_class(PyObject* object, const Target& target);
/// Raises ValidationError "<context>: <problem>"; always false.
bool refuse_value(const Target& target, std::string_view problem);
/// The same with the exception raised now as its cause.
bool refuse_value_from_current(const Target& target, std::string_view problem);

}  // namespace bridge::python
