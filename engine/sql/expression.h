// Immutable expression nodes, hashed at birth; values are only ever held by Parameter nodes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/identifier.h"
#include "engine/base/result.h"
#include "engine/sql/table.h"
#include "engine/types/value.h"

namespace bridge::sql {

struct Select;

/// What stands between two operands.
enum class BinaryOperator : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kConcatenate,
  kAnd,
  kOr,
  kLike,
  kNotLike,
  kIlike,
  kNotIlike,  ///< right operand is a pattern with backslash as escape
  kIsDistinctFrom,
  kIsNotDistinctFrom,
};
enum class UnaryOperator : std::uint8_t { kNot, kNegate, kIsNull, kIsNotNull };
enum class NullsOrder : std::uint8_t { kDefault, kFirst, kLast };

/// A column of a source; the index is into its table.
struct ColumnReference {
  SourcePtr source;
  std::size_t column = 0;
};
/// A value bound by the server, typed as what it is compared with or stored in.
struct Parameter {
  types::Value value;
  types::ColumnType type;
};
/// An operator between two children: left, right.
struct Binary {
  BinaryOperator operation;
};  // children: left, right
/// An operator on one child.
struct Unary {
  UnaryOperator operation;
};  // children: operand
/// A call; the children are its arguments, then the keys an aggregate orders its rows by, then its filter.
struct FunctionCall {
  std::string name;
  bool is_distinct = false;
  bool has_filter = false;
  std::size_t order_count = 0;
  bool is_within_group = false;  ///< the keys are what is aggregated: WITHIN GROUP (ORDER BY ...)
  std::string language{};        ///< of a text search, and of nothing else; part of the shape
};
struct Star {};  // the * of count(*)
/// Membership in a list; children: the operand, a Parameter of kArray.
struct InList {
  bool is_negated = false;
};  // children: left, Parameter of kArray
/// Membership in the rows of a query; child: the operand.
struct InSubquery {
  bool is_negated = false;
  std::shared_ptr<const Select> query;
};  // children: left
/// Children: operand, low, high; both ends belong to it.
struct Between {
  bool is_negated = false;
};  // children: operand, low, high
/// Children: condition, result, condition, result, ..., and the last result with `has_else`.
struct Case {
  bool has_else = false;
};  // children: condition, result, ..., else
struct Cast {};  // children: operand; target is the node's type
/// Whether a query gives any row.
struct Exists {
  std::shared_ptr<const Select> query;
};
/// The only value of the only row of a query.
struct ScalarSubquery {
  std::shared_ptr<const Select> query;
};
struct Row {};  // children: members of a row value
/// A key of ORDER BY; child: the operand.
struct Ordering {
  bool is_descending = false;
  NullsOrder nulls = NullsOrder::kDefault;
};  // children: operand
/// A name for a selected expression; child: the operand.
struct Label {
  Identifier name;
};  // children: operand
/// A column of the row an upsert tried to insert.
struct Excluded {
  std::size_t column = 0;
};  // the row an upsert tried to insert
struct DefaultValue {};  // DEFAULT inside VALUES
enum class FrameUnit : std::uint8_t { kNone, kRows, kRange, kGroups };
/// Where a frame starts or ends.
enum class FrameBound : std::uint8_t {
  kUnboundedPreceding,
  kPreceding,
  kCurrentRow,
  kFollowing,
  kUnboundedFollowing
};
enum class FrameExclusion : std::uint8_t { kNoOthers, kCurrentRow, kGroup, kTies };
/// Which rows around the current one a window function sees. kPreceding and kFollowing have an offset.
struct Frame {
  FrameUnit unit = FrameUnit::kNone;
  FrameBound start = FrameBound::kUnboundedPreceding;
  FrameBound end = FrameBound::kCurrentRow;
  FrameExclusion exclusion = FrameExclusion::kNoOthers;
  bool operator==(const Frame&) const = default;
};
/// A function over a window; children: the call, partition keys, order keys, the offsets of the frame.
struct Window {
  std::size_t partition_count = 0;
  std::size_t order_count = 0;
  Frame frame{};
  std::optional<Identifier> name{};  ///< windows of one name are written once, in the WINDOW clause
};
enum class GroupingKind : std::uint8_t { kRollup, kCube, kSets };
/// Several groupings at once; children: the keys, set by set.
struct GroupingSets {
  GroupingKind kind = GroupingKind::kSets;
  std::vector<std::size_t> set_sizes{};
};
/// SQL written by the application inside an expression; raw_sql.h has accepted the text. children: the parts
/// between the pieces.
struct RawFragment {
  std::vector<std::string> pieces;
};
/// A table's own name between pieces of raw text, and nowhere else.
struct TableName {
  TablePtr table;
};

using Payload = std::variant<ColumnReference, Parameter, Binary, Unary, FunctionCall, Star, InList,
                             InSubquery, Between, Case, Cast, Exists, ScalarSubquery, Row, Ordering, Label,
                             Excluded, DefaultValue, Window, GroupingSets, RawFragment, TableName>;

