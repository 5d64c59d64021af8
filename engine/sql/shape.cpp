// Structural comparison and the collection of parameters.
#include "engine/sql/shape.h"

#include <algorithm>

#include "engine/sql/statement_parts.h"

namespace bridge::sql {
namespace {

/// Compares two statements in canonical order, remembering which source of one stands for which of the other.
class ShapeComparison {
 public:
  /// Which sources may stand for each other.
  enum class Sources : std::uint8_t { kCorresponding, kIdentical };
  explicit ShapeComparison(Sources rule) : rule_(rule) {}

  bool same(const ExpressionPtr& left, const ExpressionPtr& right) {
    if (!left || !right) return !left && !right;
    return same(*left, *right);
  }

  bool same(const Expression& left, const Expression& right) {
    if (left.hash() != right.hash() || left.type() != right.type()) return false;
    if (left.payload().index() != right.payload().index() ||
        left.children().size() != right.children().size())
      return false;
    for (std::size_t index = 0; index < left.children().size(); ++index) {
      if (!same(left.children()[index], right.children()[index])) return false;
    }
    return std::visit([&](const auto& payload) { return same_payload(payload, right); }, left.payload());
  }

  bool same(const SourcePtr& left, const SourcePtr& right) {
    if (!left || !right) return !left && !right;
    if (rule_ == Sources::kIdentical) return left == right;
    if (left->is_aliased != right->is_aliased) return false;
    for (const auto& [known_left, known_right] : sources_) {
      if (known_left == left.get() || known_right == right.get())
        return known_left == left.get() && known_right == right.get();
    }
    sources_.emplace_back(left.get(), right.get());
    if (!left->derived || !right->derived)
      return left->table == right->table && left->derived == right->derived;
    return same(*left->derived, *right->derived) && same_columns(*left->table, *right->table);
  }

  // Two uses of one common table are written once, two common tables twice.
  bool same(const Derived& left, const Derived& right) {
    for (const auto& [known_left, known_right] : derived_) {
      if (known_left == &left || known_right == &right) return known_left == &left && known_right == &right;
    }
    derived_.emplace_back(&left, &right);
    return left.kind == right.kind && left.materialization == right.materialization &&
           left.versions == right.versions && same(left.body, right.body) &&
           same(left.recursion, right.recursion) && same(left.recursive_part, right.recursive_part) &&
           same(left.rows, right.rows);
  }

  bool same_columns(const Table& left, const Table& right) {
    return left.name == right.name &&
           std::equal(left.columns.begin(), left.columns.end(), right.columns.begin(), right.columns.end(),
                      [](const Column& one, const Column& other) {
                        return one.name == other.name && one.type == other.type;
                      });
  }

  bool same(const StatementPtr& left, const StatementPtr& right) {
    if (!left || !right) return !left && !right;
    if (left->hash() != right->hash() || left->body().index() != right->body().index()) return false;
    return std::visit(
        [&](const auto& body) {
          using Kind = std::decay_t<decltype(body)>;
          return same(body, *std::get_if<Kind>(&right->body()));
        },
        left->body());
  }

  bool same(const Selection& left, const Selection& right) {
    return same(left.entity, right.entity) && same(left.expression, right.expression) &&
           left.first_column == right.first_column && left.column_count == right.column_count;
  }
  bool same(const Assignment& left, const Assignment& right) {
    return left.column == right.column && same(left.value, right.value);
  }
  bool same(const Join& left, const Join& right) {
    return left.kind == right.kind && same(left.source, right.source) &&
           same(left.condition, right.condition);
  }

  template <typename Part>
  bool same(const std::vector<Part>& left, const std::vector<Part>& right) {
    if (left.size() != right.size()) return false;
    for (std::size_t index = 0; index < left.size(); ++index) {
      if (!same(left[index], right[index])) return false;
    }
    return true;
  }

  bool same(const Lock& left, const Lock& right) {
    return left.strength == right.strength && left.skip_locked == right.skip_locked &&
           left.nowait == right.nowait && same(left.of, right.of);
  }

  bool same(const std::shared_ptr<const Select>& left, const std::shared_ptr<const Select>& right) {
    if (!left || !right) return !left && !right;
    return same(*left, *right);
  }

