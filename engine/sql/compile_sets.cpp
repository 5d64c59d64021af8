// Writes set operations: the rows of several queries as those of one.
#include <utility>

#include "engine/sql/compilation.h"
#include "engine/sql/output_columns.h"
#include "engine/sql/select_rules.h"

namespace bridge::sql {
namespace {

using Words = SqlWriter::Words;

Words to_words(SetOperator set_operator) {
  switch (set_operator) {
    case SetOperator::kUnion:
      return " UNION ";
    case SetOperator::kUnionAll:
      return " UNION ALL ";
    case SetOperator::kIntersect:
      return " INTERSECT ";
    case SetOperator::kIntersectAll:
      return " INTERSECT ALL ";
    case SetOperator::kExcept:
      return " EXCEPT ";
    case SetOperator::kExceptAll:
      return " EXCEPT ALL ";
  }
  return " ";
}

bool keeps_duplicates(SetOperator set_operator) {
  return set_operator == SetOperator::kUnionAll || set_operator == SetOperator::kIntersectAll ||
         set_operator == SetOperator::kExceptAll;
}

bool is_plain(const Select& select) {
  return select.operands.empty() && select.order_by.empty() && !select.limit && !select.offset;
}

}  // namespace

Status Compilation::write_set_operation(const Select& select, std::size_t position, const QueryForm& form) {
  BRIDGE_RETURN_IF_ERROR(describe_columns(select));
  const bool is_all = keeps_duplicates(select.set_operator);
  if (is_all && select.set_operator != SetOperator::kUnionAll &&
      !dialect_.capabilities().has(Capability::kSetOperatorsAll)) {
    return make_error(
        ErrorCode::kUnsupportedFeature,
        std::string(dialect_.name()) +
            " has no INTERSECT ALL and EXCEPT ALL; use intersect or except_, or number the rows "
            "with row_number first");
  }
  const PartPositions positions(select, position);
  QueryForm operand_form = form;
  operand_form.list = SelectList::kAll;
  operand_form.compares_rows = !is_all;
  for (std::size_t index = 0; index < select.operands.size(); ++index) {
    if (index > 0) text_.words(to_words(select.set_operator));
    const Select& operand = *select.operands[index];
    BRIDGE_RETURN_IF_ERROR(write_set_operand(operand, position, operand_form));
    position += count_parameters(operand);
  }
  BRIDGE_RETURN_IF_ERROR(write_set_order(select));
  return dialect_.write_page(*this, positions.at(select.limit), positions.at(select.offset));
}

// What has clauses of its own must be held together.
Status Compilation::write_set_operand(const Select& select, std::size_t position, QueryForm form) {
  if (is_plain(select)) return write_query(select, position, form);
  const bool may_nest = dialect_.capabilities().has(Capability::kNestedSetOperands);
  const bool needs_where = std::exchange(form.needs_where, false);
  text_.words(may_nest ? Words("(") : Words("SELECT * FROM ("));
  BRIDGE_RETURN_IF_ERROR(write_query(select, position, form));
  text_.words(")");
  if (needs_where && !may_nest) text_.words(" WHERE 1 = 1");
  return {};
}

// A set operation is ordered by its columns, which every database knows by their place.
Status Compilation::write_set_order(const Select& select) {
  BRIDGE_ASSIGN_OR_RETURN(const std::vector<OutputColumn> columns, describe_columns(select));
  bool is_first = true;
  for (const ExpressionPtr& key : select.order_by) {
    const auto* const ordering = key->as<Ordering>();
    const Expression& operand = ordering != nullptr ? *key->children().front() : *key;
    const std::size_t place = find_selected(select, operand);  // never 0: check_select has looked
    text_.words(is_first ? Words(" ORDER BY ") : Words(", "));
    is_first = false;
    BRIDGE_RETURN_IF_ERROR(dialect_.write_place_ordering(*this, place, columns[place - 1].type,
                                                         ordering != nullptr ? *ordering : Ordering{}));
  }
  return {};
}

}  // namespace bridge::sql
