// Statements written as sentences: select(...).from(...).where(...).build().
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/sql/fluent/term.h"
#include "engine/sql/statement.h"

namespace bridge::sql::fluent {

/// Collects a SELECT; errors of any term wait until `build`. Not thread safe.
class SelectBuilder {
 public:
  explicit SelectBuilder(const std::vector<Term>& columns);

  SelectBuilder& from(const Entity& entity);
  SelectBuilder& join(const Entity& entity, const Term& condition) {
    return add_join(JoinKind::kInner, entity, condition);
  }
  SelectBuilder& left_join(const Entity& entity, const Term& condition) {
    return add_join(JoinKind::kLeft, entity, condition);
  }
  /// Further conditions must all hold.
  SelectBuilder& where(const Term& condition) { return add(select_.where, condition); }
  SelectBuilder& group_by(const Term& key) { return add(select_.group_by, key); }
  SelectBuilder& distinct();
  SelectBuilder& having(const Term& condition) { return add(select_.having, condition); }
  SelectBuilder& order_by(const Term& ordering) { return add(select_.order_by, ordering); }
  SelectBuilder& limit(std::int64_t rows);

  /// kQuery for what no database could answer, naming it.
  Result<StatementPtr> build();

 private:
  SelectBuilder& add(std::vector<ExpressionPtr>& clause, const Term& term);
  SelectBuilder& add_join(JoinKind kind, const Entity& entity, const Term& condition);

  Select select_;
  std::optional<Error> error_;
};

/// Collects an INSERT.
class InsertBuilder {
 public:
  InsertBuilder(Entity entity, const std::vector<std::string_view>& columns);

  /// One row, in the order of the columns; call again for more.
  InsertBuilder& values(std::initializer_list<Literal> row);
  /// A row whose unique key, made of these columns, is taken is left out; or changed, where `set` is said.
  InsertBuilder& on_conflict(const std::vector<std::string_view>& key);
  /// Changes the row that is there; `entity.excluded(column)` is what would have been inserted.
  InsertBuilder& set(std::string_view column, const Operand& value);
  /// What comes back for each row.
  InsertBuilder& returning(const Term& term);
  Result<StatementPtr> build();

 private:
  Status add_row(std::initializer_list<Literal> row);
  Status assign(std::string_view column, const Operand& value);

  Entity entity_;
  Insert insert_;
  std::optional<Error> error_;
};

/// Collects an UPDATE. Without `where`, `everywhere` must be said.
class UpdateBuilder {
 public:
  explicit UpdateBuilder(Entity entity) : entity_(std::move(entity)) { update_.source = entity_.source(); }

  UpdateBuilder& set(std::string_view column, const Operand& value);
  UpdateBuilder& where(const Term& condition);
  UpdateBuilder& everywhere();
  Result<StatementPtr> build();

 private:
  Status assign(std::string_view column, const Operand& value);

  Entity entity_;
  Update update_;
  std::optional<Error> error_;
};

/// Collects a DELETE. Without `where`, `everywhere` must be said.
class DeleteBuilder {
 public:
  explicit DeleteBuilder(const Entity& entity) { delete_.source = entity.source(); }

  DeleteBuilder& where(const Term& condition);
  DeleteBuilder& everywhere();
  Result<StatementPtr> build();

 private:
  Delete delete_;
  std::optional<Error> error_;
};

inline SelectBuilder select(const std::vector<Term>& columns) { return SelectBuilder(columns); }
inline InsertBuilder insert_into(const Entity& entity, const std::vector<std::string_view>& columns) {
  return InsertBuilder(entity, columns);
}
inline UpdateBuilder update(const Entity& entity) { return UpdateBuilder(entity); }
inline DeleteBuilder delete_from(const Entity& entity) { return DeleteBuilder(entity); }

}  // namespace bridge::sql::fluent
