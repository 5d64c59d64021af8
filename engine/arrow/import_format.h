// What a column of a foreign stream is, and whether a column of ours takes it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/arrow/c_interface.h"
#include "engine/base/result.h"
#include "engine/types/storage_type.h"

namespace bridge::arrow {

/// The column that values are meant for.
struct ImportColumn {
  std::string name;     ///< as the stream calls it
  std::string context;  ///< "Book.price", for messages
  types::ColumnType type;
  std::vector<std::string> labels = {};  ///< where the text is one of a closed list
  std::string outermost = {};            ///< of JSON: the bracket it begins with, where it must
};

/// How the values of a foreign column lie in memory.
enum class Layout : std::uint8_t {
  kNothing,  ///< every value is null
  kBool,
  kInteger,
  kUnsigned,
  kReal,
  kDecimal,
  kBytes,       ///< with offsets of `width` bytes
  kBytesView,   ///< sixteen bytes each: short ones whole, long ones by buffer and place
  kFixedBytes,  ///< of `width`
  kDays,
  kTime,
  kTimestamp,
  kDuration,
  kList,  ///< with offsets of `width` bytes
};

/// A type read from a schema, checked against the column it is meant for.
struct ImportFormat {
  Layout layout = Layout::kNothing;
  std::size_t width = 0;                                ///< bytes of one value or offset
  std::int32_t scale = 0;                               ///< of decimals
  std::int64_t per_second = 0;                          ///< units of times and moments
  bool is_text = false;                                 ///< of bytes: said to be UTF-8
  bool has_zone = false;                                ///< of moments
  std::shared_ptr<const ImportFormat> inner = nullptr;  ///< of a list's elements, or of a dictionary's values
  bool is_dictionary = false;                           ///< `layout` is that of the index
};

/// Reads the format of a field. kValidation, naming the column, where its values are of another type than the
/// column's, or of a type nobody here reads.
Result<ImportFormat> read_import_format(const ArrowSchema& schema, const ImportColumn& column);

}  // namespace bridge::arrow
