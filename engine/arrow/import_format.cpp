// protocol: Arrow C data interface, format strings
#include "engine/arrow/import_format.h"

#include <charconv>
#include <optional>
#include <string_view>

#include "engine/arrow/decimal_width.h"

namespace bridge::arrow {
namespace {

using types::StorageType;

constexpr std::size_t kViewBytes = 16;
constexpr std::size_t kUuidBytes = 16;

Error mismatch(const ImportColumn& column, std::string_view format) {
  return make_error(ErrorCode::kValidation, column.context + ": expected " +
                                                std::string(to_name(column.type.storage)) +
                                                ", got Arrow type '" + std::string(format) + "'");
}

template <typename Number>
bool read_number(std::string_view& text, Number& number) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return true;
}

bool take(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<ImportFormat> read_simple(std::string_view format) {
  struct Known {
    std::string_view name;
    ImportFormat format;
  };
  static const Known kKnown[] = {
      {"n", {.layout = Layout::kNothing}},
      {"b", {.layout = Layout::kBool}},
      {"c", {.layout = Layout::kInteger, .width = sizeof(std::int8_t)}},
      {"s", {.layout = Layout::kInteger, .width = sizeof(std::int16_t)}},
      {"i", {.layout = Layout::kInteger, .width = sizeof(std::int32_t)}},
      {"l", {.layout = Layout::kInteger, .width = sizeof(std::int64_t)}},
      {"C", {.layout = Layout::kUnsigned, .width = sizeof(std::int8_t)}},
      {"S", {.layout = Layout::kUnsigned, .width = sizeof(std::int16_t)}},
      {"I", {.layout = Layout::kUnsigned, .width = sizeof(std::int32_t)}},
      {"L", {.layout = Layout::kUnsigned, .width = sizeof(std::int64_t)}},
      {"f", {.layout = Layout::kReal, .width = sizeof(float)}},
      {"g", {.layout = Layout::kReal, .width = sizeof(double)}},
      {"u", {.layout = Layout::kBytes, .width = sizeof(std::int32_t), .is_text = true}},
      {"U", {.layout = Layout::kBytes, .width = sizeof(std::int64_t), .is_text = true}},
      {"z", {.layout = Layout::kBytes, .width = sizeof(std::int32_t)}},
      {"Z", {.layout = Layout::kBytes, .width = sizeof(std::int64_t)}},
      {"vu", {.layout = Layout::kBytesView, .width = kViewBytes, .is_text = true}},
      {"vz", {.layout = Layout::kBytesView, .width = kViewBytes}},
      {"tdD", {.layout = Layout::kDays, .width = sizeof(std::int32_t)}},
      {"+l", {.layout = Layout::kList, .width = sizeof(std::int32_t)}},
      {"+L", {.layout = Layout::kList, .width = sizeof(std::int64_t)}},
  };
  for (const Known& known : kKnown) {
    if (known.name == format) return known.format;
  }
  return std::nullopt;
}

std::optional<ImportFormat> read_decimal(std::string_view format) {
  constexpr std::size_t kBits = 8;
  constexpr std::size_t kWordBytes = sizeof(std::uint64_t);
  std::uint16_t precision = 0;
  ImportFormat read{.layout = Layout::kDecimal, .width = kNarrowWords * kWordBytes};
  if (!read_number(format, precision) || !take(format, ',') || !read_number(format, read.scale))
    return std::nullopt;
  if (take(format, ',')) {
    std::size_t bits = 0;
    if (!read_number(format, bits)) return std::nullopt;
    read.width = bits / kBits;
    if (read.width != kNarrowWords * kWordBytes && read.width != kWideWords * kWordBytes) return std::nullopt;
  }
  const bool has_sane_scale = read.scale >= -kMaxPrecision && read.scale <= kMaxPrecision;
  if (!format.empty() || precision == 0 || precision > kMaxPrecision || !has_sane_scale) return std::nullopt;
  return read;
}

std::optional<std::int64_t> units_per_second(char unit) {
  // numbers: seconds in parts of a thousand, as the format's letters name them
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 1'000;
    case 'u':
      return 1'000'000;
    case 'n':
      return 1'000'000'000;
    default:
      return std::nullopt;
  }
}

std::optional<ImportFormat> read_temporal(std::string_view format) {
  constexpr std::size_t kHead = 2;
  if (format.size() <= kHead) return std::nullopt;
  const char kind = format[1];
  const auto unit = units_per_second(format[kHead]);
  if (!unit) return std::nullopt;
  const std::string_view rest = format.substr(kHead + 1);
  ImportFormat read{.width = sizeof(std::int64_t), .per_second = *unit};
  if (kind == 's') {
    if (!rest.starts_with(':')) return std::nullopt;
    read.layout = Layout::kTimestamp;
    read.has_zone = rest.size() > 1;
    return read;
  }
  if (!rest.empty()) return std::nullopt;
  if (kind == 'D') {
    read.layout = Layout::kDuration;
    return read;
  }
  if (kind != 't') return std::nullopt;
  const bool is_short = format[kHead] == 's' || format[kHead] == 'm';
  read.layout = Layout::kTime;
  read.width = is_short ? sizeof(std::int32_t) : sizeof(std::int64_t);
  return read;
}

std::optional<ImportFormat> read_format(std::string_view format) {
  if (auto simple = read_simple(format)) return simple;
  if (format.starts_with("d:")) return read_decimal(format.substr(2));
  if (format.starts_with("t")) return read_temporal(format);
  if (!format.starts_with("w:")) return std::nullopt;
  format.remove_prefix(2);
  ImportFormat fixed{.layout = Layout::kFixedBytes};
  if (!read_number(format, fixed.width) || !format.empty() || fixed.width > INT32_MAX) return std::nullopt;
  return fixed;
}

bool is_whole(Layout layout) { return layout == Layout::kInteger || layout == Layout::kUnsigned; }

bool holds_bytes(const ImportFormat& format, bool is_text) {
  return (format.layout == Layout::kBytes || format.layout == Layout::kBytesView) &&
         format.is_text == is_text;
}

bool is_accepted(const ImportFormat& format, StorageType storage) {
  switch (storage) {
    case StorageType::kBool:
      return format.layout == Layout::kBool;
    case StorageType::kInt16:
    case StorageType::kInt32:
    case StorageType::kInt64:
      return is_whole(format.layout);
    case StorageType::kFloat64:
      return format.layout == Layout::kReal;
    case StorageType::kDecimal:
      return format.layout == Layout::kDecimal || is_whole(format.layout);
    case StorageType::kText:
    case StorageType::kJson:
      return holds_bytes(format, true);
    case StorageType::kBytes:
      return holds_bytes(format, false) || format.layout == Layout::kFixedBytes;
    case StorageType::kDate:
      return format.layout == Layout::kDays;
    case StorageType::kTime:
      return format.layout == Layout::kTime;
    case StorageType::kTimestamp:
      return format.layout == Layout::kTimestamp && !format.has_zone;
    case StorageType::kTimestampUtc:
      return format.layout == Layout::kTimestamp && format.has_zone;
    case StorageType::kInterval:
      return format.layout == Layout::kDuration;
    case StorageType::kUuid:
      return format.layout == Layout::kFixedBytes && format.width == kUuidBytes;
    case StorageType::kArray:
      return format.layout == Layout::kList;
    case StorageType::kInet:
      return false;  // nobody here tells an address from other text
  }
  return false;
}

Result<ImportFormat> read_dictionary(const ArrowSchema& schema, const ImportFormat& index,
                                     const ImportColumn& column) {
  if (!is_whole(index.layout) || schema.dictionary->dictionary != nullptr)
    return mismatch(column, "dictionary");
  BRIDGE_ASSIGN_OR_RETURN(ImportFormat values, read_import_format(*schema.dictionary, column));
  if (values.layout == Layout::kList) return mismatch(column, "dictionary of lists");
  ImportFormat read = index;
  read.is_dictionary = true;
  read.inner = std::make_shared<const ImportFormat>(std::move(values));
  return read;
}

}  // namespace

