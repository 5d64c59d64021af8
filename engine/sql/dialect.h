// The questions a database answers about its SQL, with standard SQL as the default answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/identifier.h"
#include "engine/base/result.h"
#include "engine/sql/capabilities.h"
#include "engine/sql/expression.h"
#include "engine/sql/raw_sql.h"
#include "engine/sql/sql_writer.h"
#include "engine/sql/statement.h"

namespace bridge::sql {

class Compilation;
class PartPositions;

/// Bounds of one database.
struct DialectLimits {
  std::size_t max_parameters = 65'535;
  std::size_t max_identifier_bytes = kIdentifierMaxLength;
  std::size_t max_rows_per_values = 1'000;
};

/// One occurrence of an expression in a statement: the node, and the position of its first parameter in
/// collect_parameters(). Writing an operand twice, or operands in another order, is safe.
struct Operand {
  const Expression* node = nullptr;
  std::size_t position = 0;
  explicit operator bool() const { return node != nullptr; }
};

/// The update of an upsert, in parts.
struct ConflictClause {
  const Insert& insert;
  std::vector<Operand> assigned;  ///< one per assignment
  Operand where;                  ///< may be empty
};

/// Stateless; one instance per database, shared by all threads. Every `write_...` appends to the writer and
/// fails with kUnsupportedFeature, naming the construct and the database, where it has no such thing.
class Dialect {
 public:
  virtual ~Dialect() = default;

  /// Product name for messages and telemetry.
  virtual std::string_view name() const = 0;
  virtual const Capabilities& capabilities() const = 0;
  virtual DialectLimits limits() const { return {}; }

  // --- names, types, constants

  /// Appends `name` quoted; it has been validated, so quoting needs no escape.
  virtual void write_quoted(std::string& text, const Identifier& name) const;
  /// Appends the placeholder number `index` (from 0).
  virtual void write_placeholder(std::string& text, std::size_t index,
                                 const types::ColumnType& type) const = 0;
  /// The column type in DDL and casts.
  virtual Status write_type(SqlWriter& writer, const types::ColumnType& type) const = 0;
  /// A typed literal inside DDL. `type` is that of the column it belongs to.
  virtual Status write_literal(std::string& text, const types::Value& value,
                               const types::ColumnType& type) const;
  /// How this database reads raw text, beyond standard SQL.
  virtual RawTextRules raw_text_rules() const { return {}; }
  /// Name of a function in this database; the call's shape is standard. Null answer: not available.
  virtual std::optional<std::string_view> function_name(std::string_view portable_name) const;

  // --- expressions

  /// An operand whose order or equality counts: of a comparison, in ORDER BY, GROUP BY, DISTINCT. `other` is
  /// what it is compared with; null there.
  virtual Status write_compared(Compilation& compilation, Operand operand, const Expression* other) const;
  /// A bound value whose type nothing around it tells: by default its placeholder alone.
  virtual Status write_parameter(Compilation& compilation, Operand parameter) const;
  /// A bound value that is itself a column of a query's rows: by default as any other.
  virtual Status write_selected_value(Compilation& compilation, Operand parameter) const;
  /// An operator with its operands; the compiler has set parentheses around where they are needed.
  virtual Status write_binary(Compilation& compilation, BinaryOperator operation, Operand left,
                              Operand right) const;
  /// How the backslash that escapes in patterns is written out behind one.
  virtual SqlWriter::Words pattern_escape() const { return " ESCAPE '\\'"; }
  virtual Status write_negated(Compilation& compilation, Operand operand) const;
  virtual Status write_between(Compilation& compilation, bool is_negated, Operand operand, Operand low,
                               Operand high) const;
  /// `call` holds a FunctionCall.
  virtual Status write_function(Compilation& compilation, Operand call) const;
  /// What stands behind the last argument of a call: keys, the closing parenthesis, the filter.
  Status write_call_end(Compilation& compilation, Operand call) const;
  /// `window` holds a Window: its call, then OVER and what follows.
  virtual Status write_window(Compilation& compilation, Operand window) const;
  /// `list` holds a Parameter of kArray with at least one member.
  virtual Status write_in_list(Compilation& compilation, bool is_negated, Operand left, Operand list) const;
  virtual Status write_cast(Compilation& compilation, Operand operand, const types::ColumnType& target) const;
  /// One key of ORDER BY or an index.
  virtual Status write_ordering(Compilation& compilation, Operand key, const Ordering& ordering) const;
  /// One key of the ORDER BY of a set operation: its column number `place`, from 1.
  virtual Status write_place_ordering(Compilation& compilation, std::size_t place,
                                      const types::ColumnType& type, const Ordering& ordering) const;
  /// DEFAULT as the value of `column` in VALUES or SET.
  virtual Status write_default_value(Compilation& compilation, const Column& column) const;
  /// A value given to `column` in VALUES or SET.
  virtual Status write_stored(Compilation& compilation, Operand value, const Column& column) const;
  /// The row an upsert tried to insert.
  virtual Status write_excluded(SqlWriter& writer, const Column& column) const;

  // --- clauses

