// A result as columns: what is filled once and then only read, by as many consumers as like.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/types/storage_type.h"

namespace bridge::arrow {

using Buffer = std::vector<std::byte>;

/// The values of one column in one batch. Buffers lie as the format of the field demands, the validity bitmap
/// first; that is empty where nothing is null.
struct ColumnBuffers {
  std::int64_t length = 0;
  std::int64_t null_count = 0;
  std::vector<Buffer> buffers;
  std::vector<ColumnBuffers> children;
};

/// One column of the result.
struct Field {
  std::string name;
  types::ColumnType type;
};

/// Some rows of the result.
struct RecordBatch {
  std::int64_t row_count = 0;
  std::vector<ColumnBuffers> columns;
};

/// A whole result. Immutable once shared; exported arrays keep it alive.
struct Table {
  std::vector<Field> fields;
  std::vector<RecordBatch> batches;

  std::int64_t row_count() const {
    std::int64_t rows = 0;
    for (const RecordBatch& batch : batches) rows += batch.row_count;
    return rows;
  }
};

/// The short text that names a type in a schema ("l", "tsu:UTC", "+l"). kUnsupportedFeature, naming the
/// column, for what Arrow cannot hold exactly: decimals of unknown precision, or of more than 76 digits.
Result<std::string> to_format(const Field& field);

}  // namespace bridge::arrow
