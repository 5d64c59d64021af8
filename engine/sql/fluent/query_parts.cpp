// Queries inside queries, written as sentences.
#include "engine/sql/fluent/query_parts.h"

#include "engine/sql/derived.h"
#include "engine/sql/output_columns.h"
#include "engine/sql/select_rules.h"

namespace bridge::sql::fluent {
namespace {

Result<Entity> to_entity(SourceResult source) {
  if (!source) return std::move(source).error();
  return Entity::of(std::move(source).value());
}

Result<std::shared_ptr<const Select>> to_query(const StatementPtr& statement) {
  if (!statement || statement->query() == nullptr)
    return make_error(ErrorCode::kQuery, "a query is needed here, not another statement");
  return std::shared_ptr<const Select>(statement, statement->query());
}

Result<std::vector<ExpressionPtr>> to_nodes(const std::vector<Term>& terms) {
  std::vector<ExpressionPtr> nodes;
  for (const Term& term : terms) {
    BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr node, term.node());
    nodes.push_back(std::move(node));
  }
  return nodes;
}

ExpressionResult make_over(const Term& call, const WindowTerms& window) {
  BRIDGE_ASSIGN_OR_RETURN(ExpressionPtr function, call.node());
  WindowSpecification specification{.frame = window.frame};
  BRIDGE_ASSIGN_OR_RETURN(specification.partition_by, to_nodes(window.partition_by));
  BRIDGE_ASSIGN_OR_RETURN(specification.order_by, to_nodes(window.order_by));
  return make_window(std::move(function), std::move(specification));
}

using QueryMaker = ExpressionResult (*)(std::shared_ptr<const Select>);

Term made_of(QueryMaker make, const StatementPtr& statement) {
  auto query = to_query(statement);
  return Term(query ? make(std::move(query).value()) : ExpressionResult(std::move(query).error()));
}

}  // namespace

Result<Entity> subquery(std::string_view name, StatementPtr query) {
  BRIDGE_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::make(name));
  return to_entity(make_subquery_source(identifier, std::move(query), DerivedKind::kSubquery));
}

Result<Entity> with_table(std::string_view name, StatementPtr body) {
  BRIDGE_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::make(name));
  return to_entity(make_with_source(identifier, std::move(body), Materialization::kDefault));
}

Result<Entity> recursive_table(std::string_view name, const StatementPtr& anchor,
                               const std::function<Result<StatementPtr>(const Entity& so_far)>& further) {
  BRIDGE_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::make(name));
  BRIDGE_ASSIGN_OR_RETURN(const SourcePtr recursion, make_recursion_source(identifier, anchor));
  BRIDGE_ASSIGN_OR_RETURN(StatementPtr part, further(Entity::of(recursion)));
  return to_entity(make_recursive_source(recursion, anchor, std::move(part), Materialization::kDefault));
}

Term exists(const StatementPtr& query) { return made_of(make_exists, query); }
Term scalar(const StatementPtr& query) { return made_of(make_scalar_subquery, query); }

Term in(const Term& term, const StatementPtr& query) {
  ExpressionResult left = term.node();
  auto rows = to_query(query);
  if (!left) return Term(std::move(left));
  if (!rows) return Term(ExpressionResult(std::move(rows).error()));
  return Term(make_in_subquery(std::move(left).value(), std::move(rows).value(), false));
}

Term over(const Term& call, const WindowTerms& window) { return Term(make_over(call, window)); }

SetBuilder::SetBuilder(SetOperator set_operator, const std::vector<StatementPtr>& queries) {
  select_.set_operator = set_operator;
  for (const StatementPtr& statement : queries) {
    auto query = to_query(statement);
    if (query) {
      select_.operands.push_back(std::move(query).value());
    } else if (!error_) {
      error_ = std::move(query).error();
    }
  }
  if (!select_.operands.empty()) select_.selections = select_.operands.front()->selections;
}

SetBuilder& SetBuilder::order_by(const Term& ordering) {
  ExpressionResult node = ordering.node();
  if (node) {
    select_.order_by.push_back(std::move(node).value());
  } else if (!error_) {
    error_ = std::move(node).error();
  }
  return *this;
}

SetBuilder& SetBuilder::limit(std::int64_t rows) {
  ExpressionResult node =
      make_parameter(types::Value::of_int64(rows), {.storage = types::StorageType::kInt64});
  if (node) select_.limit = std::move(node).value();
  return *this;
}

Result<StatementPtr> SetBuilder::build() {
  if (error_) return std::move(*error_);
  if (select_.operands.size() < 2)
    return make_error(ErrorCode::kQuery, "a set operation combines two queries or more");
  BRIDGE_RETURN_IF_ERROR(describe_columns(select_));
  BRIDGE_RETURN_IF_ERROR(check_select(select_, Capabilities::of(Capability::kGroupByKey)));
  return make_statement(std::move(select_));
}

}  // namespace bridge::sql::fluent
