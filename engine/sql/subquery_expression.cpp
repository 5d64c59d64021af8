// Makers of expression nodes that hold a query.
#include "engine/sql/expression_factory.h"
#include "engine/sql/operand_types.h"
#include "engine/sql/statement.h"

namespace bridge::sql {
namespace {

Error refuse(std::string problem) { return make_error(ErrorCode::kQuery, std::move(problem)); }

// A query with locks must be the whole statement.
Status check_query(const std::shared_ptr<const Select>& query) {
  if (!query) return refuse("a subquery is missing");
  if (query->lock.strength != LockStrength::kNone) return refuse("a subquery cannot lock rows");
  return {};
}

Result<types::ColumnType> to_single_type(const Select& query) {
  if (query.selections.size() != 1 || !query.selections.front().expression) {
    return refuse("a subquery used as a value must select exactly one expression");
  }
  return query.selections.front().expression->type();
}

Status check_row_query(const Expression& row, const Select& query) {
  if (query.selections.size() != row.children().size())
    return refuse("a subquery must select as many expressions as the row value has members");
  for (std::size_t index = 0; index < query.selections.size(); ++index) {
    const ExpressionPtr& selected = query.selections[index].expression;
    if (!selected) return refuse("a subquery compared with a row value must select expressions");
    BRIDGE_RETURN_IF_ERROR(common_type(row.children()[index]->type(), selected->type()));
  }
  return {};
}

}  // namespace

ExpressionResult make_in_subquery(ExpressionPtr left, std::shared_ptr<const Select> query, bool is_negated) {
  BRIDGE_RETURN_IF_ERROR(check_operand(left));
  BRIDGE_RETURN_IF_ERROR(check_query(query));
  if (left->as<Row>() != nullptr) {
    BRIDGE_RETURN_IF_ERROR(check_row_query(*left, *query));
  } else {
    BRIDGE_ASSIGN_OR_RETURN(const types::ColumnType type, to_single_type(*query));
    BRIDGE_RETURN_IF_ERROR(common_type(left->type(), type));
  }
  return ExpressionFactory::make(InSubquery{is_negated, std::move(query)},
                                 {.storage = types::StorageType::kBool, .is_nullable = true},
                                 {std::move(left)});
}

ExpressionResult make_exists(std::shared_ptr<const Select> query) {
  BRIDGE_RETURN_IF_ERROR(check_query(query));
  return ExpressionFactory::make(Exists{std::move(query)}, {.storage = types::StorageType::kBool});
}

ExpressionResult make_scalar_subquery(std::shared_ptr<const Select> query) {
  BRIDGE_RETURN_IF_ERROR(check_query(query));
  BRIDGE_ASSIGN_OR_RETURN(types::ColumnType type, to_single_type(*query));
  type.is_nullable = true;
  return ExpressionFactory::make(ScalarSubquery{std::move(query)}, type);
}

ExpressionResult make_spliced_query(std::shared_ptr<const Select> query) {
  BRIDGE_RETURN_IF_ERROR(check_query(query));
  return ExpressionFactory::make(ScalarSubquery{std::move(query)}, {.is_nullable = true});
}

}  // namespace bridge::sql