/// One node. Immutable and shared between threads. `hash` covers kind, names, types and children, never
/// values and never which copy of a table a column came from (the structural comparison in shape.h tells
/// those apart).
class Expression {
 public:
  const Payload& payload() const { return payload_; }
  const types::ColumnType& type() const { return type_; }
  std::span<const ExpressionPtr> children() const { return children_; }
  std::uint64_t hash() const { return hash_; }
  std::uint32_t depth() const { return depth_; }
  std::uint32_t node_count() const { return node_count_; }
  /// Parameter nodes in it, those of subqueries included.
  std::uint32_t parameter_count() const { return parameter_count_; }
  /// Whether an aggregate function stands in it outside any subquery.
  bool has_aggregate() const { return has_aggregate_; }
  /// Whether evaluating it only reads: columns, parameters and functions known to read.
  bool is_read_only() const { return is_read_only_; }

  template <typename Kind>
  const Kind* as() const {
    return std::get_if<Kind>(&payload_);
  }

 private:
  friend class ExpressionFactory;
  Expression() = default;

  Payload payload_;
  types::ColumnType type_;
  std::vector<ExpressionPtr> children_;
  std::uint64_t hash_ = 0;
  std::uint32_t depth_ = 1;
  std::uint32_t node_count_ = 1;
  std::uint32_t parameter_count_ = 0;
  bool has_aggregate_ = false;
  bool is_read_only_ = true;
};

// Makers. Each checks operand types and bounds (kMaxExpressionDepth, kMaxStatementNodes) and fails with
// kQuery; messages name types, never values.
using ExpressionResult = Result<ExpressionPtr>;

ExpressionResult make_column(SourcePtr source, std::size_t column);
/// A value bound by the server. Its type is the one it is compared or stored as.
ExpressionResult make_parameter(types::Value value, types::ColumnType type);
ExpressionResult make_binary(BinaryOperator operation, ExpressionPtr left, ExpressionPtr right);
ExpressionResult make_unary(UnaryOperator operation, ExpressionPtr operand);
/// `name` must be a plain function name `[a-z_][a-z0-9_]*`, optionally schema-qualified by one dot.
/// `result_type` is what it gives.
ExpressionResult make_function(std::string_view name, std::vector<ExpressionPtr> arguments,
                               types::ColumnType result_type, bool is_distinct, ExpressionPtr filter);
/// What an aggregate says beyond its arguments.
struct AggregateClauses {
  bool is_distinct = false;
  std::vector<ExpressionPtr> order_by{};
  bool is_within_group = false;
  ExpressionPtr filter{};
};
ExpressionResult make_aggregate(std::string_view name, std::vector<ExpressionPtr> arguments,
                                types::ColumnType result_type, AggregateClauses clauses);
ExpressionResult make_star();
/// An empty list is false (true when negated). Shapes differ by the list's length rounded up to a power of
/// two.
ExpressionResult make_in_list(ExpressionPtr left, std::vector<types::Value> members, bool is_negated);
ExpressionResult make_in_subquery(ExpressionPtr left, std::shared_ptr<const Select> query, bool is_negated);
ExpressionResult make_between(ExpressionPtr operand, ExpressionPtr low, ExpressionPtr high, bool is_negated);
/// `branches`: condition, result, condition, result, ...; `otherwise` may be null.
ExpressionResult make_case(std::vector<ExpressionPtr> branches, ExpressionPtr otherwise);
ExpressionResult make_cast(ExpressionPtr operand, types::ColumnType target);
ExpressionResult make_exists(std::shared_ptr<const Select> query);
/// The query must select exactly one expression.
ExpressionResult make_scalar_subquery(std::shared_ptr<const Select> query);
ExpressionResult make_row(std::vector<ExpressionPtr> members);
ExpressionResult make_ordering(ExpressionPtr operand, bool is_descending, NullsOrder nulls);
ExpressionResult make_label(ExpressionPtr operand, Identifier name);
ExpressionResult make_excluded(TablePtr table, std::size_t column);
ExpressionResult make_default_value();
/// What stands behind OVER. The offsets are set exactly where the frame's bounds have one.
struct WindowSpecification {
  std::vector<ExpressionPtr> partition_by{};
  std::vector<ExpressionPtr> order_by{};
  Frame frame{};
  ExpressionPtr start_offset{};
  ExpressionPtr end_offset{};
  std::optional<Identifier> name{};
};
/// `call OVER (...)`; `call` must be a function call. kQuery for a frame that ends before it starts.
ExpressionResult make_window(ExpressionPtr call, WindowSpecification specification);
/// ROLLUP, CUBE or GROUPING SETS, for group_by only.
ExpressionResult make_grouping_sets(GroupingKind kind, const std::vector<std::vector<ExpressionPtr>>& sets);
/// kUnparameterizedSql for text raw_sql.h refuses.
ExpressionResult make_raw_fragment(std::vector<std::string> pieces, std::vector<ExpressionPtr> parts,
                                   types::ColumnType result_type);
/// For raw text only, as is what `make_spliced_query` gives.
ExpressionResult make_table_name(TablePtr table);
/// A query in parentheses with any number of columns, for a place in raw text where rows are read.
ExpressionResult make_spliced_query(std::shared_ptr<const Select> query);

/// The type both operands of a comparison, or all branches of a case, have in common; kQuery when they have
/// none.
Result<types::ColumnType> common_type(const types::ColumnType& left, const types::ColumnType& right);
/// The length an IN list of so many members is compiled for: the next power of two, zero for none.
std::size_t to_list_bucket(std::size_t member_count);
/// How many of a call's children are arguments.
std::size_t argument_count(const Expression& call);
/// The expression a label names; the expression itself when it is no label.
const Expression& without_label(const Expression& expression);

}  // namespace bridge::sql