Result<ImportFormat> read_import_format(const ArrowSchema& schema, const ImportColumn& column) {
  if (schema.release == nullptr || schema.format == nullptr)
    return make_error(ErrorCode::kValidation, column.context + ": a broken Arrow schema");
  std::optional<ImportFormat> read = read_format(schema.format);
  if (!read) return mismatch(column, schema.format);
  if (schema.dictionary != nullptr) return read_dictionary(schema, *read, column);
  const bool is_list = read->layout == Layout::kList;
  if (read->layout != Layout::kNothing && !is_accepted(*read, column.type.storage))
    return mismatch(column, schema.format);
  if (schema.n_children != (is_list ? 1 : 0) ||
      (is_list && (schema.children == nullptr || *schema.children == nullptr)))
    return make_error(ErrorCode::kValidation, column.context + ": a broken Arrow schema");
  if (!is_list) return std::move(*read);
  ImportColumn element = column;
  element.type.storage = column.type.element;
  element.type.is_nullable = false;  // as in lists of Python
  if (element.type.storage == StorageType::kArray) return mismatch(column, schema.format);
  BRIDGE_ASSIGN_OR_RETURN(ImportFormat inner, read_import_format(**schema.children, element));
  read->inner = std::make_shared<const ImportFormat>(std::move(inner));
  return std::move(*read);
}

}  // namespace bridge::arrow
