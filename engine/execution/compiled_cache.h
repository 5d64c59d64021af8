// Compiled statements by shape: a hash finds, a structural comparison confirms.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>

#include "engine/base/clock.h"
#include "engine/sql/compiled_statement.h"
#include "engine/sql/dialect.h"
#include "engine/sql/statement.h"

namespace bridge::execution {

/// A compiled shape with what was learned of it.
struct CompiledEntry {
  sql::StatementPtr shape;  ///< the first statement of this shape, without its values
  sql::CompiledPtr compiled;
  Duration average{0};  ///< moving average of its time on the server
  bool has_average = false;

  /// Takes one more measurement: `duration` passed between sending and reading, during which this thread
  /// computed for up to `busy`. The server's own time lies between the two; where that does not tell whether
  /// it was short, nothing is learned.
  void note_duration(Duration duration, Duration busy);
  /// Whether a measurement needs `busy` at all.
  static bool is_doubtful(Duration duration);
  /// Whether it may stand in a pipeline before somebody else's read. False until measured.
  bool is_short() const;
};

using CompiledEntryPtr = std::shared_ptr<CompiledEntry>;

/// Least recently used shapes go first beyond `capacity`. Loop thread only.
class CompiledCache {
 public:
  CompiledCache(const sql::Dialect& dialect, std::size_t capacity) : dialect_(dialect), capacity_(capacity) {}

  /// The entry of the statement's shape, compiled now if need be.
  Result<CompiledEntryPtr> find_or_compile(const sql::StatementPtr& statement);
  std::size_t size() const { return entries_.size(); }

 private:
  using Entries = std::list<CompiledEntryPtr>;
  CompiledEntryPtr find(const sql::Statement& statement);
  void evict_oldest();

  const sql::Dialect& dialect_;
  std::size_t capacity_;
  Entries entries_;  ///< most recently used first
  std::unordered_multimap<std::uint64_t, Entries::iterator> by_hash_;
};

}  // namespace bridge::execution
