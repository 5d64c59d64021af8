// ColumnType: a storage type with its bounds.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <vector>

#include "bindings/convert/convert.h"
#include "bindings/ffi_guard.h"
#include "bindings/nodes.h"

namespace bridge::python {
namespace {

using types::ColumnType;
using types::StorageType;

// Names and values of all storage types.
constexpr NamedEnumerator<StorageType> kStorageTypes[] = {
#define BRIDGE_ENTRY(enumerator, name) {name, StorageType::enumerator},
    BRIDGE_STORAGE_TYPES(BRIDGE_ENTRY)
#undef BRIDGE_ENTRY
};

Result<ColumnType> make_type(const std::string& storage, const std::optional<std::string>& element,
                             const ColumnType& bounds) {
  ColumnType type = bounds;
  BRIDGE_ASSIGN_OR_RETURN(type.storage, find_enumerator(kStorageTypes, storage, "storage type"));
  if ((type.storage == StorageType::kArray) != element.has_value()) {
    return make_error(ErrorCode::kModel, "an array, and nothing else, has an element type");
  }
  if (element) {
    BRIDGE_ASSIGN_OR_RETURN(type.element, find_enumerator(kStorageTypes, *element, "element type"));
    if (type.element == StorageType::kArray)
      return make_error(ErrorCode::kModel, "arrays of arrays are not supported");
  }
  if (type.scale > type.precision)
    return make_error(ErrorCode::kModel, "the scale of a decimal is larger than its precision");
  return type;
}

void construct(ColumnType* self, const std::string& storage, const std::optional<std::string>& element,
               bool is_nullable, std::uint16_t precision, std::uint16_t scale, std::uint32_t max_length) {
  ColumnType bounds;
  bounds.is_nullable = is_nullable;
  bounds.precision = precision;
  bounds.scale = scale;
  bounds.max_length = max_length;
  Result<ColumnType> made = make_type(storage, element, bounds);
  if (!made) return raise_error(made.error());
  new (self) ColumnType(std::move(made).value());
}

std::string get_storage(const ColumnType& type) { return std::string(types::to_name(type.storage)); }
std::optional<std::string> get_element(const ColumnType& type) {
  if (type.storage != StorageType::kArray) return std::nullopt;
  return std::string(types::to_name(type.element));
}
bool get_nullable(const ColumnType& type) { return type.is_nullable; }
unsigned get_precision(const ColumnType& type) { return type.precision; }
unsigned get_scale(const ColumnType& type) { return type.scale; }
unsigned get_max_length(const ColumnType& type) { return type.max_length; }

bool is_equal(const ColumnType& left, nb::handle right) {
  return nb::isinstance<ColumnType>(right) && nb::cast<const ColumnType&>(right) == left;
}

Py_hash_t hash_of(const ColumnType& type) {
  constexpr std::size_t kMultiplier = 1'000'003;  // the odd multiplier CPython's own hashes used
  std::size_t hash = static_cast<std::size_t>(type.storage);
  for (const std::size_t part :
       {static_cast<std::size_t>(type.element), std::size_t{type.is_nullable}, std::size_t{type.precision},
        std::size_t{type.scale}, std::size_t{type.max_length}}) {
    hash = hash * kMultiplier ^ part;
  }
  return static_cast<Py_hash_t>(hash);
}

std::string represent(const ColumnType& type) {
  return "<ColumnType " + describe(type) + (type.is_nullable ? " nullable>" : ">");
}

std::vector<std::string> decoder_types() {
  std::vector<std::string> names;
  for (const auto& entry : kStorageTypes) names.emplace_back(entry.name);
  return names;
}

}  // namespace

void bind_types(nb::module_& module) {
  nb::class_<ColumnType> type(module, "ColumnType", nb::is_final());
  def_guarded(type, "__init__", &construct, nb::arg("storage"), nb::kw_only(),
              nb::arg("element") = nb::none(), nb::arg("nullable") = false, nb::arg("precision") = 0,
              nb::arg("scale") = 0, nb::arg("max_length") = 0);
  def_property_guarded(type, "storage", &get_storage);
  def_property_guarded(type, "element", &get_element);
  def_property_guarded(type, "nullable", &get_nullable);
  def_property_guarded(type, "precision", &get_precision);
  def_property_guarded(type, "scale", &get_scale);
  def_property_guarded(type, "max_length", &get_max_length);
  def_guarded(type, "__eq__", &is_equal);
  def_guarded(type, "__hash__", &hash_of);
  def_guarded(type, "__repr__", &represent);
  def_guarded(module, "decoder_types", &decoder_types);
}

}  // namespace bridge::python
