// Fuzzes the reader of foreign arrays: the input chooses a column, a format and what every struct claims of
// itself; buffers are as large as the format promises, so that a sanitizer sees each byte read beyond them.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "engine/arrow/import_values.h"
#include "engine/types/utf8.h"

namespace {

using namespace bridge;  // NOLINT(google-build-using-namespace): a program of its own

constexpr std::int64_t kMostElements = 64;
constexpr std::int64_t kByteBufferSize = 4096;  // what offsets and views may point into
constexpr int kDeepest = 2;                     // a list of what is named by index
constexpr std::array kFormats{
    "n",   "b",   "c",   "s",   "i",       "l",       "C",         "S",         "I",    "L",   "f",
    "g",   "u",   "U",   "z",   "Z",       "vu",      "vz",        "tdD",       "+l",   "+L",  "tts",
    "ttm", "ttu", "ttn", "tDs", "tDn",     "tsn:",    "tss:UTC",   "tsu:UTC",   "w:16", "w:3", "d:38,4",
    "d:5", "tdm", "+s",  "w:-", "d:76,-3", "d:9,200", "d:9,2,256", "d:20,2,64",
};
constexpr std::array kStorages{
    types::StorageType::kBool,     types::StorageType::kInt16,     types::StorageType::kInt32,
    types::StorageType::kInt64,    types::StorageType::kFloat64,   types::StorageType::kDecimal,
    types::StorageType::kText,     types::StorageType::kBytes,     types::StorageType::kDate,
    types::StorageType::kTime,     types::StorageType::kTimestamp, types::StorageType::kTimestampUtc,
    types::StorageType::kInterval, types::StorageType::kUuid,      types::StorageType::kJson,
    types::StorageType::kInet,     types::StorageType::kArray,
};

void demand(bool holds) {
  if (!holds) std::abort();
}

/// Takes choices from the input; behind its end everything is zero.
class Choices {
 public:
  explicit Choices(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  std::uint8_t byte() {
    if (bytes_.empty()) return 0;
    const std::uint8_t taken = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return taken;
  }

  /// Mostly small, now and then as far out as numbers go.
  std::int64_t count() {
    constexpr std::uint8_t kFarOut = 250;
    const std::uint8_t chosen = byte();
    if (chosen < kFarOut) return static_cast<std::int64_t>(chosen) % kMostElements;
    constexpr std::array<std::int64_t, 4> kExtremes{-1, INT64_MAX, INT64_MIN, INT64_MAX - 1};
    return kExtremes[chosen % kExtremes.size()];
  }

  void fill(std::vector<std::uint8_t>& buffer) {
    for (std::uint8_t& each : buffer) each = byte();
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

template <typename Struct>
void release(Struct* released) {
  released->release = nullptr;
}

/// Structs and buffers of one input; all die together.
class Foreign {
 public:
  explicit Foreign(Choices& choices) : choices_(choices) {}

  ArrowSchema& schema(int depth) {
    ArrowSchema& made = schemas_.emplace_back();
    made.format = kFormats[choices_.byte() % kFormats.size()];
    made.release = choices_.byte() == UINT8_MAX ? nullptr : &release<ArrowSchema>;
    const std::uint8_t family = choices_.byte();
    if (depth == 0) return made;
    if (made.format[0] == '+' && family != 0) {
      made.n_children = 1;
      made.children = &schema_links_.emplace_back(&schema(depth - 1));
    } else if (family % 4 == 1) {
      made.dictionary = &schema(depth - 1);
    }
    return made;
  }

  /// An array that claims to be of the format.
  ArrowArray& array(const arrow::ImportFormat& format) {
    ArrowArray& made = arrays_.emplace_back();
    made.length = choices_.count();
    made.offset = choices_.count();
    std::int64_t end = 0;
    const bool is_possible =
        made.length >= 0 && made.offset >= 0 && !__builtin_add_overflow(made.length, made.offset, &end);
    if (is_possible) {  // then the claim is to be believed, and no buffer here is as large as the largest
      made.length %= kMostElements;
      made.offset %= kMostElements;
    }
    made.null_count = choices_.count();
    made.release = choices_.byte() == UINT8_MAX ? nullptr : &release<ArrowArray>;
    std::vector<const void*>& buffers = buffer_lists_.emplace_back();
    if (format.layout != arrow::Layout::kNothing) add_buffers(format, made, buffers);
    const std::uint8_t lie = choices_.byte();
    made.n_buffers = static_cast<std::int64_t>(buffers.size()) - (lie == 1 ? 1 : 0);
    made.buffers = lie == 2 ? nullptr : buffers.data();
    if (format.is_dictionary) {
      made.dictionary = lie == 3 ? nullptr : &array(*format.inner);
    } else if (format.layout == arrow::Layout::kList) {
      made.n_children = lie == 4 ? 0 : 1;
      made.children = &array_links_.emplace_back(&array(*format.inner));
    }
    return made;
  }

 private:
  void add_buffers(const arrow::ImportFormat& format, const ArrowArray& made,
                   std::vector<const void*>& buffers) {
    // As many elements as a buffer must have by what the struct claims; none where that is impossible.
    const bool is_possible = std::clamp<std::int64_t>(made.length, 0, kMostElements) == made.length &&
                             std::clamp<std::int64_t>(made.offset, 0, kMostElements) == made.offset;
    const auto elements = static_cast<std::size_t>(is_possible ? made.length + made.offset : 0);
    constexpr std::size_t kBitsPerByte = 8;
    buffers.push_back(choices_.byte() % 2 == 0 ? nullptr : bytes(elements / kBitsPerByte + 1));
    const bool has_offsets = !format.is_dictionary && (format.layout == arrow::Layout::kBytes ||
                                                       format.layout == arrow::Layout::kList);
    if (has_offsets) {
      buffers.push_back(offsets(elements + 1, format.width));
    } else if (choices_.byte() == UINT8_MAX) {
      buffers.push_back(nullptr);
    } else {
      buffers.push_back(bytes(format.layout == arrow::Layout::kBool ? elements / kBitsPerByte + 1
                                                                    : elements * format.width));
    }
    if (format.is_dictionary) return;
    if (format.layout == arrow::Layout::kBytes) buffers.push_back(bytes(kByteBufferSize));
    if (format.layout == arrow::Layout::kBytesView) {
      buffers.push_back(bytes(kByteBufferSize));
      std::vector<std::uint8_t>& sizes = stored_.emplace_back(sizeof(kByteBufferSize));
      std::memcpy(sizes.data(), &kByteBufferSize, sizeof(kByteBufferSize));
      buffers.push_back(sizes.data());
    }
  }

  const void* bytes(std::size_t size) {
    std::vector<std::uint8_t>& made = stored_.emplace_back(size);
    choices_.fill(made);
    return made.data();
  }

  // Mostly rising, as others are refused, and within the bytes: the format promises that much.
  const void* offsets(std::size_t count, std::size_t width) {
    std::vector<std::uint8_t>& made = stored_.emplace_back(count * width);
    std::int64_t offset = 0;
    for (std::size_t index = 0; index < count; ++index) {
      const std::uint8_t step = choices_.byte();
      offset = step == UINT8_MAX ? -1 : std::min<std::int64_t>(offset + step % 16, kByteBufferSize);
      std::memcpy(made.data() + index * width, &offset, width);  // the low bytes: little-endian
    }
    return made.data();
  }

  Choices& choices_;
  std::deque<ArrowSchema> schemas_;
  std::deque<ArrowSchema*> schema_links_;
  std::deque<ArrowArray> arrays_;
  std::deque<ArrowArray*> array_links_;
  std::deque<std::vector<const void*>> buffer_lists_;
  std::deque<std::vector<std::uint8_t>> stored_;
};

arrow::ImportColumn choose_column(Choices& choices) {
  arrow::ImportColumn column{.name = "fuzzed", .context = "Fuzzed.column", .type = {}};
  column.type.storage = kStorages[choices.byte() % kStorages.size()];
  column.type.element = kStorages[choices.byte() % (kStorages.size() - 1)];
  column.type.is_nullable = choices.byte() % 2 == 0;
  column.type.max_length = choices.byte() % 2 == 0 ? 0 : 5;
  column.type.precision = choices.byte() % 2 == 0 ? 0 : 9;
  column.type.scale = 2;
  return column;
}

void check_value(const types::Value& value, const arrow::ImportColumn& column) {
  if (value.is_null) return demand(column.type.is_nullable);
  demand(value.type == column.type.storage);
  if (value.type != types::StorageType::kText) return;
  demand(types::is_valid_utf8(value.text) && value.text.find('\0') == std::string::npos);
  demand(column.type.max_length == 0 || types::count_code_points(value.text) <= column.type.max_length);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Choices choices(std::span(bytes, size));
  const arrow::ImportColumn column = choose_column(choices);
  Foreign foreign(choices);
  const auto format = arrow::read_import_format(foreign.schema(kDeepest), column);
  if (!format) return 0;
  const ArrowArray& array = foreign.array(*format);
  const arrow::ElementRange range{choices.count(), choices.count()};
  if (!arrow::check_array(*format, array, range, column)) return 0;
  for (std::int64_t index = range.from; index < range.from + range.count; ++index) {
    types::Value value;
    if (arrow::read_element(*format, array, index, column, value)) check_value(value, column);
  }
  return 0;
}
