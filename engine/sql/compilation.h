// One walk over one statement: what dialects and the parts of the compiler write through.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engine/sql/dialect.h"
#include "engine/sql/scopes.h"
#include "engine/sql/sql_writer.h"
#include "engine/sql/statement_parts.h"

namespace bridge::sql {

/// How tightly an expression binds; an operand that binds less than asked for gets parentheses.
enum class Rank : std::uint8_t { kOr, kAnd, kNot, kPredicate, kArithmetic, kAtom };

/// Positions of a statement's expression slots in canonical order.
class PartPositions {
 public:
  /// `first` is the position of the statement's first parameter.
  template <typename Kind>
  explicit PartPositions(const Kind& statement, std::size_t first = 0) {
    for_each_part(statement, [&](const ExpressionPtr& part) {
      positions_.emplace(&part, first);
      first += part->parameter_count();
    });
  }
  /// The occurrence in `slot`, which must be a slot of the statement; empty for an empty slot.
  Operand at(const ExpressionPtr& slot) const {
    return slot ? Operand{slot.get(), positions_.at(&slot)} : Operand{};
  }

 private:
  std::unordered_map<const ExpressionPtr*, std::size_t> positions_;
};

/// What to put into the select list of a nested query.
enum class SelectList : std::uint8_t { kAll, kExistence };

/// State of one compilation. Not thread safe; lives as long as one call of `compile`.
class Compilation {
 public:
  /// What becomes of Parameter nodes.
  enum class Values : std::uint8_t { kBound, kLiterals };

  Compilation(const Dialect& dialect, Values values)
      : dialect_(dialect), values_(values), text_(dialect), scopes_(dialect.limits().max_identifier_bytes) {}

  const Dialect& dialect() const { return dialect_; }
  SqlWriter& text() { return text_; }
  Scopes& scopes() { return scopes_; }

  /// Writes an expression, in parentheses when it binds less than `minimum`.
  Status write(Operand operand, Rank minimum = Rank::kOr);
  /// The child `index` of an operand, at its own position.
  static Operand child(Operand parent, std::size_t index);
  /// Operands separated by commas.
  Status write_list(const std::vector<Operand>& operands);
  /// Conditions joined by AND.
  Status write_conjunction(const std::vector<Operand>& conditions);
  /// A value given to a column.
  Status write_assigned(Operand value);
  /// What stands between two pieces of raw text.
  Status write_raw_part(Operand part);
  /// The placeholder for member `element` of a list parameter.
  void write_member(Operand list, std::size_t element);
  /// A whole parameter of any type as one placeholder.
  void write_whole(Operand parameter);
  /// A query without parentheses; `position` is that of its first parameter.
  Status write_query(const Select& select, std::size_t position, SelectList list = SelectList::kAll);
  Status write_query_with_where(const Select& select, std::size_t position);
  /// A source in FROM, UPDATE and the like: its table, and its alias if it has one.
  Status write_source(const SourcePtr& source);
  /// Selections of a select list or RETURNING; `columns` (may be null) receives what they yield.
  Status write_selections(const std::vector<Selection>& selections, const PartPositions& positions,
                          std::vector<ExpectedColumn>* columns, bool is_distinct = false);
  /// Receives what the outermost query yields.
  void set_result_columns(std::vector<ExpectedColumn>* columns) { result_columns_ = columns; }
  /// Names of columns, unqualified, separated by commas.
  void write_column_names(const Table& table, const std::vector<std::size_t>& columns);
  Status write_assignments(const Table& table, const std::vector<Assignment>& assignments,
                           const std::vector<Operand>& values);
  /// Writes the names of sources before columns even while one alone is visible.
  void qualify_columns(bool is_wanted) { is_qualified_ = is_wanted; }
  /// The table whose refused row Excluded nodes speak of.
  void set_excluded(const Table& table) { excluded_table_ = &table; }

 private:
  Status write_payload(Operand operand);
  Status write_column(const ColumnReference& reference);
  Status write_parameter(Operand operand);
  Status write_unary(Operand operand);
  Status write_in_list(Operand operand);
  Status write_in_subquery(Operand operand);
  Status write_case(Operand operand);
  Status write_label(Operand operand);
  Status write_exists(Operand operand);
  Status write_window(Operand operand);
  Status write_raw_fragment(Operand operand);
  Status write_row(Operand operand);
  Status write_selected(Operand operand, bool is_distinct);
  Status write_entity(const SourcePtr& entity, std::vector<ExpectedColumn>* columns);
  Status write_select(const Select& select, std::size_t position, SelectList list, bool needs_where);
  Status write_select_body(const Select& select, const PartPositions& positions, SelectList list,
                           bool needs_where);
  Status write_distinct(const Select& select, const PartPositions& positions);
  Status write_from(const Select& select, const PartPositions& positions);
  Status write_grouping(const Select& select, const PartPositions& positions);
  Status write_order(const Select& select, const PartPositions& positions);
  Status open_scope(const Select& select);
  types::ColumnType to_result_type(const Expression& expression) const;
  std::string to_result_name(const Expression& expression, std::size_t index) const;

  const Dialect& dialect_;
  Values values_;
  SqlWriter text_;
  Scopes scopes_;
  bool is_qualified_ = false;
  const Select* ordered_ = nullptr;                        // the query whose ORDER BY is being written
  std::vector<ExpectedColumn>* result_columns_ = nullptr;  // of the outermost query
  const Table* excluded_table_ = nullptr;
};

}  // namespace bridge::sql
