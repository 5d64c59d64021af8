// Immutable statements: what to say, in no database's words.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "engine/sql/expression.h"
#include "engine/sql/table.h"
#include "engine/sql/versions.h"

namespace bridge::sql {

/// Stands for all columns of a source from the first one on.
inline constexpr std::size_t kAllColumns = static_cast<std::size_t>(-1);

/// One thing selected: columns of a source (an entity), or one expression.
struct Selection {
  SourcePtr entity;          ///< set for an entity
  ExpressionPtr expression;  ///< set otherwise; may be a Label
  std::size_t first_column = 0;
  std::size_t column_count = kAllColumns;

  /// The place behind the last column of an entity.
  std::size_t end_column() const {
    return column_count == kAllColumns ? entity->table->columns.size() : first_column + column_count;
  }
};

enum class JoinKind : std::uint8_t { kInner, kLeft, kRight, kFull, kCross };
/// A further source, kept together with the rows before it by a condition; kCross alone has none.
struct Join {
  JoinKind kind = JoinKind::kInner;
  SourcePtr source;
  ExpressionPtr condition;
};

enum class LockStrength : std::uint8_t { kNone, kShare, kUpdate };
/// How the rows of several queries become those of one.
enum class SetOperator : std::uint8_t { kUnion, kUnionAll, kIntersect, kIntersectAll, kExcept, kExceptAll };
/// Row locks a select takes; `of` names the sources locked, empty = all.
struct Lock {
  LockStrength strength = LockStrength::kNone;
  bool skip_locked = false;
  bool nowait = false;
  std::vector<SourcePtr> of;
};

/// A read. Clauses left empty are not written.
struct Select {
  std::vector<Selection> selections;
  std::vector<SourcePtr>
      from;  ///< first is the root; further ones come from selecting several entities without a join
  std::vector<Join> joins;
  std::vector<ExpressionPtr> where;  ///< all must hold
  std::vector<ExpressionPtr> group_by;
  std::vector<ExpressionPtr> having;
  std::vector<ExpressionPtr> order_by;  ///< Ordering nodes or plain expressions
  std::vector<ExpressionPtr> distinct_on;
  bool is_distinct = false;
  ExpressionPtr limit;  ///< Parameter of kInt64, or null
  ExpressionPtr offset;
  Lock lock;
  /// Two or more queries whose rows are combined: `selections` are then those of the first, and only order_by
  /// (over them), limit and offset may be set beside it.
  std::vector<std::shared_ptr<const Select>> operands{};
  SetOperator set_operator = SetOperator::kUnion;
  /// The state of the data that all its tables are read in, those of subqueries and common tables included
  /// unless they say their own; nothing: as it is now.
  std::optional<PointInTime> as_of{};
};

/// `column = value` of an update or upsert; the column is an index into the table.
struct Assignment {
  std::size_t column = 0;
  ExpressionPtr value;
};

/// What an insert does with a row that is there already.
struct OnConflict {
  std::vector<std::size_t> target;  ///< columns of a unique key; empty with kIgnore = any key
  enum class Action : std::uint8_t { kIgnore, kUpdate } action = Action::kIgnore;
  std::vector<Assignment> assignments;  ///< with kUpdate; may use Excluded nodes and columns of `source`
  ExpressionPtr where;
};

/// New rows for one table: from values, from a query, or bound from outside (bulk).
struct Insert {
  SourcePtr source;
  std::vector<std::size_t> columns;
  /// Row-major, columns.size() per row. Empty when rows come from outside (bulk): then `row_count` rows of
  /// parameters are bound in order.
  std::vector<ExpressionPtr> values;
  std::size_t row_count = 1;
  std::shared_ptr<const Select> query;  ///< INSERT ... SELECT instead of values
  std::optional<OnConflict> on_conflict;
  std::vector<Selection> returning;
};

/// A change of the rows that meet every condition.
struct Update {
  SourcePtr source;
  std::vector<Assignment> assignments;
  std::vector<ExpressionPtr> where;
  bool is_everywhere = false;  ///< said on purpose; without it an empty `where` is refused
  std::vector<Selection> returning;
  std::vector<SourcePtr> from{};  ///< further sources that conditions and values may speak of
};

/// The end of the rows that meet every condition.
struct Delete {
  SourcePtr source;
  std::vector<ExpressionPtr> where;
  bool is_everywhere = false;
  std::vector<Selection> returning;
  std::vector<SourcePtr> from{};  ///< further sources that conditions may speak of
};

/// DDL: a table with its columns, keys and constraints.
struct CreateTable {
  TablePtr table;
  bool if_not_exists = true;
  /// Foreign keys whose target does not exist yet: left to an AddForeignKey where the dialect has that,
  /// written here where it has not.
  std::vector<std::size_t> postponed_foreign_keys{};
};
/// Foreign keys of a circle are added after both tables exist, where the dialect can.
struct AddForeignKey {
  TablePtr table;
  std::size_t foreign_key = 0;
  /// It belongs to a CreateTable that postponed it: does nothing where the dialect wrote it there already.
  bool is_postponed = false;
};
/// DDL: one index of a table.
struct CreateIndex {
  TablePtr table;
  std::size_t index = 0;
  bool if_not_exists = true;
};
/// What a text index is made of where the database does not keep it by itself; elsewhere all but kWords do
/// nothing.
enum class TextIndexPart : std::uint8_t { kWords, kWhenInserted, kWhenDeleted, kWhenUpdated, kRowsThere };
/// DDL: one part of one text index of a table.
struct CreateTextIndex {
  TablePtr table;
  std::size_t index = 0;
  TextIndexPart part = TextIndexPart::kWords;
};
/// DDL: a text index goes, if it is there.
struct DropTextIndex {
  TablePtr table;
  std::size_t index = 0;
};
/// DDL: a table and everything in it goes.
struct DropTable {
  TablePtr table;
  bool if_exists = true;
  bool cascade = false;
};

/// How much transactions see of each other; kDefault is what the database does by itself.
enum class Isolation : std::uint8_t {
  kDefault,
  kReadUncommitted,
  kReadCommitted,
  kRepeatableRead,
  kSerializable
};
/// Begins a transaction.
struct Begin {
  Isolation isolation = Isolation::kDefault;
  bool is_readonly = false;
  bool is_deferrable = false;
};
struct Commit {};
struct Rollback {};
/// A point inside a transaction to come back to.
struct Savepoint {
  Identifier name;
};
/// Forgets a savepoint, keeping what was done since.
struct ReleaseSavepoint {
  Identifier name;
};
/// Undoes what was done since a savepoint, which stays.
struct RollbackToSavepoint {
  Identifier name;
};

/// SQL written by the application: provenance was proved by the caller. Pieces of text with expressions
/// between them (pieces.size() == parts.size() + 1); each part is a Parameter or any other expression.
/// raw_sql.h checks the text.
struct Raw {
  std::vector<std::string> pieces;
  std::vector<ExpressionPtr> parts;
  std::vector<types::ColumnType> result_types;  ///< empty: types follow from the wire
};
class Statement;
using StatementPtr = std::shared_ptr<const Statement>;
/// Asks for the plan of a query, a write, or raw text; `analyze` runs it.
struct Explain {
  std::shared_ptr<const Select> query;
  bool analyze = false;
  StatementPtr other{};  ///< set instead of `query`; holds a Raw, Insert, Update or Delete
};

using StatementBody =
    std::variant<Select, Insert, Update, Delete, CreateTable, AddForeignKey, CreateIndex, CreateTextIndex,
                 DropTextIndex, DropTable, Begin, Commit, Rollback, Savepoint, ReleaseSavepoint,
                 RollbackToSavepoint, Raw, Explain, VersionChange>;

/// A statement with the hash of its shape. Immutable, shared between threads.
class Statement {
 public:
  explicit Statement(StatementBody body);
  const StatementBody& body() const { return body_; }
  std::uint64_t hash() const { return hash_; }
  /// The statement as a query; null for any other kind.
  const Select* query() const { return std::get_if<Select>(&body_); }

 private:
  StatementBody body_;
  std::uint64_t hash_;
};

inline StatementPtr make_statement(StatementBody body) {
  return std::make_shared<const Statement>(std::move(body));
}

}  // namespace bridge::sql
