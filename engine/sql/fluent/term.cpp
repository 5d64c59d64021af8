// Expressions written with C++ operators.
#include "engine/sql/fluent/term.h"

#include "engine/sql/functions.h"

namespace bridge::sql::fluent {

Term::Term(ExpressionResult node) {
  if (node) {
    node_ = std::move(node).value();
  } else {
    error_ = std::make_shared<const Error>(std::move(node).error());
  }
}

ExpressionResult Term::node() const {
  if (error_) return error_->clone();
  return node_;
}

Term Term::is_null() const {
  return Term([&]() -> ExpressionResult {
    BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr operand, node());
    return make_unary(UnaryOperator::kIsNull, std::move(operand));
  }());
}

Term Term::is_not_null() const {
  return Term([&]() -> ExpressionResult {
    BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr operand, node());
    return make_unary(UnaryOperator::kIsNotNull, std::move(operand));
  }());
}

Term Term::like(const Literal& pattern) const {
  return combine(BinaryOperator::kLike, *this, Operand(pattern));
}

Term Term::in(std::initializer_list<Literal> members) const {
  return Term([&]() -> ExpressionResult {
    BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr left, node());
    std::vector<types::Value> values;
    for (const Literal& member : members) {
      BRIDGE_ASSIGN_OR_RETURN(types::Value value, member.fit(left->type()));
      values.push_back(std::move(value));
    }
    return make_in_list(std::move(left), std::move(values), false);
  }());
}

Term Term::between(const Literal& low, const Literal& high) const {
  return Term([&]() -> ExpressionResult {
    BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr operand, node());
    BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr lowest, Operand(low).beside(operand->type()));
    BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr highest, Operand(high).beside(operand->type()));
    return make_between(std::move(operand), std::move(lowest), std::move(highest), false);
  }());
}

Term Term::as(std::string_view name) const {
  return Term([&]() -> ExpressionResult {
    BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr operand, node());
    BRIDGE_ASSIGN_OR_RETURN(Identifier label, Identifier::make(name));
    return make_label(std::move(operand), std::move(label));
  }());
}

Term Term::ascending() const {
  return Term([&]() -> ExpressionResult {
    BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr operand, node());
    return make_ordering(std::move(operand), false, NullsOrder::kDefault);
  }());
}

Term Term::descending() const {
  return Term([&]() -> ExpressionResult {
    BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr operand, node());
    return make_ordering(std::move(operand), true, NullsOrder::kDefault);
  }());
}

ExpressionResult Operand::beside(const types::ColumnType& neighbour) const {
  if (term_) return term_->node();
  BRIDGE_ASSIGN_OR_RETURN(types::Value value, literal_.fit(neighbour));
  return make_parameter(std::move(value), neighbour);
}

Term combine(BinaryOperator operation, const Term& left, const Operand& right) {
  return Term([&]() -> ExpressionResult {
    BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr first, left.node());
    BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr second, right.beside(first->type()));
    return make_binary(operation, std::move(first), std::move(second));
  }());
}

Term operator!(const Term& operand) {
  return Term([&]() -> ExpressionResult {
    BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr node, operand.node());
    return make_unary(UnaryOperator::kNot, std::move(node));
  }());
}

Term call(std::string_view name, const std::vector<Term>& arguments) {
  return Term([&]() -> ExpressionResult {
    const FunctionTraits* traits = find_function(name);
    if (traits == nullptr) return make_error(ErrorCode::kQuery, "the engine knows no function of that name");
    std::vector<ExpressionPtr> nodes;
    for (const Term& argument : arguments) {
      BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr node, argument.node());
      nodes.push_back(std::move(node));
    }
    const types::ColumnType first = nodes.empty() ? types::ColumnType{} : nodes.front()->type();
    return make_function(name, std::move(nodes), apply_rule(traits->rule, first), false, nullptr);
  }());
}

Term count_rows() { return call("count", {Term(make_star())}); }

Entity Entity::another(TablePtr table) {
  return Entity(std::make_shared<const Source>(Source{std::move(table), true}));
}

Result<std::size_t> Entity::index_of(std::string_view column) const {
  const std::optional<std::size_t> index = table().find_column(column);
  if (index) return *index;
  BRIDGE_RETURN_IF_ERROR(Identifier::make(column));
  return make_error(ErrorCode::kQuery,
                    "table " + table().name.text() + " has no column " + std::string(column));
}

Term Entity::operator[](std::string_view column) const {
  return Term([&]() -> ExpressionResult {
    BRIDGE_ASSIGN_OR_RETURN(const std::size_t index, index_of(column));
    return make_column(source_, index);
  }());
}

Term Entity::excluded(std::string_view column) const {
  Result<std::size_t> index = index_of(column);
  if (!index) return Term(std::move(index).error());
  return Term(make_excluded(source_->table, *index));
}

}  // namespace bridge::sql::fluent
