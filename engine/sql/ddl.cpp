// Sorts tables by their foreign keys.
#include "engine/sql/ddl.h"

#include <algorithm>

namespace bridge::sql {
namespace {

bool refers_to(const ForeignKey& key, const Table& target) {
  return key.target_table == target.name && key.target_schema == target.schema;
}

// A key with a nullable column can stay empty until its target exists; one checked at commit can wait for it.
bool is_required(const Table& table, const ForeignKey& key) {
  return !key.is_deferred && std::none_of(key.columns.begin(), key.columns.end(), [&](std::size_t column) {
    return table.columns[column].type.is_nullable;
  });
}

struct PlannedTable {
  TablePtr table;
  std::vector<std::size_t> postponed;
};

struct CreationOrder {
  std::vector<PlannedTable> planned;
  std::vector<TablePtr> stuck;  ///< tables of a circle of required keys; empty when all is well
};

/// Places tables one after the other.
class TableSorter {
 public:
  explicit TableSorter(std::vector<TablePtr> tables) : waiting_(std::move(tables)) {}

  CreationOrder sort() {
    while (!waiting_.empty()) {
      // A table whose every target stands comes first; else one that waits for nothing it requires.
      auto next = std::find_if(waiting_.begin(), waiting_.end(),
                               [&](const TablePtr& table) { return find_missing(*table).empty(); });
      if (next == waiting_.end())
        next = std::find_if(waiting_.begin(), waiting_.end(),
                            [&](const TablePtr& table) { return can_begin(*table); });
      if (next == waiting_.end()) return {std::move(planned_), std::move(waiting_)};
      planned_.push_back({*next, find_missing(**next)});
      waiting_.erase(next);
    }
    return {std::move(planned_), {}};
  }

 private:
  bool is_waiting(const Table& table, const ForeignKey& key) const {
    if (refers_to(key, table)) return false;
    return std::any_of(waiting_.begin(), waiting_.end(),
                       [&](const TablePtr& target) { return refers_to(key, *target); });
  }

  std::vector<std::size_t> find_missing(const Table& table) const {
    std::vector<std::size_t> missing;
    for (std::size_t index = 0; index < table.foreign_keys.size(); ++index) {
      if (is_waiting(table, table.foreign_keys[index])) missing.push_back(index);
    }
    return missing;
  }

  bool can_begin(const Table& table) const {
    const std::vector<std::size_t> missing = find_missing(table);
    return std::none_of(missing.begin(), missing.end(),
                        [&](std::size_t key) { return is_required(table, table.foreign_keys[key]); });
  }

  std::vector<TablePtr> waiting_;
  std::vector<PlannedTable> planned_;
};

// Tables that only wait for the circle are no part of it.
std::vector<TablePtr> to_circle(std::vector<TablePtr> stuck) {
  const auto is_target = [&](const TablePtr& table) {
    return std::any_of(stuck.begin(), stuck.end(), [&](const TablePtr& other) {
      return other != table &&
             std::any_of(other->foreign_keys.begin(), other->foreign_keys.end(), [&](const ForeignKey& key) {
               return refers_to(key, *table) && is_required(*other, key);
             });
    });
  };
  for (auto bystander = std::find_if_not(stuck.begin(), stuck.end(), is_target); bystander != stuck.end();
       bystander = std::find_if_not(stuck.begin(), stuck.end(), is_target)) {
    stuck.erase(bystander);
  }
  return stuck;
}

Error circle_error(const std::vector<TablePtr>& stuck) {
  std::string names;
  for (const TablePtr& table : to_circle(stuck))
    names.append(names.empty() ? "" : ", ").append(table->name.text());
  return make_error(
      ErrorCode::kModel,
      "the tables " + names +
          " require each other by foreign keys that must not be NULL; make one of them nullable");
}

void add_text_indexes(std::vector<StatementBody>& statements, const TablePtr& table) {
  for (std::size_t index = 0; index < table->text_indexes.size(); ++index) {
    for (const TextIndexPart part :
         {TextIndexPart::kWords, TextIndexPart::kWhenInserted, TextIndexPart::kWhenDeleted,
          TextIndexPart::kWhenUpdated, TextIndexPart::kRowsThere})
      statements.emplace_back(CreateTextIndex{table, index, part});
  }
}

// The words first: they may be kept beside the table.
void add_drop(std::vector<StatementBody>& statements, const TablePtr& table, bool cascade) {
  for (std::size_t index = 0; index < table->text_indexes.size(); ++index)
    statements.emplace_back(DropTextIndex{table, index});
  statements.emplace_back(DropTable{table, true, cascade});
}

}  // namespace

Result<std::vector<StatementBody>> plan_create(const std::vector<TablePtr>& tables) {
  const CreationOrder order = TableSorter(tables).sort();
  if (!order.stuck.empty()) return circle_error(order.stuck);
  std::vector<StatementBody> statements;
  std::vector<StatementBody> late;
  for (const PlannedTable& planned : order.planned) {
    statements.emplace_back(CreateTable{planned.table, true, planned.postponed});
    for (std::size_t index = 0; index < planned.table->indexes.size(); ++index)
      statements.emplace_back(CreateIndex{planned.table, index});
    add_text_indexes(statements, planned.table);
    for (const std::size_t key : planned.postponed)
      late.emplace_back(AddForeignKey{planned.table, key, true});
  }
  std::move(late.begin(), late.end(), std::back_inserter(statements));
  return statements;
}

std::vector<StatementBody> plan_drop(const std::vector<TablePtr>& tables) {
  const CreationOrder order = TableSorter(tables).sort();
  std::vector<StatementBody> statements;
  for (const TablePtr& table : order.stuck) add_drop(statements, table, true);
  for (auto planned = order.planned.rbegin(); planned != order.planned.rend(); ++planned) {
    const bool is_target_of_circle =
        std::any_of(order.planned.begin(), order.planned.end(), [&](const PlannedTable& other) {
          return std::any_of(other.postponed.begin(), other.postponed.end(), [&](std::size_t key) {
            return refers_to(other.table->foreign_keys[key], *planned->table);
          });
        });
    add_drop(statements, planned->table, is_target_of_circle);
  }
  return statements;
}

}  // namespace bridge::sql
