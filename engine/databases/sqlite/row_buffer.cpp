// Cells in blocks that stay where they are.
#include "engine/databases/sqlite/row_buffer.h"

#include <sqlite3.h>

#include <algorithm>

#include "engine/base/limits.h"

namespace bridge::sqlite {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{64} * 1024;  // a usual batch fits one or two blocks
// stays in a core's second cache until it is decoded
constexpr std::size_t kBatchBytes = std::size_t{512} * 1024;
constexpr std::size_t kKeptBlocks = 16;  // what an idle connection may hold on to

}  // namespace

bool RowBuffer::is_full() const { return rows_ >= kMaxBatchRows || total_ >= kBatchBytes; }

void RowBuffer::clear() {
  cells_.clear();
  rows_ = 0;
  total_ = 0;
  block_ = 0;
  used_ = 0;
  std::erase_if(blocks_, [](const Block& block) { return block.size > kBlockBytes; });
  if (blocks_.size() > kKeptBlocks) blocks_.resize(kKeptBlocks);
}

std::byte* RowBuffer::claim(std::size_t size) {
  while (block_ < blocks_.size() && blocks_[block_].size - used_ < size) {
    ++block_;
    used_ = 0;
  }
  if (block_ == blocks_.size()) {
    const std::size_t room = std::max(size, kBlockBytes);
    blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(room), room});
    used_ = 0;
  }
  std::byte* place = blocks_[block_].bytes.get() + used_;
  used_ += size;
  total_ += size;
  return place;
}

void RowBuffer::append_cell(StoredType type, const void* bytes, std::size_t size) {
  std::byte* place = claim(size + 1);
  place[0] = static_cast<std::byte>(type);
  if (size > 0) std::memcpy(place + 1, bytes, size);
  // SQLite's limit on lengths (limits.h) keeps this far below 31 bits
  cells_.push_back({place, static_cast<std::int32_t>(size + 1)});
}

bool RowBuffer::append_value(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: {
      const std::int64_t number = sqlite3_column_int64(statement, column);
      append_cell(StoredType::kInteger, &number, sizeof(number));
      return true;
    }
    case SQLITE_FLOAT: {
      const double number = sqlite3_column_double(statement, column);
      append_cell(StoredType::kReal, &number, sizeof(number));
      return true;
    }
    case SQLITE_TEXT: {
      const void* text = sqlite3_column_text(statement, column);
      if (text == nullptr) return false;
      append_cell(StoredType::kText, text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
      return true;
    }
    case SQLITE_BLOB: {
      const void* blob = sqlite3_column_blob(statement, column);
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      if (blob == nullptr && size > 0) return false;
      append_cell(StoredType::kBlob, blob, size);
      return true;
    }
    default:
      cells_.push_back({});
      return true;
  }
}

bool RowBuffer::append_row(sqlite3_stmt* statement, int columns) {
  for (int column = 0; column < columns; ++column) {
    if (!append_value(statement, column)) return false;
  }
  ++rows_;
  return true;
}

}  // namespace bridge::sqlite
