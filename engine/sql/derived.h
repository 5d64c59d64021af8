// Rows a statement makes for itself: subqueries, common table expressions and values in FROM.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/sql/statement.h"

namespace bridge::sql {

/// Where the rows of a derived source are made.
enum class DerivedKind : std::uint8_t {
  kSubquery,
  kLateral,    ///< a subquery that may speak of the sources before it
  kWith,       ///< a common table expression
  kRecursion,  ///< the rows so far, inside the recursive part of a common table expression
  kValues,
  kLists,     ///< like kValues, but a list parameter holds each column: one text serves any number of rows
  kVersions,  ///< what the database knows of its versions
};
/// Whether a common table expression is computed once, or merged into what reads it.
enum class Materialization : std::uint8_t { kDefault, kAlways, kNever };

/// What a derived source is made of. Immutable, shared between threads.
struct Derived {
  DerivedKind kind = DerivedKind::kSubquery;
  StatementPtr body{};            ///< a query, or (kWith) a write that returns rows
  StatementPtr recursive_part{};  ///< kWith: the query that is repeated with the rows it gave last
  SourcePtr recursion{};          ///< kWith: how `recursive_part` speaks of those rows
  /// kValues: row-major, as wide as the table. kLists: for each column a Parameter of kArray, all of one
  /// length.
  std::vector<ExpressionPtr> rows{};
  Materialization materialization = Materialization::kDefault;
  std::optional<VersionSource> versions{};  ///< kVersions
  // Sums over all of it.
  std::uint32_t parameter_count = 0;
  std::uint32_t node_count = 0;
  std::uint32_t depth = 0;
  bool is_read_only = true;
};
using SourceResult = Result<SourcePtr>;

/// The rows of a query as a source. kQuery for a query that locks rows or selects nothing.
SourceResult make_subquery_source(const Identifier& name, StatementPtr query, DerivedKind kind);
/// A common table expression. A write must return rows.
SourceResult make_with_source(const Identifier& name, StatementPtr body, Materialization materialization);
/// The rows so far of a recursive common table expression that begins with `anchor`.
SourceResult make_recursion_source(const Identifier& name, const StatementPtr& anchor);
/// The union (all) of `anchor` and what `recursive_part` makes of the rows so far, which it knows as
/// `recursion`. kQuery when both do not give rows of one shape, or the part does not speak of `recursion`.
SourceResult make_recursive_source(const SourcePtr& recursion, StatementPtr anchor,
                                   StatementPtr recursive_part, Materialization materialization);
/// The rows of raw text, which must give columns of these names and types.
SourceResult make_raw_source(const Identifier& name, std::vector<Column> columns, StatementPtr raw);
/// Rows of values; `columns` are named and typed, each row as long as they.
SourceResult make_values_source(const Identifier& name, std::vector<Column> columns,
                                std::vector<ExpressionPtr> rows);
/// Rows whose values stand in lists, one for each column, all of one length. kQuery when they are not, or
/// when a column is itself a list.
SourceResult make_lists_source(const Identifier& name, std::vector<Column> columns,
                               std::vector<std::vector<types::Value>> lists);
/// What the database knows of its versions; `columns` are those of its table that are to be read.
SourcePtr make_version_source(const Identifier& name, std::vector<Column> columns, VersionSource versions);
/// Whether its rows may be others than those of its tables now: states that were, or comparisons of them.
bool reads_past(const Source& source);
/// A further use of the same rows under a name of its own.
SourcePtr make_copy(const SourcePtr& source);

}  // namespace bridge::sql
