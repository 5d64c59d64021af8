// Puts expression nodes together: hash, depth, counts, traits.
#include "engine/sql/expression_factory.h"

#include <algorithm>
#include <bit>

#include "engine/base/limits.h"
#include "engine/sql/functions.h"
#include "engine/sql/shape_hash.h"
#include "engine/sql/statement_parts.h"

namespace bridge::sql {
namespace {

// Adds what a node says beyond its kind, type and children. Never a value, never which copy of a table.
struct PayloadHash {
  ShapeHash& hash;

  void operator()(const ColumnReference& node) const {
    hash.add(node.source->table->serial).add(node.column);
  }
  void operator()(const Parameter& node) const {
    if (node.type.storage == types::StorageType::kArray) hash.add(to_list_bucket(node.value.elements.size()));
  }
  void operator()(const Binary& node) const { hash.add(static_cast<std::uint64_t>(node.operation)); }
  void operator()(const Unary& node) const { hash.add(static_cast<std::uint64_t>(node.operation)); }
  void operator()(const FunctionCall& node) const {
    hash.add(node.name).add((node.is_distinct ? 1U : 0U) | (node.has_filter ? 2U : 0U));
    hash.add(node.order_count).add(node.is_within_group ? 1U : 0U).add(node.language);
  }
  void operator()(const Star&) const {}
  void operator()(const InList& node) const { hash.add(node.is_negated ? 1U : 0U); }
  void operator()(const InSubquery& node) const {
    hash.add(node.is_negated ? 1U : 0U).add(hash_of(*node.query));
  }
  void operator()(const Between& node) const { hash.add(node.is_negated ? 1U : 0U); }
  void operator()(const Case& node) const { hash.add(node.has_else ? 1U : 0U); }
  void operator()(const Cast&) const {}
  void operator()(const Exists& node) const { hash.add(hash_of(*node.query)); }
  void operator()(const ScalarSubquery& node) const { hash.add(hash_of(*node.query)); }
  void operator()(const Row&) const {}
  void operator()(const Ordering& node) const {
    hash.add(static_cast<std::uint64_t>(node.nulls) << 1 | (node.is_descending ? 1U : 0U));
  }
  void operator()(const Label& node) const { hash.add(node.name.text()); }
  void operator()(const Excluded& node) const { hash.add(node.column); }
  void operator()(const DefaultValue&) const {}
  void operator()(const Window& node) const {
    hash.add(node.partition_count).add(node.order_count).add(static_cast<std::uint64_t>(node.frame.unit));
    hash.add(static_cast<std::uint64_t>(node.frame.start)).add(static_cast<std::uint64_t>(node.frame.end));
    hash.add(static_cast<std::uint64_t>(node.frame.exclusion)).add(node.name ? node.name->text() : "");
  }
  void operator()(const GroupingSets& node) const {
    hash.add(static_cast<std::uint64_t>(node.kind)).add(node.set_sizes.size());
    for (const std::size_t size : node.set_sizes) hash.add(size);
  }
  void operator()(const RawFragment& node) const {
    for (const std::string& piece : node.pieces) hash.add(piece);
  }
  void operator()(const TableName& node) const { hash.add(node.table->serial); }
};

bool is_read_only_itself(const Payload& payload) {
  if (std::holds_alternative<RawFragment>(payload)) return false;
  const auto* const call = std::get_if<FunctionCall>(&payload);
  if (call == nullptr) return true;
  const FunctionTraits* const traits = find_function(call->name);
  return traits != nullptr && traits->is_read_only;
}

bool aggregates(const ExpressionPtr& part) { return part->has_aggregate(); }

}  // namespace

bool calls_aggregate(const Expression& expression) {
  const auto* const call = expression.as<FunctionCall>();
  if (call == nullptr) return false;
  const FunctionTraits* const traits = find_function(call->name);
  if (traits != nullptr) return traits->is_aggregate;
  return call->is_distinct || call->has_filter || call->order_count > 0;
}

bool has_window(const Expression& expression) {
  if (expression.as<Window>() != nullptr) return true;
  const auto children = expression.children();
  return std::any_of(children.begin(), children.end(),
                     [](const ExpressionPtr& child) { return has_window(*child); });
}

Status check_no_nested_aggregate(const Expression& expression) {
  const Expression& bare = without_label(expression);
  if (!calls_aggregate(bare) || std::none_of(bare.children().begin(), bare.children().end(), aggregates))
    return {};
  return make_error(ErrorCode::kQuery,
                    "an aggregate function cannot stand inside another: " + bare.as<FunctionCall>()->name);
}

const Select* find_subquery(const Expression& expression) {
  if (const auto* const node = expression.as<InSubquery>()) return node->query.get();
  if (const auto* const node = expression.as<Exists>()) return node->query.get();
  if (const auto* const node = expression.as<ScalarSubquery>()) return node->query.get();
  return nullptr;
}

ExpressionResult ExpressionFactory::make(Payload payload, types::ColumnType type,
                                         std::vector<ExpressionPtr> children) {
  std::shared_ptr<Expression> node(new Expression());
  node->payload_ = std::move(payload);
  node->type_ = type;
  node->children_ = std::move(children);
  node->is_read_only_ = is_read_only_itself(node->payload_);
  node->parameter_count_ = std::holds_alternative<Parameter>(node->payload_) ? 1 : 0;
  BRIDGE_RETURN_IF_ERROR(take_children(*node));
  take_subquery(*node);
  if (node->node_count_ > kMaxStatementNodes) {
    return make_error(ErrorCode::kQuery, "an expression of more than " + std::to_string(kMaxStatementNodes) +
                                             " nodes is too large");
  }
  ShapeHash hash(node->payload_.index());
  hash.add(type);
  for (const ExpressionPtr& child : node->children_) hash.add(child->hash());
  std::visit(PayloadHash{hash}, node->payload_);
  node->hash_ = hash.value();
  return ExpressionPtr(std::move(node));
}

ExpressionPtr ExpressionFactory::replace_values(const Expression& original, Payload payload,
                                                std::vector<ExpressionPtr> children) {
  std::shared_ptr<Expression> node(new Expression(original));
  node->payload_ = std::move(payload);
  node->children_ = std::move(children);
  return node;
}

Status ExpressionFactory::take_children(Expression& node) {
  bool has_aggregate = false;
  for (const ExpressionPtr& child : node.children_) {
    node.depth_ = std::max(node.depth_, child->depth() + 1);
    node.node_count_ += child->node_count();
    node.parameter_count_ += child->parameter_count();
    node.is_read_only_ = node.is_read_only_ && child->is_read_only();
    has_aggregate = has_aggregate || child->has_aggregate();
  }
  if (node.depth_ > kMaxExpressionDepth) {
    return make_error(ErrorCode::kQuery, "an expression nested deeper than " +
                                             std::to_string(kMaxExpressionDepth) + " levels is too deep");
  }
  // Over a window alone a function may take aggregates: they are what its rows are made of.
  for (std::size_t index = node.as<Window>() != nullptr ? 1 : 0; index < node.children_.size(); ++index)
    BRIDGE_RETURN_IF_ERROR(check_no_nested_aggregate(*node.children_[index]));
  node.has_aggregate_ = has_aggregate || calls_aggregate(node);
  // The call under a window no longer aggregates the query's rows; only what stands inside its arguments and
  // keys does.
  if (node.as<Window>() != nullptr) {
    const auto arguments = node.children_.front()->children();
    node.has_aggregate_ = std::any_of(arguments.begin(), arguments.end(), aggregates) ||
                          std::any_of(node.children_.begin() + 1, node.children_.end(), aggregates);
  }
  return {};
}

void ExpressionFactory::take_subquery(Expression& node) {
  const Select* const query = find_subquery(node);
  if (query == nullptr) return;
  const PartTotals totals = total_of(*query);
  node.node_count_ += totals.nodes;
  node.parameter_count_ += totals.parameters;
  node.is_read_only_ = node.is_read_only_ && totals.is_read_only;
  node.depth_ = std::max(node.depth_, totals.depth + 1);
}

Status check_operand(const ExpressionPtr& operand) {
  if (!operand) return make_error(ErrorCode::kQuery, "an operand is missing");
  if (operand->as<Ordering>() != nullptr)
    return make_error(ErrorCode::kQuery, "an ordering can stand only in order_by and in an index");
  if (operand->as<Label>() != nullptr)
    return make_error(ErrorCode::kQuery, "a labelled expression can only be selected, grouped or ordered by");
  if (operand->as<DefaultValue>() != nullptr)
    return make_error(ErrorCode::kQuery, "DEFAULT can only be the whole value of a column");
  if (operand->as<Star>() != nullptr)
    return make_error(ErrorCode::kQuery, "the star can only be the argument of count");
  if (operand->as<GroupingSets>() != nullptr)
    return make_error(ErrorCode::kQuery, "rollup, cube and grouping sets can only stand in group_by");
  if (operand->as<TableName>() != nullptr)
    return make_error(ErrorCode::kQuery, "a table can only be named inside raw SQL");
  return {};
}

Status check_operands(const std::vector<ExpressionPtr>& operands) {
  for (const ExpressionPtr& operand : operands) BRIDGE_RETURN_IF_ERROR(check_operand(operand));
  return {};
}

Status check_condition(const ExpressionPtr& condition) {
  BRIDGE_RETURN_IF_ERROR(check_operand(condition));
  if (condition->type().storage == types::StorageType::kBool) return {};
  return make_error(ErrorCode::kQuery, "a condition must be a truth value, not " +
                                           std::string(types::to_name(condition->type().storage)));
}

std::size_t to_list_bucket(std::size_t member_count) {
  return member_count == 0 ? 0 : std::bit_ceil(member_count);
}

std::size_t argument_count(const Expression& call) {
  const auto& node = *call.as<FunctionCall>();
  return call.children().size() - node.order_count - (node.has_filter ? 1 : 0);
}

const Expression& without_label(const Expression& expression) {
  return expression.as<Label>() != nullptr ? *expression.children().front() : expression;
}

}  // namespace bridge::sql
