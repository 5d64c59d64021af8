// The common table expressions of one statement, found by a walk over all of it.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/sql/statement_parts.h"

namespace bridge::sql {

/// In the order they must be written in: each after those it reads. Used by one compilation.
class WithTables {
 public:
  struct Entry {
    SourcePtr source;
    std::size_t position = 0;  ///< of the first parameter of its rows
  };

  /// Adds what `statement` reads; `position` is that of its first parameter.
  template <typename Kind>
  void add_all_of(const Kind& statement, std::size_t position) {
    for_each_part(statement, Walk{*this, position});
  }
  const std::vector<Entry>& entries() const { return entries_; }
  /// kQuery when two common tables share a name, or one has the name of a table.
  Status check_names() const;

 private:
  struct Walk {
    WithTables& tables;
    std::size_t position;
    void operator()(const ExpressionPtr& part);
    void operator()(const SourcePtr& source);
  };
  void add(const SourcePtr& source, std::size_t position);
  void search(const Expression& expression, std::size_t position);

  std::vector<Entry> entries_;
  std::vector<SourcePtr> tables_;
};

}  // namespace bridge::sql
