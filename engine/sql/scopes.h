// Which sources an expression can see, and under which name.
#pragma once

#include <optional>
#include <vector>

#include "engine/base/identifier.h"
#include "engine/base/result.h"
#include "engine/sql/table.h"

namespace bridge::sql {

/// One source of a statement under its name in the text.
struct SourceUse {
  const Source* source = nullptr;
  Identifier name;
  bool is_renamed = false;  ///< needs AS
};

/// The stack of nested queries. No two visible sources share a name: what would clash gets `<table>_2`,
/// `<table>_3` and so on. Used by one compilation, in one thread.
class Scopes {
 public:
  explicit Scopes(std::size_t max_identifier_bytes) : max_identifier_bytes_(max_identifier_bytes) {}

  void open() { starts_.push_back(uses_.size()); }
  /// A query that sees none of the sources around it, until `close`.
  void open_isolated();
  void close();
  /// Makes `source` visible in the innermost scope.
  Status add(const Source& source);
  /// The innermost use of `source`; null when none is visible.
  const SourceUse* find(const Source* source) const;
  /// Whether names of columns alone could be ambiguous.
  bool is_qualified() const { return uses_.size() > floor() + 1; }
  /// Whether `source` stands in the innermost scope.
  bool is_local(const Source* source) const;

 private:
  bool is_taken(std::string_view name) const;
  std::size_t floor() const { return floors_.empty() ? 0 : floors_.back(); }

  std::size_t max_identifier_bytes_;
  std::vector<SourceUse> uses_;
  std::vector<std::size_t> starts_;
  std::vector<std::size_t> floors_;    // where the visible part begins, for each isolated query
  std::vector<std::size_t> isolated_;  // which scopes are such queries
};

}  // namespace bridge::sql
