// Expressions written with C++ operators: columns, constants and functions become nodes, errors wait until
// the statement is built.
#pragma once

#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/sql/expression.h"
#include "engine/sql/fluent/literal.h"

namespace bridge::sql::fluent {

/// An expression, or the first error on the way to it. Copyable; immutable.
class Term {
 public:
  explicit Term(ExpressionResult node);

  /// The node, or the error.
  ExpressionResult node() const;
  /// The type, or null where there is an error.
  const types::ColumnType* type() const { return node_ ? &node_->type() : nullptr; }

  Term is_null() const;
  Term is_not_null() const;
  /// `pattern` with % and _; tells case apart.
  Term like(const Literal& pattern) const;
  Term in(std::initializer_list<Literal> members) const;
  Term between(const Literal& low, const Literal& high) const;
  /// The name of the column in the result.
  Term as(std::string_view name) const;
  Term ascending() const;
  Term descending() const;

 private:
  ExpressionPtr node_;
  std::shared_ptr<const Error> error_;
};

/// What may stand on the right of an operator: a term, or a constant that takes the left side's type.
class Operand {
 public:
  Operand(Term term)
      : term_(std::move(term)),
        literal_(nullptr) {}  // NOLINT(google-explicit-constructor): both sides read alike
  template <typename Constant>
    requires std::convertible_to<Constant, Literal>
  Operand(const Constant& constant) : literal_(constant) {}  // NOLINT(google-explicit-constructor): as above
  /// The operand's node where it stands beside `neighbour`.
  ExpressionResult beside(const types::ColumnType& neighbour) const;

 private:
  std::optional<Term> term_;
  Literal literal_;
};

/// `left operation right`; what the operators below are made of.
Term combine(BinaryOperator operation, const Term& left, const Operand& right);

inline Term operator==(const Term& left, const Operand& right) {
  return combine(BinaryOperator::kEqual, left, right);
}
inline Term operator!=(const Term& left, const Operand& right) {
  return combine(BinaryOperator::kNotEqual, left, right);
}
inline Term operator<(const Term& left, const Operand& right) {
  return combine(BinaryOperator::kLess, left, right);
}
inline Term operator<=(const Term& left, const Operand& right) {
  return combine(BinaryOperator::kLessOrEqual, left, right);
}
inline Term operator>(const Term& left, const Operand& right) {
  return combine(BinaryOperator::kGreater, left, right);
}
inline Term operator>=(const Term& left, const Operand& right) {
  return combine(BinaryOperator::kGreaterOrEqual, left, right);
}
inline Term operator+(const Term& left, const Operand& right) {
  return combine(BinaryOperator::kAdd, left, right);
}
inline Term operator-(const Term& left, const Operand& right) {
  return combine(BinaryOperator::kSubtract, left, right);
}
inline Term operator*(const Term& left, const Operand& right) {
  return combine(BinaryOperator::kMultiply, left, right);
}
inline Term operator/(const Term& left, const Operand& right) {
  return combine(BinaryOperator::kDivide, left, right);
}
// Both sides are always evaluated by the database; nothing is lost by losing short circuits.
inline Term operator&&(const Term& left, const Term& right) {
  return combine(BinaryOperator::kAnd, left, right);
}
inline Term operator||(const Term& left, const Term& right) {
  return combine(BinaryOperator::kOr, left, right);
}
Term operator!(const Term& operand);

/// A function the engine knows by name (`lower`, `sum`, `max`, ...), its type following from its first
/// argument. kQuery for others.
Term call(std::string_view name, const std::vector<Term>& arguments);
/// count(*)
Term count_rows();

/// One use of a table in a statement: `book["title"]` is its column.
class Entity {
 public:
  explicit Entity(TablePtr table)
      : source_(std::make_shared<const Source>(Source{std::move(table), false})) {}
  /// A further copy of the table in the same statement.
  static Entity another(TablePtr table);
  /// Rows that the statement makes for itself, as query_parts.h makes them.
  static Entity of(SourcePtr source) { return Entity(std::move(source)); }

  /// The column of that name; an error that names table and rule where there is none.
  Term operator[](std::string_view column) const;
  const SourcePtr& source() const { return source_; }
  const Table& table() const { return *source_->table; }
  /// In the update of an upsert: the value the insert came with.
  Term excluded(std::string_view column) const;
  /// Index of a column; kQuery where there is none.
  Result<std::size_t> index_of(std::string_view column) const;

 private:
  explicit Entity(SourcePtr source) : source_(std::move(source)) {}
  SourcePtr source_;
};

}  // namespace bridge::sql::fluent