  bool same(const Select& left, const Select& right) {
    return left.is_distinct == right.is_distinct && left.set_operator == right.set_operator &&
           same(left.operands, right.operands) && same(left.from, right.from) &&
           same(left.selections, right.selections) && same(left.joins, right.joins) &&
           same(left.where, right.where) && same(left.group_by, right.group_by) &&
           same(left.having, right.having) && same(left.order_by, right.order_by) &&
           same(left.distinct_on, right.distinct_on) && same(left.limit, right.limit) &&
           same(left.offset, right.offset) && same(left.lock, right.lock) && left.as_of == right.as_of;
  }

  bool same(const std::optional<OnConflict>& left, const std::optional<OnConflict>& right) {
    if (!left || !right) return !left && !right;
    return left->target == right->target && left->action == right->action &&
           same(left->assignments, right->assignments) && same(left->where, right->where);
  }

  bool same(const Insert& left, const Insert& right) {
    return same(left.source, right.source) && left.columns == right.columns &&
           left.row_count == right.row_count && same(left.values, right.values) &&
           same(left.query, right.query) && same(left.on_conflict, right.on_conflict) &&
           same(left.returning, right.returning);
  }

  bool same(const Update& left, const Update& right) {
    return left.is_everywhere == right.is_everywhere && same(left.source, right.source) &&
           same(left.from, right.from) && same(left.assignments, right.assignments) &&
           same(left.where, right.where) && same(left.returning, right.returning);
  }

  bool same(const Delete& left, const Delete& right) {
    return left.is_everywhere == right.is_everywhere && same(left.source, right.source) &&
           same(left.from, right.from) && same(left.where, right.where) &&
           same(left.returning, right.returning);
  }

  bool same(const CreateTable& left, const CreateTable& right) {
    return left.table == right.table && left.if_not_exists == right.if_not_exists &&
           left.postponed_foreign_keys == right.postponed_foreign_keys;
  }
  bool same(const AddForeignKey& left, const AddForeignKey& right) {
    return left.table == right.table && left.foreign_key == right.foreign_key &&
           left.is_postponed == right.is_postponed;
  }
  bool same(const CreateIndex& left, const CreateIndex& right) {
    return left.table == right.table && left.index == right.index &&
           left.if_not_exists == right.if_not_exists;
  }
  bool same(const CreateTextIndex& left, const CreateTextIndex& right) {
    return left.table == right.table && left.index == right.index && left.part == right.part;
  }
  bool same(const DropTextIndex& left, const DropTextIndex& right) {
    return left.table == right.table && left.index == right.index;
  }
  bool same(const DropTable& left, const DropTable& right) {
    return left.table == right.table && left.if_exists == right.if_exists && left.cascade == right.cascade;
  }
  bool same(const Begin& left, const Begin& right) {
    return left.isolation == right.isolation && left.is_readonly == right.is_readonly &&
           left.is_deferrable == right.is_deferrable;
  }
  bool same(const Commit&, const Commit&) { return true; }
  bool same(const Rollback&, const Rollback&) { return true; }
  bool same(const Savepoint& left, const Savepoint& right) { return left.name == right.name; }
  bool same(const ReleaseSavepoint& left, const ReleaseSavepoint& right) { return left.name == right.name; }
  bool same(const RollbackToSavepoint& left, const RollbackToSavepoint& right) {
    return left.name == right.name;
  }
  bool same(const Raw& left, const Raw& right) {
    return left.pieces == right.pieces && same(left.parts, right.parts) &&
           left.result_types == right.result_types;
  }
  bool same(const VersionChange::Word& left, const VersionChange::Word& right) {
    return left.word == right.word && same(left.value, right.value);
  }
  bool same(const VersionChange& left, const VersionChange& right) {
    return left.action == right.action && same(left.words, right.words);
  }
  bool same(const Explain& left, const Explain& right) {
    return left.analyze == right.analyze && same(left.query, right.query) && same(left.other, right.other);
  }

