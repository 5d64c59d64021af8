// One walk over one statement: what dialects and the parts of the compiler write through.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/sql/dialect.h"
#include "engine/sql/scopes.h"
#include "engine/sql/sql_writer.h"
#include "engine/sql/statement_parts.h"
#include "engine/sql/with_tables.h"

namespace bridge::sql {

/// How tightly an expression binds; an operand that binds less than asked for gets parentheses.
enum class Rank : std::uint8_t { kOr, kAnd, kNot, kPredicate, kArithmetic, kAtom };

/// Positions of a statement's expression slots in canonical order.
class PartPositions {
 public:
  /// `first` is the position of the statement's first parameter.
  template <typename Kind>
  explicit PartPositions(const Kind& statement, std::size_t first = 0) : next_(first) {
    for_each_part(statement, *this);
  }
  void operator()(const ExpressionPtr& part) {
    positions_.emplace(&part, next_);
    next_ += part->parameter_count();
  }
  void operator()(const SourcePtr& source) {
    positions_.emplace(&source, next_);
    next_ += parameter_count_of(source);
  }
  /// The occurrence in `slot`, which must be a slot of the statement; empty for an empty slot.
  Operand at(const ExpressionPtr& slot) const {
    return slot ? Operand{slot.get(), positions_.at(&slot)} : Operand{};
  }
  /// Where the parameters of a source's own rows begin; `slot` must be one of the statement.
  std::size_t at(const SourcePtr& slot) const { return positions_.at(&slot); }

 private:
  std::unordered_map<const void*, std::size_t> positions_;
  std::size_t next_ = 0;
};

/// What to put into the select list of a nested query.
enum class SelectList : std::uint8_t { kAll, kExistence };

/// How a query is written where it stands.
struct QueryForm {
  SelectList list = SelectList::kAll;
  bool needs_where = false;                               ///< see Dialect::needs_where_before_conflict
  bool is_isolated = false;                               ///< sees nothing of the queries around it
  bool compares_rows = false;                             ///< its rows are told apart, as with DISTINCT
  const Table* names = nullptr;                           ///< what its columns are to be called
  const std::vector<types::ColumnType>* types = nullptr;  ///< what its columns are to be cast to
};
/// How one select list is written.
struct SelectListForm {
  bool compares_rows = false;
  const Table* names = nullptr;
  const std::vector<types::ColumnType>* types = nullptr;
};

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
  /// Keys of an ordering separated by commas, each as the dialect orders.
  Status write_keys(const std::vector<Operand>& keys);
  /// Operands separated by commas.
  Status write_list(const std::vector<Operand>& operands);
  /// Conditions joined by AND.
  Status write_conjunction(const std::vector<Operand>& conditions);
  /// A value given to a column.
  Status write_assigned(Operand value);
  /// Raw text with its parts; it sees no source around it, and `position` is that of its first parameter.
  /// kUnparameterizedSql for text this dialect would read as something else.
  Status write_raw(const Raw& raw, std::size_t position = 0);
  /// The placeholder for member `element` of a list parameter.
  void write_member(Operand list, std::size_t element);
  /// A whole parameter of any type as one placeholder.
  void write_whole(Operand parameter);
  /// A query without parentheses; `position` is that of its first parameter.
  Status write_query(const Select& select, std::size_t position, QueryForm form = {});
  /// The common tables of a whole statement, as far as it has any.
  template <typename Kind>
  Status write_with(const Kind& statement, std::size_t position = 0) {
    WithTables tables;
    tables.add_all_of(statement, position);
    return write_with_tables(tables);
  }
  /// A source in FROM, UPDATE and the like: its table or rows, and its name if that is not the table's own.
  Status write_source(const SourcePtr& source, std::size_t position = 0);
  /// OVER and the window of a Window node.
  Status write_over(Operand window);
  /// Sources separated by commas.
  Status write_sources(const std::vector<SourcePtr>& sources, const PartPositions& positions);
  /// VALUES with the rows of a derived source, whether they stand in it row by row or as lists.
  Status write_rows(const SourcePtr& source, std::size_t position);
  /// Selections of a select list or RETURNING.
  Status write_selections(const std::vector<Selection>& selections, const PartPositions& positions,
                          SelectListForm form = {});
  /// Names of columns, unqualified, separated by commas.
  void write_column_names(const Table& table, const std::vector<std::size_t>& columns);
  /// `qualifier`, if any, is the source whose name stands before the columns that are assigned.
  Status write_assignments(const Table& table, const std::vector<Assignment>& assignments,
                           const std::vector<Operand>& values, const Source* qualifier = nullptr);
  /// Writes the names of sources before columns even while one alone is visible. Answers what held before.
  bool qualify_columns(bool is_wanted) { return std::exchange(is_qualified_, is_wanted); }
  /// The table that an update or delete writes, which queries inside it may have to read otherwise.
  void set_written(const Table& table) { written_table_ = &table; }
  /// The point in time of a whole statement, before anything of it is written; null: now.
  void set_as_of(const std::optional<PointInTime>& point) { as_of_ = point ? &*point : nullptr; }
  /// Around what is no query of its own and yet reads like one inside a write.
  void begin_nested() { ++nesting_; }
  void end_nested() { --nesting_; }
  /// The table whose refused row Excluded nodes speak of.
  void set_excluded(const Table& table) { excluded_table_ = &table; }