  /// How many rows are skipped and how many come; either operand may be empty. Both are Parameters.
  virtual Status write_page(Compilation& compilation, Operand limit, Operand offset) const;
  /// Values as a source, row by row or as lists; `position` is that of its first parameter.
  virtual Status write_values_source(Compilation& compilation, const SourcePtr& source,
                                     const Identifier& name, std::size_t position) const;
  /// Whether the recursive part of a common table must have exactly the column types of its beginning.
  virtual bool needs_equal_types_in_recursion() const { return false; }
  /// Whether what an update reads besides its table stands before SET instead of behind it.
  virtual bool has_sources_before_set() const { return false; }
  /// What an update reads besides its table.
  virtual Status write_update_sources(Compilation& compilation, const Update& update,
                                      const PartPositions& positions) const;
  /// FOR UPDATE and the like.
  virtual Status write_lock(Compilation& compilation, const Lock& lock) const;
  /// ON CONFLICT, where the dialect has it; elsewhere a form of its own, or none.
  virtual Status write_conflict(Compilation& compilation, const ConflictClause& clause) const;
  /// Whether this kind of write (kInsert, kUpdate, kDelete) gives rows back; by default as kReturning says.
  virtual bool can_return(telemetry::Operation write) const;
  /// Whether the driver reads back what an insert is to return (see Rereading), as the database returns
  /// nothing itself.
  virtual bool rereads_inserts() const { return false; }
  /// The condition and order of the rows, `rows` of them, that the insert just before numbered in `column`.
  virtual Status write_numbered_rows(SqlWriter& writer, const Identifier& column, std::size_t rows) const;
  /// What stands for columns and values when an insert names none.
  virtual Status write_default_row(SqlWriter& writer) const;
  /// Whether INSERT ... SELECT with a conflict clause needs a WHERE in its query to be told from a join.
  virtual bool needs_where_before_conflict() const { return false; }
  /// The query whose rows an insert takes; `position` is that of its first parameter.
  virtual Status write_insert_query(Compilation& compilation, const Insert& insert,
                                    std::size_t position) const;
  /// The order in which assignments are written, as indices; empty: as they are. A database that computes
  /// them one after the other, each seeing those before it, finds one in which nobody notices.
  virtual Result<std::vector<std::size_t>> order_assignments(
      const Table& table, const std::vector<Assignment>& assignments) const;
  /// Writes what a query inside an update or delete reads in place of the table that is being written; false,
  /// with nothing written, where that table itself may be read.
  virtual bool write_snapshot(SqlWriter& writer, const Table& table) const;

  // --- statements

  virtual Status write_begin(SqlWriter& writer, const Begin& begin) const;
  /// What must be said by itself before a transaction begins (CompiledStatement::prelude); by default
  /// nothing.
  virtual Status write_begin_prelude(SqlWriter& writer, const Begin& begin) const;
  virtual Status write_commit(SqlWriter& writer) const;
  virtual Status write_rollback(SqlWriter& writer) const;
  virtual Status write_savepoint(SqlWriter& writer, const Identifier& name) const;
  virtual Status write_release(SqlWriter& writer, const Identifier& name) const;
  virtual Status write_rollback_to(SqlWriter& writer, const Identifier& name) const;
  /// The savepoint that a transaction which may run again begins with: rolled back to after a conflict, and
  /// released as its commit. Empty where a conflict ends the transaction.
  virtual std::string_view restart_savepoint() const { return {}; }
  /// What stands before an explained statement.
  virtual Status write_explain(SqlWriter& writer, const Explain& explain) const;
  /// The target of the bulk path (CompiledStatement::bulk_text); nothing where there is none.
  virtual Status write_bulk_target(SqlWriter& writer, const Insert& insert) const;

  // --- definitions

  /// Type, identity, nullability and default of a column in CREATE TABLE.
  virtual Status write_column_definition(Compilation& compilation, const Table& table,
                                         const Column& column) const;
  /// The words that make a column numbered by the database.
  virtual Status write_identity(SqlWriter& writer, const Table& table) const;
  /// Whether write_column_definition writes the primary key of this table itself.
  virtual bool is_key_inline(const Table& table) const;
  /// Writes what begins the index that stands in CREATE TABLE for a foreign key which the database is not to
  /// check, up to its columns; false, with nothing written, where it checks them.
  virtual bool write_unchecked_reference(SqlWriter& writer, const Identifier& name) const;
  virtual Status write_create_index(SqlWriter& writer, const CreateIndex& creation,
                                    const Identifier& name) const;
  /// One part of a text index; the parts a database does by itself become write_nothing.
  virtual Status write_create_text_index(SqlWriter& writer, const CreateTextIndex& creation) const;
  virtual Status write_drop_text_index(SqlWriter& writer, const DropTextIndex& removal) const;
  virtual Status write_drop_table(SqlWriter& writer, const DropTable& removal) const;
  /// A statement that does nothing: what a postponed foreign key becomes where CREATE TABLE wrote it already,
  /// and a part of a text index that the database keeps by itself.
  virtual Status write_nothing(SqlWriter& writer) const;

 protected:
  /// Whether this is a call of greatest or least with an argument that may be NULL, which is to be skipped.
  static bool is_skipping_null(Operand call);
  /// Such a call where the function itself, here called `name`, would answer NULL; `behind_each` follows each
  /// argument.
  static Status write_skipping_null(Compilation& compilation, Operand call, std::string_view name,
                                    SqlWriter::Words behind_each);
  Status write_direction(Compilation& compilation, const Ordering& ordering) const;
  Error unsupported(std::string_view construct) const;
  Status require(Capability capability, std::string_view construct) const;
};

}  // namespace bridge::sql
