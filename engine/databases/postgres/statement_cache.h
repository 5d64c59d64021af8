// The statements one connection has prepared, by compilation number, the least recently used first to go.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/driver/row_batch.h"

namespace bridge::postgres {

/// A statement as the server knows it. `name` is empty for one that is not kept.
struct PreparedStatement {
  std::uint64_t serial = 0;
  std::string name;
  std::vector<std::uint32_t> parameter_types;
  std::vector<driver::ResultColumn> columns;
};
using PreparedPtr = std::shared_ptr<PreparedStatement>;

/// Bounded; owned by one connection.
class StatementCache {
 public:
  explicit StatementCache(std::size_t limit) : limit_(limit) {}

  /// Null when it is not here; else it counts as used now.
  PreparedPtr find(std::uint64_t serial);
  bool contains(std::uint64_t serial) const { return places_.contains(serial); }
  /// Adds a statement; answers the one that had to go for it, or null.
  PreparedPtr insert(PreparedPtr prepared);
  /// Takes a statement out; null when it is not here.
  PreparedPtr remove(std::uint64_t serial);
  void clear();
  std::size_t size() const { return places_.size(); }

 private:
  using Order = std::list<PreparedPtr>;
  std::size_t limit_;
  Order order_;  // most recently used first
  std::unordered_map<std::uint64_t, Order::iterator> places_;
};

}  // namespace bridge::postgres