 private:
  bool is_being_written(const Source& source) const;
  void write_members(const std::vector<ExpressionPtr>& lists, std::size_t position);
  Status write_payload(Operand operand);
  Status write_rarer_payload(Operand operand);
  Status write_column(const ColumnReference& reference);
  Status write_parameter(Operand operand);
  Status write_unary(Operand operand);
  Status write_in_list(Operand operand);
  Status write_in_subquery(Operand operand);
  Status write_case(Operand operand);
  Status write_label(Operand operand);
  Status write_exists(Operand operand);
  Status write_window(Operand operand);
  Status write_window_specification(Operand operand);
  Status write_frame(Operand operand);
  Status write_grouping_sets(Operand operand);
  Status write_grouping_keys(Operand operand, std::size_t first, std::size_t count);
  Status write_subquery(Operand operand, const Select& query);
  Status write_excluded(const Excluded& excluded);
  Status write_raw_fragment(Operand operand);
  /// What stands between two pieces of raw text.
  Status write_raw_part(Operand part);
  Status write_row(Operand operand);
  Status write_selected(Operand operand, std::size_t index, const SelectListForm& form);
  Status write_entity(const Selection& selection, std::size_t index, const SelectListForm& form);
  Status write_select_body(const Select& select, const PartPositions& positions, const QueryForm& form);
  Status write_named_windows(const Select& select, const PartPositions& positions);
  Status write_set_operation(const Select& select, std::size_t position, const QueryForm& form);
  Status write_set_operand(const Select& select, std::size_t position, QueryForm form);
  Status write_group_key(const Select& select, Operand key);
  Status write_order_key(const Select& select, Operand key);
  Status write_set_order(const Select& select);
  Status write_with_tables(const WithTables& tables);
  Status write_with_table(const WithTables::Entry& entry);
  Status write_writing_table(const Derived& derived, std::size_t position);
  Status write_recursive_table(const Derived& derived, std::size_t position);
  Status write_derived(const SourcePtr& source, const Identifier& name, std::size_t position);
  Status write_distinct(const Select& select, const PartPositions& positions);
  Status write_from(const Select& select, const PartPositions& positions);
  Status write_grouping(const Select& select, const PartPositions& positions);
  Status write_order(const Select& select, const PartPositions& positions);
  Status open_scope(const Select& select);
  Status enter_as_of(const Select& select);
  Status write_as_of_once();

  const Dialect& dialect_;
  Values values_;
  SqlWriter text_;
  Scopes scopes_;
  bool is_qualified_ = false;
  bool is_in_raw_text_ = false;      // which reads tables of its own
  const Select* ordered_ = nullptr;  // the query whose ORDER BY is being written
  const Table* excluded_table_ = nullptr;
  const Table* written_table_ = nullptr;
  std::size_t nesting_ = 0;             // queries around what is being written
  const PointInTime* as_of_ = nullptr;  // that tables are read in; null: now
  const Derived* recursion_ = nullptr;  // the rows so far that may be read here
};

}  // namespace bridge::sql
