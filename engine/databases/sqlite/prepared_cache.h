// Prepared statements of one connection, the least recently used leaving first.
#pragma once

#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/driver/row_batch.h"
#include "engine/sql/compiled_statement.h"

struct sqlite3;
struct sqlite3_stmt;

namespace bridge::sqlite {

/// A statement SQLite has prepared, its result's columns, and how long it usually takes here. Used by one
/// thread at a time.
class Prepared {
 public:
  Prepared(sqlite3_stmt* statement, std::shared_ptr<const sql::CompiledStatement> compiled);
  ~Prepared();
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  sqlite3_stmt* get() const { return statement_; }
  const sql::CompiledStatement& compiled() const { return *compiled_; }
  /// Whether it gives rows and changes nothing; SQLite's word, not the compiler's.
  bool is_read() const { return is_read_; }

  /// The columns of the result, made again after SQLite prepared the statement anew. Call after the first
  /// step. kDecode when their number is not the one the statement was compiled for.
  Status describe();
  std::span<const driver::ResultColumn> columns() const { return columns_; }

  /// Remembers how long a run took; a moving average.
  void note_duration(Duration duration);
  /// Remembers that it outlasts a turn of the loop.
  void note_long();
  bool is_known() const { return runs_ > 0; }
  Duration usual_duration() const { return average_; }

 private:
  sqlite3_stmt* statement_;
  std::shared_ptr<const sql::CompiledStatement> compiled_;
  bool is_read_;
  bool is_described_ = false;
  int times_prepared_ = 0;
  std::vector<driver::ResultColumn> columns_;
  Duration average_{0};
  std::uint64_t runs_ = 0;
};
using PreparedPtr = std::shared_ptr<Prepared>;

/// Keyed by CompiledStatement::serial. Holds at most kPreparedCacheSize; whoever runs one keeps it alive. Not
/// thread safe.
class PreparedCache {
 public:
  /// The prepared form, from the cache or made now. Errors as in error_map; kQuery when anything but blanks
  /// follows the first statement of the text.
  Result<PreparedPtr> find_or_prepare(sqlite3* database,
                                      const std::shared_ptr<const sql::CompiledStatement>& compiled);
  /// Prepares without keeping: for whoever leaves a statement open while others run the same one. Errors as
  /// above.
  static Result<PreparedPtr> prepare(sqlite3* database,
                                     const std::shared_ptr<const sql::CompiledStatement>& compiled);
  bool has(std::uint64_t serial) const { return index_.contains(serial); }
  void forget(std::uint64_t serial);
  void clear();

 private:
  std::list<PreparedPtr> order_;  // most recently used first
  std::unordered_map<std::uint64_t, std::list<PreparedPtr>::iterator> index_;
};

}  // namespace bridge::sqlite
