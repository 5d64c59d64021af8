// Writes expressions: the part of the compiler every statement uses.
#include <algorithm>

#include "engine/sql/compilation.h"
#include "engine/sql/operand_types.h"

namespace bridge::sql {
namespace {

Rank rank_of(const Binary& binary) {
  if (binary.operation == BinaryOperator::kAnd) return Rank::kAnd;
  if (binary.operation == BinaryOperator::kOr) return Rank::kOr;
  if (is_arithmetic(binary.operation) || binary.operation == BinaryOperator::kConcatenate)
    return Rank::kArithmetic;
  return Rank::kPredicate;
}

Rank rank_of(const Unary& unary) {
  switch (unary.operation) {
    case UnaryOperator::kNot:
      return Rank::kNot;
    case UnaryOperator::kNegate:
      return Rank::kArithmetic;
    case UnaryOperator::kIsNull:
    case UnaryOperator::kIsNotNull:
      return Rank::kPredicate;
  }
  return Rank::kAtom;
}

Rank rank_of(const Expression& expression) {
  if (const auto* const node = expression.as<Binary>()) return rank_of(*node);
  if (const auto* const node = expression.as<Unary>()) return rank_of(*node);
  const bool is_predicate = expression.as<InList>() != nullptr || expression.as<InSubquery>() != nullptr ||
                            expression.as<Between>() != nullptr;
  return is_predicate ? Rank::kPredicate : Rank::kAtom;
}

}  // namespace

Operand Compilation::child(Operand parent, std::size_t index) {
  std::size_t position = parent.position;
  const auto children = parent.node->children();
  for (std::size_t before = 0; before < index; ++before) position += children[before]->parameter_count();
  return {children[index].get(), position};
}

Status Compilation::write(Operand operand, Rank minimum) {
  const bool needs_parentheses = rank_of(*operand.node) < minimum;
  if (needs_parentheses) text_.words("(");
  BRIDGE_RETURN_IF_ERROR(write_payload(operand));
  if (needs_parentheses) text_.words(")");
  return {};
}

Status Compilation::write_subquery(Operand operand, const Select& query) {
  text_.words("(");
  BRIDGE_RETURN_IF_ERROR(write_query(query, operand.position));
  text_.words(")");
  return {};
}

Status Compilation::write_excluded(const Excluded& excluded) {
  if (excluded_table_ == nullptr)
    return make_error(ErrorCode::kQuery, "an excluded column can only stand in the update of an upsert");
  return dialect_.write_excluded(text_, excluded_table_->columns[excluded.column]);
}

Status Compilation::write_payload(Operand operand) {
  const Expression& node = *operand.node;
  if (const auto* const column = node.as<ColumnReference>()) return write_column(*column);
  if (node.as<Parameter>() != nullptr) return write_parameter(operand);
  if (const auto* const binary = node.as<Binary>()) {
    return dialect_.write_binary(*this, binary->operation, child(operand, 0), child(operand, 1));
  }
  if (node.as<Unary>() != nullptr) return write_unary(operand);
  if (node.as<FunctionCall>() != nullptr) return dialect_.write_function(*this, operand);
  if (node.as<InList>() != nullptr) return write_in_list(operand);
  if (node.as<InSubquery>() != nullptr) return write_in_subquery(operand);
  if (const auto* const between = node.as<Between>()) {
    return dialect_.write_between(*this, between->is_negated, child(operand, 0), child(operand, 1),
                                  child(operand, 2));
  }
  if (node.as<Case>() != nullptr) return write_case(operand);
  return write_rarer_payload(operand);
}

Status Compilation::write_rarer_payload(Operand operand) {
  const Expression& node = *operand.node;
  if (node.as<Cast>() != nullptr) return dialect_.write_cast(*this, child(operand, 0), node.type());
  if (node.as<Exists>() != nullptr) return write_exists(operand);
  if (node.as<Row>() != nullptr) return write_row(operand);
  if (const auto* const ordering = node.as<Ordering>())
    return dialect_.write_ordering(*this, child(operand, 0), *ordering);
  if (node.as<Label>() != nullptr) return write_label(operand);
  if (node.as<Window>() != nullptr) return write_window(operand);
  if (node.as<RawFragment>() != nullptr) return write_raw_fragment(operand);
  if (node.as<Star>() != nullptr) {
    text_.words("*");
    return {};
  }
  if (const auto* const subquery = node.as<ScalarSubquery>())
    return write_subquery(operand, *subquery->query);
  if (const auto* const excluded = node.as<Excluded>()) return write_excluded(*excluded);
  if (node.as<GroupingSets>() != nullptr) return write_grouping_sets(operand);
  if (const auto* const name = node.as<TableName>()) {
    text_.table(*name->table);
    return {};
  }
  return make_error(ErrorCode::kQuery, "DEFAULT can only be the whole value of a column");
}

Status Compilation::write_column(const ColumnReference& reference) {
  const Column& column = reference.source->table->columns[reference.column];
  const SourceUse* const use = scopes_.find(reference.source.get());
  if (values_ == Values::kLiterals) {  // a definition speaks of one table only
    text_.identifier(column.name);
    return {};
  }
  if (use == nullptr && is_in_raw_text_ && !reference.source->is_aliased && !reference.source->derived) {
    text_.identifier(reference.source->table->name).words(".").identifier(column.name);
    return {};
  }
  if (use == nullptr) {
    return make_error(ErrorCode::kQuery, "column " + reference.source->table->name.text() + "." +
                                             column.name.text() +
                                             " belongs to a table the query neither selects from nor joins");
  }
  if (is_qualified_ || scopes_.is_qualified()) text_.identifier(use->name).words(".");
  text_.identifier(column.name);
  return {};
}

Status Compilation::write_parameter(Operand operand) {
  const auto& parameter = *operand.node->as<Parameter>();
  if (values_ == Values::kLiterals) return text_.literal(parameter.value, parameter.type);
  return dialect_.write_parameter(*this, operand);
}

// The column says what type the value has.
Status Compilation::write_assigned(Operand value) {
  if (value.node->as<Parameter>() == nullptr || values_ == Values::kLiterals) return write(value);
  write_whole(value);
  return {};
}

void Compilation::write_whole(Operand parameter) {
  text_.placeholder(
      {.position = static_cast<std::uint32_t>(parameter.position), .type = parameter.node->type()});
}

void Compilation::write_member(Operand list, std::size_t element) {
  types::ColumnType type = list.node->type();
  type.storage = type.element;
  text_.placeholder({.position = static_cast<std::uint32_t>(list.position),
                     .element = static_cast<std::int32_t>(element),
                     .type = type});
}

Status Compilation::write_unary(Operand operand) {
  const Operand inner = child(operand, 0);
  switch (operand.node->as<Unary>()->operation) {
    case UnaryOperator::kNot:
      text_.words("NOT ");
      return write(inner, Rank::kAtom);
    case UnaryOperator::kNegate:
      return dialect_.write_negated(*this, inner);
    case UnaryOperator::kIsNull:
      BRIDGE_RETURN_IF_ERROR(write(inner, Rank::kArithmetic));
      text_.words(" IS NULL");
      return {};
    case UnaryOperator::kIsNotNull:
      BRIDGE_RETURN_IF_ERROR(write(inner, Rank::kArithmetic));
      text_.words(" IS NOT NULL");
      return {};
  }
  return {};
}

// No row is in an empty list, whatever the left side: a constant, which every database understands as this
// comparison.
Status Compilation::write_in_list(Operand operand) {
  const bool is_negated = operand.node->as<InList>()->is_negated;
  const Operand list = child(operand, 1);
  const auto& members = list.node->as<Parameter>()->value.elements;
  if (members.empty()) {
    text_.words(is_negated ? SqlWriter::Words("1 = 1") : SqlWriter::Words("1 = 0"));
    return {};
  }
  if (values_ == Values::kLiterals) {
    BRIDGE_RETURN_IF_ERROR(write(child(operand, 0), Rank::kArithmetic));
    text_.words(is_negated ? SqlWriter::Words(" NOT IN (") : SqlWriter::Words(" IN ("));
    types::ColumnType type = list.node->type();
    type.storage = type.element;
    for (std::size_t index = 0; index < members.size(); ++index) {
      if (index > 0) text_.words(", ");
      BRIDGE_RETURN_IF_ERROR(text_.literal(members[index], type));
    }
    text_.words(")");
    return {};
  }
  return dialect_.write_in_list(*this, is_negated, child(operand, 0), list);
}

Status Compilation::write_in_subquery(Operand operand) {
  const auto& node = *operand.node->as<InSubquery>();
  const Operand left = child(operand, 0);
  const ExpressionPtr& selected = node.query->selections.front().expression;
  BRIDGE_RETURN_IF_ERROR(dialect_.write_compared(*this, left, selected.get()));
  text_.words(node.is_negated ? SqlWriter::Words(" NOT IN (") : SqlWriter::Words(" IN ("));
  BRIDGE_RETURN_IF_ERROR(write_query(*node.query, left.position + left.node->parameter_count()));
  text_.words(")");
  return {};
}

Status Compilation::write_case(Operand operand) {
  const auto children = operand.node->children();
  const bool has_else = operand.node->as<Case>()->has_else;
  const std::size_t branch_end = children.size() - (has_else ? 1 : 0);
  text_.words("CASE");
  for (std::size_t index = 0; index < branch_end; index += 2) {
    text_.words(" WHEN ");
    BRIDGE_RETURN_IF_ERROR(write(child(operand, index)));
    text_.words(" THEN ");
    BRIDGE_RETURN_IF_ERROR(write(child(operand, index + 1)));
  }
  if (has_else) {
    text_.words(" ELSE ");
    BRIDGE_RETURN_IF_ERROR(write(child(operand, branch_end)));
  }
  text_.words(" END");
  return {};
}

// In ORDER BY the name of what is selected says exactly that, where repeating the expression would bind its
// values a second time.
Status Compilation::write_label(Operand operand) {
  const auto& name = operand.node->as<Label>()->name;
  const auto names_it = [&](const Selection& selection) {
    const auto* const label = selection.expression ? selection.expression->as<Label>() : nullptr;
    return label != nullptr && label->name == name;
  };
  if (ordered_ != nullptr &&
      std::any_of(ordered_->selections.begin(), ordered_->selections.end(), names_it)) {
    text_.identifier(name);
    return {};
  }
  return write(child(operand, 0));
}

Status Compilation::write_exists(Operand operand) {
  text_.words("EXISTS (");
  BRIDGE_RETURN_IF_ERROR(
      write_query(*operand.node->as<Exists>()->query, operand.position, {.list = SelectList::kExistence}));
  text_.words(")");
  return {};
}

// Keys group rows by equality, as the dialect tells it.
Status Compilation::write_grouping_sets(Operand operand) {
  if (!dialect_.capabilities().has(Capability::kGroupingSets)) {
    return make_error(ErrorCode::kUnsupportedFeature,
                      std::string(dialect_.name()) +
                          " has no grouping sets, rollup and cube; combine grouped queries with union_all");
  }
  const auto& grouping = *operand.node->as<GroupingSets>();
  const bool is_sets = grouping.kind == GroupingKind::kSets;
  if (is_sets) text_.words("GROUPING SETS (");
  if (grouping.kind == GroupingKind::kRollup) text_.words("ROLLUP (");
  if (grouping.kind == GroupingKind::kCube) text_.words("CUBE (");
  std::size_t first = 0;
  bool is_first = true;
  for (const std::size_t size : grouping.set_sizes) {
    if (!is_first) text_.words(", ");
    is_first = false;
    const bool is_wrapped = is_sets || size > 1;
    text_.words(is_wrapped ? SqlWriter::Words("(") : SqlWriter::Words(""));
    BRIDGE_RETURN_IF_ERROR(write_grouping_keys(operand, first, size));
    text_.words(is_wrapped ? SqlWriter::Words(")") : SqlWriter::Words(""));
    first += size;
  }
  text_.words(")");
  return {};
}

Status Compilation::write_grouping_keys(Operand operand, std::size_t first, std::size_t count) {
  for (std::size_t index = first; index < first + count; ++index) {
    if (index > first) text_.words(", ");
    BRIDGE_RETURN_IF_ERROR(dialect_.write_compared(*this, child(operand, index), nullptr));
  }
  return {};
}

Status Compilation::write_row(Operand operand) {
  if (!dialect_.capabilities().has(Capability::kRowValues)) {
    return make_error(ErrorCode::kUnsupportedFeature,
                      std::string(dialect_.name()) + " has no row values; compare their members one by one");
  }
  std::vector<Operand> members;
  for (std::size_t index = 0; index < operand.node->children().size(); ++index)
    members.push_back(child(operand, index));
  text_.words("(");
  BRIDGE_RETURN_IF_ERROR(write_list(members));
  text_.words(")");
  return {};
}

Status Compilation::write_keys(const std::vector<Operand>& keys) {
  for (std::size_t index = 0; index < keys.size(); ++index) {
    if (index > 0) text_.words(", ");
    const auto* const ordering = keys[index].node->as<Ordering>();
    BRIDGE_RETURN_IF_ERROR(dialect_.write_ordering(*this,
                                                   ordering != nullptr ? child(keys[index], 0) : keys[index],
                                                   ordering != nullptr ? *ordering : Ordering{}));
  }
  return {};
}

Status Compilation::write_list(const std::vector<Operand>& operands) {
  for (std::size_t index = 0; index < operands.size(); ++index) {
    if (index > 0) text_.words(", ");
    BRIDGE_RETURN_IF_ERROR(write(operands[index]));
  }
  return {};
}

Status Compilation::write_conjunction(const std::vector<Operand>& conditions) {
  const Rank minimum = conditions.size() > 1 ? Rank::kAnd : Rank::kOr;
  for (std::size_t index = 0; index < conditions.size(); ++index) {
    if (index > 0) text_.words(" AND ");
    BRIDGE_RETURN_IF_ERROR(write(conditions[index], minimum));
  }
  return {};
}

}  // namespace bridge::sql