 private:
  bool same_payload(const ColumnReference& left, const Expression& right) {
    const auto& other = *right.as<ColumnReference>();
    return left.column == other.column && same(left.source, other.source);
  }
  bool same_payload(const Parameter& left, const Expression& right) {
    const auto& other = *right.as<Parameter>();
    return left.type == other.type &&
           to_list_bucket(left.value.elements.size()) == to_list_bucket(other.value.elements.size());
  }
  bool same_payload(const Binary& left, const Expression& right) {
    return left.operation == right.as<Binary>()->operation;
  }
  bool same_payload(const Unary& left, const Expression& right) {
    return left.operation == right.as<Unary>()->operation;
  }
  bool same_payload(const FunctionCall& left, const Expression& right) {
    const auto& other = *right.as<FunctionCall>();
    return left.name == other.name && left.is_distinct == other.is_distinct &&
           left.has_filter == other.has_filter && left.order_count == other.order_count &&
           left.is_within_group == other.is_within_group && left.language == other.language;
  }
  bool same_payload(const Star&, const Expression&) { return true; }
  bool same_payload(const InList& left, const Expression& right) {
    return left.is_negated == right.as<InList>()->is_negated;
  }
  bool same_payload(const InSubquery& left, const Expression& right) {
    const auto& other = *right.as<InSubquery>();
    return left.is_negated == other.is_negated && same(left.query, other.query);
  }
  bool same_payload(const Between& left, const Expression& right) {
    return left.is_negated == right.as<Between>()->is_negated;
  }
  bool same_payload(const Case& left, const Expression& right) {
    return left.has_else == right.as<Case>()->has_else;
  }
  bool same_payload(const Cast&, const Expression&) { return true; }
  bool same_payload(const Exists& left, const Expression& right) {
    return same(left.query, right.as<Exists>()->query);
  }
  bool same_payload(const ScalarSubquery& left, const Expression& right) {
    return same(left.query, right.as<ScalarSubquery>()->query);
  }
  bool same_payload(const Row&, const Expression&) { return true; }
  bool same_payload(const Ordering& left, const Expression& right) {
    const auto& other = *right.as<Ordering>();
    return left.is_descending == other.is_descending && left.nulls == other.nulls;
  }
  bool same_payload(const Label& left, const Expression& right) {
    return left.name == right.as<Label>()->name;
  }
  bool same_payload(const Excluded& left, const Expression& right) {
    return left.column == right.as<Excluded>()->column;
  }
  bool same_payload(const DefaultValue&, const Expression&) { return true; }
  bool same_payload(const Window& left, const Expression& right) {
    const auto& other = *right.as<Window>();
    return left.partition_count == other.partition_count && left.order_count == other.order_count &&
           left.frame == other.frame && left.name == other.name;
  }
  bool same_payload(const GroupingSets& left, const Expression& right) {
    const auto& other = *right.as<GroupingSets>();
    return left.kind == other.kind && left.set_sizes == other.set_sizes;
  }
  bool same_payload(const RawFragment& left, const Expression& right) {
    return left.pieces == right.as<RawFragment>()->pieces;
  }
  bool same_payload(const TableName& left, const Expression& right) {
    return left.table == right.as<TableName>()->table;
  }

  Sources rule_;
  std::vector<std::pair<const Source*, const Source*>> sources_;
  std::vector<std::pair<const Derived*, const Derived*>> derived_;
};

struct ParameterCollector {
  std::vector<const Parameter*> parameters{};

  void operator()(const ExpressionPtr& expression) {
    if (expression->parameter_count() == 0) return;
    if (const auto* const parameter = expression->as<Parameter>()) parameters.push_back(parameter);
    for (const ExpressionPtr& child : expression->children()) (*this)(child);
    const Select* const query = find_subquery(*expression);
    if (query != nullptr) for_each_part(*query, *this);
  }
  void operator()(const SourcePtr& source) {
    if (parameter_count_of(source) > 0) for_each_part(*source->derived, *this);
  }
};

}  // namespace

bool has_same_shape(const Statement& left, const Statement& right) {
  if (left.hash() != right.hash() || left.body().index() != right.body().index()) return false;
  ShapeComparison comparison(ShapeComparison::Sources::kCorresponding);
  return std::visit(
      [&](const auto& body) {
        using Kind = std::decay_t<decltype(body)>;
        return comparison.same(body, *std::get_if<Kind>(&right.body()));
      },
      left.body());
}

bool is_same_expression(const Expression& left, const Expression& right) {
  return ShapeComparison(ShapeComparison::Sources::kIdentical).same(left, right);
}

std::vector<const Parameter*> collect_parameters(const Statement& statement) {
  ParameterCollector collector;
  std::visit([&](const auto& body) { for_each_part(body, collector); }, statement.body());
  return std::move(collector.parameters);
}

}  // namespace bridge::sql
