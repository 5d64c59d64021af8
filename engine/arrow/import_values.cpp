// protocol: Arrow columnar format, physical memory layout
#include "engine/arrow/import_values.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <string_view>

#include "engine/arrow/decimal_width.h"
#include "engine/base/bytes.h"
#include "engine/types/datetime.h"
#include "engine/types/json_text.h"
#include "engine/types/utf8.h"

namespace bridge::arrow {
namespace {

using types::StorageType;
using types::Value;

constexpr std::size_t kBitsPerByte = 8;
constexpr std::size_t kValidity = 0;
constexpr std::size_t kValues = 1;  ///< or offsets, or views
constexpr std::size_t kBytesBehindOffsets = 2;
/// What Python's dates reach.
constexpr types::CivilDate kFirstDate{.year = 1, .month = 1, .day = 1};
constexpr types::CivilDate kLastDate{.year = 9999, .month = 12, .day = 31};

Error refuse(const ImportColumn& column, std::string_view problem) {
  return make_error(ErrorCode::kValidation, column.context + ": " + std::string(problem));
}

Error broken(const ImportColumn& column) { return refuse(column, "a broken Arrow array"); }

template <typename Native>
Native load(const void* buffer, std::int64_t place) {
  Native native;
  std::memcpy(&native,
              static_cast<const std::byte*>(buffer) + static_cast<std::size_t>(place) * sizeof(Native),
              sizeof(Native));
  return native;
}

bool read_bit(const void* buffer, std::int64_t place) {
  const auto index = static_cast<std::size_t>(place);
  const auto byte = std::to_integer<unsigned>(static_cast<const std::byte*>(buffer)[index / kBitsPerByte]);
  return ((byte >> (index % kBitsPerByte)) & 1U) != 0;
}

std::int64_t load_whole(const void* buffer, std::size_t width, std::int64_t place) {
  switch (width) {
    case sizeof(std::int8_t):
      return load<std::int8_t>(buffer, place);
    case sizeof(std::int16_t):
      return load<std::int16_t>(buffer, place);
    case sizeof(std::int32_t):
      return load<std::int32_t>(buffer, place);
    default:
      return load<std::int64_t>(buffer, place);
  }
}

std::uint64_t load_unsigned(const void* buffer, std::size_t width, std::int64_t place) {
  switch (width) {
    case sizeof(std::uint8_t):
      return load<std::uint8_t>(buffer, place);
    case sizeof(std::uint16_t):
      return load<std::uint16_t>(buffer, place);
    case sizeof(std::uint32_t):
      return load<std::uint32_t>(buffer, place);
    default:
      return load<std::uint64_t>(buffer, place);
  }
}

bool is_null(const ImportFormat& format, const ArrowArray& array, std::int64_t place) {
  if (format.layout == Layout::kNothing) return true;
  const void* validity = array.buffers[kValidity];
  return validity != nullptr && !read_bit(validity, place);
}

// --- what the structs must look like ---

bool has_buffers(const ImportFormat& format, const ArrowArray& array) {
  std::int64_t wanted = 2;
  if (format.layout == Layout::kNothing) wanted = 0;
  if (format.layout == Layout::kBytes) wanted = kBytesBehindOffsets + 1;
  if (format.layout == Layout::kBytesView) return array.n_buffers > wanted && array.buffers != nullptr;
  return array.n_buffers == wanted && (wanted == 0 || array.buffers != nullptr);
}

// Offsets of the range never decrease and never leave what memory can hold.
bool has_rising_offsets(const ImportFormat& format, const ArrowArray& array, ElementRange range) {
  std::int64_t before = 0;
  for (std::int64_t index = 0; index <= range.count; ++index) {
    const std::int64_t offset =
        load_whole(array.buffers[kValues], format.width, array.offset + range.from + index);
    if (offset < before) return false;
    before = offset;
  }
  return true;
}

Status check_inner(const ImportFormat& format, const ArrowArray& array, ElementRange range,
                   const ImportColumn& column) {
  if (format.is_dictionary) {
    if (array.dictionary == nullptr || array.n_children != 0) return broken(column);
    return check_array(*format.inner, *array.dictionary, {0, array.dictionary->length}, column);
  }
  if (array.dictionary != nullptr) return broken(column);
  if (format.layout != Layout::kList) return array.n_children == 0 ? Status{} : Status{broken(column)};
  if (array.n_children != 1 || array.children == nullptr || *array.children == nullptr) return broken(column);
  const ArrowArray& items = **array.children;
  if (range.count == 0) return {};
  const std::int64_t first = load_whole(array.buffers[kValues], format.width, array.offset + range.from);
  const std::int64_t end =
      load_whole(array.buffers[kValues], format.width, array.offset + range.from + range.count);
  return check_array(*format.inner, items, {first, end - first}, column);
}

// --- bytes, wherever they lie ---

std::string_view view_text(const void* start, std::size_t size) {
  return {static_cast<const char*>(start), size};
}

struct View {
  std::int32_t size = 0;
  std::int32_t prefix = 0;
  std::int32_t buffer = 0;
  std::int32_t place = 0;
};

Result<std::string_view> read_view(const ArrowArray& array, std::int64_t place, const ImportColumn& column) {
  constexpr std::int32_t kInlineBytes = 12;
  const auto* const views = static_cast<const std::byte*>(array.buffers[kValues]);
  const std::byte* const start = views + static_cast<std::size_t>(place) * sizeof(View);
  const auto view = load<View>(start, 0);
  if (view.size < 0) return broken(column);
  if (view.size <= kInlineBytes)
    return view_text(start + sizeof(view.size), static_cast<std::size_t>(view.size));
  // Behind validity and views; the last buffer holds the sizes of those before it.
  constexpr std::int64_t kBuffersBesideBytes = kBytesBehindOffsets + 1;
  const std::int64_t variadic = array.n_buffers - kBuffersBesideBytes;
  if (view.buffer < 0 || view.buffer >= variadic || view.place < 0) return broken(column);
  const void* const bytes = array.buffers[kBytesBehindOffsets + static_cast<std::size_t>(view.buffer)];
  const void* const sizes = array.buffers[array.n_buffers - 1];
  if (bytes == nullptr || sizes == nullptr) return broken(column);
  const std::int64_t size = load<std::int64_t>(sizes, view.buffer);
  if (std::int64_t{view.place} + view.size > size) return broken(column);
  return view_text(static_cast<const std::byte*>(bytes) + view.place, static_cast<std::size_t>(view.size));
}

Result<std::string_view> read_bytes(const ImportFormat& format, const ArrowArray& array, std::int64_t place,
                                    const ImportColumn& column) {
  if (format.layout == Layout::kBytesView) return read_view(array, place, column);
  if (format.layout == Layout::kFixedBytes) {
    const auto* const bytes = static_cast<const std::byte*>(array.buffers[kValues]);
    return view_text(bytes + static_cast<std::size_t>(place) * format.width, format.width);
  }
  const std::int64_t start = load_whole(array.buffers[kValues], format.width, place);
  const std::int64_t end = load_whole(array.buffers[kValues], format.width, place + 1);
  if (start == end) return std::string_view();
  const void* const bytes = array.buffers[kBytesBehindOffsets];
  if (bytes == nullptr) return broken(column);
  return view_text(static_cast<const std::byte*>(bytes) + start, static_cast<std::size_t>(end - start));
}

// --- values, each checked ---

template <typename Narrow>
bool fits(std::int64_t number) {
  return std::in_range<Narrow>(number);
}

Status set_whole(std::int64_t number, const ImportColumn& column, Value& value) {
  const StorageType storage = column.type.storage;
  const bool is_in_range = storage == StorageType::kInt16   ? fits<std::int16_t>(number)
                           : storage == StorageType::kInt32 ? fits<std::int32_t>(number)
                                                            : true;
  if (!is_in_range) return refuse(column, "a number out of range for " + std::string(to_name(storage)));
  value = Value::of_integer(storage, number);
  return {};
}

Status set_decimal(std::string digits, const ImportColumn& column, Value& value) {
  DecimalWords unused{};
  const bool is_bounded = column.type.precision != 0 && column.type.precision <= kMaxPrecision;
  if (is_bounded && !to_words(digits, column.type.precision, column.type.scale, unused)) {
    return refuse(column, "a number that does not fit decimal(" + std::to_string(column.type.precision) +
                              ", " + std::to_string(column.type.scale) + ") without rounding");
  }
  value = Value::of_text(StorageType::kDecimal, std::move(digits));
  return {};
}

Status read_whole(const ImportFormat& format, const ArrowArray& array, std::int64_t place,
                  const ImportColumn& column, Value& value) {
  std::int64_t number = 0;
  if (format.layout == Layout::kInteger) {
    number = load_whole(array.buffers[kValues], format.width, place);
  } else if (!narrow(load_unsigned(array.buffers[kValues], format.width, place), number)) {
    return refuse(column, "a number beyond 64 bits");
  }
  if (column.type.storage == StorageType::kDecimal) return set_decimal(std::to_string(number), column, value);
  return set_whole(number, column, value);
}

Status read_decimal(const ImportFormat& format, const ArrowArray& array, std::int64_t place,
                    const ImportColumn& column, Value& value) {
  DecimalWords words{};
  const auto* const start =
      static_cast<const std::byte*>(array.buffers[kValues]) + static_cast<std::size_t>(place) * format.width;
  std::memcpy(words.data(), start, format.width);
  const std::span<const std::uint64_t> used(words.data(), format.width / sizeof(std::uint64_t));
  return set_decimal(to_digits(used, format.scale), column, value);
}

Status set_text(std::string_view text, const ImportColumn& column, Value& value) {
  if (!types::is_valid_utf8(text)) return refuse(column, "text that is not UTF-8");
  if (column.type.storage == StorageType::kJson) {
    if (!types::check_json(text)) return refuse(column, "text that is no JSON document");
    if (!text.substr(text.find_first_not_of(" \t\n\r")).starts_with(column.outermost))
      return refuse(column, "JSON of another kind");
  } else if (text.find('\0') != std::string_view::npos) {
    return refuse(column, "text that contains a NUL character");
  }
  const std::uint32_t longest = column.type.max_length;
  if (longest != 0 && text.size() > longest && types::count_code_points(text) > longest)
    return refuse(column, "text longer than " + std::to_string(longest) + " characters");
  const auto& labels = column.labels;
  if (!labels.empty() && std::find(labels.begin(), labels.end(), text) == labels.end())
    return refuse(column, "text that is none of the allowed values");
  value = Value::of_text(column.type.storage, std::string(text));
  return {};
}

Status read_text_or_bytes(const ImportFormat& format, const ArrowArray& array, std::int64_t place,
                          const ImportColumn& column, Value& value) {
  BRIDGE_ASSIGN_OR_RETURN(const std::string_view bytes, read_bytes(format, array, place, column));
  if (column.type.storage == StorageType::kUuid) {
    types::UuidBytes uuid{};
    std::memcpy(uuid.data(), bytes.data(), uuid.size());
    value = Value::of_uuid(uuid);
    return {};
  }
  if (column.type.storage != StorageType::kBytes) return set_text(bytes, column, value);
  value = Value::of_text(StorageType::kBytes, std::string(bytes));
  return {};
}

// Whole microseconds of a number of units, or nothing.
bool to_whole_microseconds(std::int64_t number, std::int64_t per_second, std::int64_t& microseconds) {
  if (per_second <= types::kMicrosecondsPerSecond) {
    return !__builtin_mul_overflow(number, types::kMicrosecondsPerSecond / per_second, &microseconds);
  }
  const std::int64_t units = per_second / types::kMicrosecondsPerSecond;
  microseconds = number / units;
  return number % units == 0;
}

Status set_moment(std::int64_t microseconds, const ImportColumn& column, Value& value) {
  static const std::int64_t first = types::to_days(kFirstDate);
  static const std::int64_t last = types::to_days(kLastDate);
  const StorageType storage = column.type.storage;
  const std::int64_t per_day = storage == StorageType::kDate ? 1 : types::kMicrosecondsPerDay;
  const bool is_time = storage == StorageType::kTime;
  const bool is_known = is_time ? microseconds >= 0 && microseconds < types::kMicrosecondsPerDay
                                : microseconds >= first * per_day && microseconds < (last + 1) * per_day;
  if (!is_known) return refuse(column, "a time outside the years 1 to 9999, or outside a day");
  value = Value::of_integer(storage, microseconds);
  return {};
}

Status read_time(const ImportFormat& format, const ArrowArray& array, std::int64_t place,
                 const ImportColumn& column, Value& value) {
  const std::int64_t number = load_whole(array.buffers[kValues], format.width, place);
  if (format.layout == Layout::kDays) return set_moment(number, column, value);
  std::int64_t microseconds = 0;
  if (!to_whole_microseconds(number, format.per_second, microseconds))
    return refuse(column, "a time that is no whole number of microseconds");
  if (format.layout != Layout::kDuration) return set_moment(microseconds, column, value);
  // Days beside a rest that is never negative: as Python's timedelta has them.
  types::Interval interval;
  interval.microseconds = microseconds % types::kMicrosecondsPerDay;
  std::int64_t days = microseconds / types::kMicrosecondsPerDay;
  if (interval.microseconds < 0) {
    interval.microseconds += types::kMicrosecondsPerDay;
    --days;
  }
  interval.days = static_cast<std::int32_t>(days);  // 2^63 microseconds are 107 million days
  value = Value::of_interval(interval);
  return {};
}

Status read_list(const ImportFormat& format, const ArrowArray& array, std::int64_t place,
                 const ImportColumn& column, Value& value) {
  const std::int64_t start = load_whole(array.buffers[kValues], format.width, place);
  const std::int64_t end = load_whole(array.buffers[kValues], format.width, place + 1);
  ImportColumn element{column.name, column.context, column.type};
  element.type.storage = column.type.element;
  element.type.is_nullable = false;  // as in lists of Python
  std::vector<Value> members(static_cast<std::size_t>(end - start));
  for (std::int64_t index = start; index < end; ++index) {
    BRIDGE_RETURN_IF_ERROR(read_element(*format.inner, **array.children, index, element,
                                        members[static_cast<std::size_t>(index - start)]));
  }
  value = Value::of_array(column.type.element, std::move(members));
  return {};
}

Status read_by_index(const ImportFormat& format, const ArrowArray& array, std::int64_t place,
                     const ImportColumn& column, Value& value) {
  std::int64_t index = 0;
  const bool is_signed = format.layout == Layout::kInteger;
  if (is_signed) index = load_whole(array.buffers[kValues], format.width, place);
  const bool is_narrow =
      is_signed || narrow(load_unsigned(array.buffers[kValues], format.width, place), index);
  if (!is_narrow || index < 0 || index >= array.dictionary->length) return broken(column);
  return read_element(*format.inner, *array.dictionary, index, column, value);
}

Status read_present(const ImportFormat& format, const ArrowArray& array, std::int64_t place,
                    const ImportColumn& column, Value& value) {
  switch (format.layout) {
    case Layout::kNothing:
      return broken(column);
    case Layout::kBool:
      value = Value::of_bool(read_bit(array.buffers[kValues], place));
      return {};
    case Layout::kInteger:
    case Layout::kUnsigned:
      return read_whole(format, array, place, column, value);
    case Layout::kReal:
      value = Value::of_real(format.width == sizeof(float)
                                 ? static_cast<double>(load<float>(array.buffers[kValues], place))
                                 : load<double>(array.buffers[kValues], place));
      return {};
    case Layout::kDecimal:
      return read_decimal(format, array, place, column, value);
    case Layout::kBytes:
    case Layout::kBytesView:
    case Layout::kFixedBytes:
      return read_text_or_bytes(format, array, place, column, value);
    case Layout::kDays:
    case Layout::kTime:
    case Layout::kTimestamp:
    case Layout::kDuration:
      return read_time(format, array, place, column, value);
    case Layout::kList:
      return read_list(format, array, place, column, value);
  }
  return broken(column);
}

}  // namespace

Status check_array(const ImportFormat& format, const ArrowArray& array, ElementRange range,
                   const ImportColumn& column) {
  std::int64_t asked = 0;
  std::int64_t end = 0;
  const bool overflows = __builtin_add_overflow(range.from, range.count, &asked) ||
                         __builtin_add_overflow(array.offset, array.length, &end);
  if (overflows || range.from < 0 || range.count < 0 || array.offset < 0 || array.length < asked)
    return broken(column);
  if (array.release == nullptr || !has_buffers(format, array)) return broken(column);
  const bool has_offsets =
      !format.is_dictionary && (format.layout == Layout::kBytes || format.layout == Layout::kList);
  if (range.count > 0 && format.layout != Layout::kNothing) {
    if (array.buffers[kValues] == nullptr) return broken(column);
    if (has_offsets && !has_rising_offsets(format, array, range)) return broken(column);
  }
  return check_inner(format, array, range, column);
}

Status read_element(const ImportFormat& format, const ArrowArray& array, std::int64_t index,
                    const ImportColumn& column, Value& value) {
  const std::int64_t place = array.offset + index;
  if (!is_null(format, array, place)) {
    if (format.is_dictionary) return read_by_index(format, array, place, column, value);
    return read_present(format, array, place, column, value);
  }
  if (!column.type.is_nullable) return refuse(column, "NULL, which the column does not allow");
  value = Value::null(column.type.storage);
  value.element = column.type.element;
  return {};
}

}  // namespace bridge::arrow
