// Many rows into one table: a prepared INSERT run row by row inside one transaction or savepoint.
#pragma once

#include <optional>
#include <vector>

#include "engine/databases/sqlite/statement_run.h"
#include "engine/driver/driver.h"

namespace bridge::sqlite {

/// Rows pulled from a source in the loop's thread, to be inserted in the worker's. Reuses its memory.
struct RowSlice {
  std::vector<std::vector<types::Value>> rows;
  std::size_t count = 0;
  bool is_last = false;

  /// Takes the next rows; fails with the source's error.
  Status pull(driver::RowSource& source);
};

/// One bulk load. Everything but the slices' filling blocks on the file and belongs to the thread whose turn
/// it is.
class BulkLoad {
 public:
  BulkLoad(DatabaseHandle& handle, PreparedPtr insert);

  /// Opens the transaction, or a savepoint within the one that is open. May answer a busy code, nothing being
  /// open then.
  int begin();
  /// Inserts a slice.
  Status insert(const RowSlice& slice);
  /// Makes it last, or takes every row back.
  Status finish(bool is_good);

  std::int64_t inserted() const { return inserted_; }
  /// Set by what failed last: the file cannot be trusted any more.
  bool is_fatal() const { return is_fatal_; }

 private:
  Status run(const char* text);

  DatabaseHandle& handle_;
  PreparedPtr insert_;
  bool is_nested_;
  bool is_fatal_ = false;
  std::int64_t inserted_ = 0;
};

}  // namespace bridge::sqlite
