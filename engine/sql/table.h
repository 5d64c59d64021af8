// What the engine knows of a table: names, types, keys. Made once per model class.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/identifier.h"
#include "engine/types/storage_type.h"
#include "engine/types/value.h"

namespace bridge::sql {

class Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;
struct Derived;

/// Who fills a column that an insert leaves out.
enum class Generation : std::uint8_t {
  kNone,        ///< the caller must
  kIdentity,    ///< the database numbers rows
  kExpression,  ///< the column's default expression, evaluated by the database
};

/// One column: its name, type, and who fills it when an insert leaves it out.
struct Column {
  Identifier name;
  types::ColumnType type;
  bool is_primary_key = false;
  Generation generation = Generation::kNone;
  ExpressionPtr default_expression{};  ///< set when generation is kExpression; literals and functions only
  std::vector<std::string> labels{};   ///< closed list of texts (an enum); becomes a check constraint
};

enum class ReferentialAction : std::uint8_t { kNoAction, kRestrict, kCascade, kSetNull, kSetDefault };

/// A foreign key, by names, since tables may refer to each other in circles.
struct ForeignKey {
  std::optional<Identifier> name{};
  std::vector<std::size_t> columns{};  ///< indices into Table::columns
  std::optional<Identifier> target_schema{};
  Identifier target_table;
  std::vector<Identifier> target_columns{};
  ReferentialAction on_delete = ReferentialAction::kNoAction;
  ReferentialAction on_update = ReferentialAction::kNoAction;
  bool is_deferred = false;  ///< checked when the transaction commits, not with every statement
};

/// Columns whose values together occur once; indices into Table::columns.
struct UniqueConstraint {
  std::optional<Identifier> name{};
  std::vector<std::size_t> columns{};
  bool is_deferred = false;  ///< checked when the transaction commits, not with every row
};

/// A condition every row meets.
struct CheckConstraint {
  std::optional<Identifier> name{};
  ExpressionPtr condition{};  ///< its values become typed literals in DDL, written by the engine
};

/// An index over columns or expressions.
struct Index {
  std::optional<Identifier> name{};
  std::vector<ExpressionPtr> keys{};  ///< columns, possibly with ordering
  bool is_unique = false;
};

/// An index over the words of texts, which makes them searchable (text_search.h).
struct TextIndex {
  std::optional<Identifier> name{};
  std::vector<std::size_t> columns{};  ///< text columns, as indices into Table::columns
  std::string language{};              ///< whose endings are known; see is_search_language
};

/// A table. Immutable once in a `TablePtr`; shared by every statement that names it. Constraint names left
/// out are derived by the compiler: `<table>_<columns>_<suffix>`, shortened by hash to the dialect's limit.
struct Table {
  Identifier name;
  std::optional<Identifier> schema{};
  std::vector<Column> columns{};
  std::vector<ForeignKey> foreign_keys{};
  std::vector<UniqueConstraint> unique_constraints{};
  std::vector<CheckConstraint> checks{};
  std::vector<Index> indexes{};
  std::vector<TextIndex> text_indexes{};
  /// Number given when made, never reused: two tables of one name stay apart in every cache.
  std::uint64_t serial = 0;

  std::optional<std::size_t> find_column(std::string_view column) const;
};
using TablePtr = std::shared_ptr<const Table>;

/// Checks that names are distinct, keys exist and types make sense, and gives the table its serial. kModel on
/// failure.
Result<TablePtr> make_table(Table table);

/// One use of a table in a statement. Two sources of one table are its two copies in a self join.
struct Source {
  TablePtr table;
  bool is_aliased = false;  ///< gets an alias of its own in the text
  /// Set where the rows are made by the statement itself (derived.h); `table` then names and types its
  /// columns.
  std::shared_ptr<const Derived> derived{};
};
using SourcePtr = std::shared_ptr<const Source>;

}  // namespace bridge::sql
