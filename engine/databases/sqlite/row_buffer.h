// Rows copied out of SQLite, which keeps a value only until its next step.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/databases/sqlite/stored_cell.h"
#include "engine/driver/row_batch.h"

struct sqlite3_stmt;

namespace bridge::sqlite {

/// A batch of rows that owns its bytes; filled by one thread, then read by another, never both at once.
/// Reuses its memory.
class RowBuffer {
 public:
  /// Copies the row `statement` stands on. False when SQLite ran out of memory converting it.
  [[nodiscard]] bool append_row(sqlite3_stmt* statement, int columns);
  void clear();

  std::size_t row_count() const { return rows_; }
  /// Whether another row belongs into the next batch.
  bool is_full() const;
  driver::RowBatch view(std::span<const driver::ResultColumn> columns) const { return {columns, cells_}; }

 private:
  bool append_value(sqlite3_stmt* statement, int column);
  std::byte* claim(std::size_t size);
  void append_cell(StoredType type, const void* bytes, std::size_t size);

  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };
  std::vector<Block> blocks_;  // never moved while filled: cells point into them
  std::size_t block_ = 0;
  std::size_t used_ = 0;
  std::size_t total_ = 0;
  std::vector<driver::Cell> cells_;
  std::size_t rows_ = 0;
};

}  // namespace bridge::sqlite
