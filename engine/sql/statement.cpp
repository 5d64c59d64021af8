// The hash of a statement's shape, computed once when it is made.
#include "engine/sql/statement.h"

#include <algorithm>

#include "engine/sql/shape_hash.h"
#include "engine/sql/statement_parts.h"

namespace bridge::sql {
namespace {

void add(ShapeHash& hash, const SourcePtr& source) {
  hash.add(source ? source->table->serial << 1 | (source->is_aliased ? 1U : 0U) : 0U);
}

void add(ShapeHash& hash, const ExpressionPtr& expression) { hash.add(expression ? expression->hash() : 0U); }

void add(ShapeHash& hash, const std::vector<ExpressionPtr>& expressions) {
  hash.add(expressions.size());
  for (const ExpressionPtr& expression : expressions) add(hash, expression);
}

void add(ShapeHash& hash, const std::vector<Selection>& selections) {
  hash.add(selections.size());
  for (const Selection& selection : selections) {
    add(hash, selection.entity);
    add(hash, selection.expression);
    hash.add(selection.first_column).add(selection.column_count);
  }
}

void add(ShapeHash& hash, const std::vector<Assignment>& assignments) {
  hash.add(assignments.size());
  for (const Assignment& assignment : assignments) {
    hash.add(assignment.column);
    add(hash, assignment.value);
  }
}

void add(ShapeHash& hash, const std::vector<std::size_t>& columns) {
  hash.add(columns.size());
  for (const std::size_t column : columns) hash.add(column);
}

void add(ShapeHash& hash, const Lock& lock) {
  hash.add(static_cast<std::uint64_t>(lock.strength) << 2 | (lock.skip_locked ? 2U : 0U) |
           (lock.nowait ? 1U : 0U));
  for (const SourcePtr& source : lock.of) add(hash, source);
}

void add(ShapeHash& hash, const PointInTime& point) {
  hash.add(static_cast<std::uint64_t>(point.kind)).add(static_cast<std::uint64_t>(point.moment));
  if (point.revision) hash.add(point.revision->text());
}

void add(ShapeHash& hash, const Select& select) {
  hash.add(select.operands.size()).add(static_cast<std::uint64_t>(select.set_operator));
  for (const auto& operand : select.operands) add(hash, *operand);
  add(hash, select.selections);
  hash.add(select.from.size());
  for (const SourcePtr& source : select.from) add(hash, source);
  hash.add(select.joins.size());
  for (const Join& join : select.joins) {
    hash.add(static_cast<std::uint64_t>(join.kind));
    add(hash, join.source);
    add(hash, join.condition);
  }
  add(hash, select.where);
  add(hash, select.group_by);
  add(hash, select.having);
  add(hash, select.order_by);
  add(hash, select.distinct_on);
  hash.add(select.is_distinct ? 1U : 0U);
  add(hash, select.limit);
  add(hash, select.offset);
  add(hash, select.lock);
  if (select.as_of) add(hash, *select.as_of);
}

void add(ShapeHash& hash, const Insert& insert) {
  add(hash, insert.source);
  add(hash, insert.columns);
  add(hash, insert.values);
  hash.add(insert.row_count);
  if (insert.query) add(hash, *insert.query);
  if (insert.on_conflict) {
    hash.add(static_cast<std::uint64_t>(insert.on_conflict->action) + 1);
    add(hash, insert.on_conflict->target);
    add(hash, insert.on_conflict->assignments);
    add(hash, insert.on_conflict->where);
  }
  add(hash, insert.returning);
}

void add(ShapeHash& hash, const Update& update) {
  add(hash, update.source);
  for (const SourcePtr& source : update.from) add(hash, source);
  add(hash, update.assignments);
  add(hash, update.where);
  hash.add(update.is_everywhere ? 1U : 0U);
  add(hash, update.returning);
}

void add(ShapeHash& hash, const Delete& removal) {
  add(hash, removal.source);
  for (const SourcePtr& source : removal.from) add(hash, source);
  add(hash, removal.where);
  hash.add(removal.is_everywhere ? 1U : 0U);
  add(hash, removal.returning);
}

void add(ShapeHash& hash, const CreateTable& creation) {
  hash.add(creation.table->serial).add(creation.if_not_exists ? 1U : 0U);
  add(hash, creation.postponed_foreign_keys);
}
void add(ShapeHash& hash, const AddForeignKey& addition) {
  hash.add(addition.table->serial).add(addition.foreign_key).add(addition.is_postponed ? 1U : 0U);
}
void add(ShapeHash& hash, const CreateIndex& creation) {
  hash.add(creation.table->serial).add(creation.index).add(creation.if_not_exists ? 1U : 0U);
}
void add(ShapeHash& hash, const CreateTextIndex& creation) {
  hash.add(creation.table->serial).add(creation.index).add(static_cast<std::uint64_t>(creation.part));
}
void add(ShapeHash& hash, const DropTextIndex& removal) {
  hash.add(removal.table->serial).add(removal.index);
}
void add(ShapeHash& hash, const DropTable& removal) {
  hash.add(removal.table->serial).add((removal.if_exists ? 2U : 0U) | (removal.cascade ? 1U : 0U));
}
void add(ShapeHash& hash, const Begin& begin) {
  hash.add(static_cast<std::uint64_t>(begin.isolation) << 2 | (begin.is_readonly ? 2U : 0U) |
           (begin.is_deferrable ? 1U : 0U));
}
void add(ShapeHash&, const Commit&) {}
void add(ShapeHash&, const Rollback&) {}
void add(ShapeHash& hash, const Savepoint& savepoint) { hash.add(savepoint.name.text()); }
void add(ShapeHash& hash, const ReleaseSavepoint& savepoint) { hash.add(savepoint.name.text()); }
void add(ShapeHash& hash, const RollbackToSavepoint& savepoint) { hash.add(savepoint.name.text()); }

void add(ShapeHash& hash, const Raw& raw) {
  for (const std::string& piece : raw.pieces) hash.add(piece);
  add(hash, raw.parts);
  for (const types::ColumnType& type : raw.result_types) hash.add(type);
}

void add(ShapeHash& hash, const VersionChange& change) {
  hash.add(static_cast<std::uint64_t>(change.action)).add(change.words.size());
  for (const VersionChange::Word& word : change.words) {
    hash.add(static_cast<std::uint64_t>(word.word));
    add(hash, word.value);
  }
}

void add(ShapeHash& hash, const Explain& explain) {
  hash.add(explain.analyze ? 1U : 0U);
  if (explain.query) add(hash, *explain.query);
  if (explain.other) hash.add(explain.other->hash());
}

std::uint64_t hash_body(const StatementBody& body) {
  ShapeHash hash(body.index());
  std::visit([&](const auto& kind) { add(hash, kind); }, body);
  return hash.value();
}

}  // namespace

std::uint64_t hash_of(const Select& select) {
  ShapeHash hash(0);
  add(hash, select);
  return hash.value();
}

void PartTotals::operator()(const ExpressionPtr& part) {
  parameters += part->parameter_count();
  nodes += part->node_count();
  depth = std::max(depth, part->depth());
  is_read_only = is_read_only && part->is_read_only();
}

void PartTotals::operator()(const SourcePtr& source) {
  if (!source->derived) return;
  parameters += source->derived->parameter_count;
  nodes += source->derived->node_count + 1;
  depth = std::max(depth, source->derived->depth + 1);
  is_read_only = is_read_only && source->derived->is_read_only;
}

std::uint32_t count_parameters(const Select& select) { return total_of(select).parameters; }

bool is_read_only(const Select& select) {
  return select.lock.strength == LockStrength::kNone && total_of(select).is_read_only;
}

Statement::Statement(StatementBody body) : body_(std::move(body)), hash_(hash_body(body_)) {}

}  // namespace bridge::sql
