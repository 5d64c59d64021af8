// The kinds of statements, each with its own way into the compilation.
#pragma once

#include "engine/sql/compilation.h"
#include "engine/sql/compiled_statement.h"
#include "engine/sql/output_columns.h"
#include "engine/sql/statement.h"

namespace bridge::sql {

/// A number for a compilation, never given twice. Any thread.
std::uint64_t next_serial();

/// Writes one statement and says what it is. One per call of `compile`.
class StatementCompiler {
 public:
  StatementCompiler(Compilation& compilation, CompiledStatement& result)
      : compilation_(compilation), result_(result) {}
  /// For a write inside another statement, whose first parameter is at `position`.
  StatementCompiler(Compilation& compilation, CompiledStatement& result, std::size_t position)
      : compilation_(compilation), result_(result), position_(position), is_nested_(true) {}

  Status operator()(const Select& select);
  Status operator()(const Insert& insert);
  Status operator()(const Update& update);
  Status operator()(const Delete& removal);
  Status operator()(const CreateTable& creation);
  Status operator()(const AddForeignKey& addition);
  Status operator()(const CreateIndex& creation);
  Status operator()(const CreateTextIndex& creation);
  Status operator()(const DropTextIndex& removal);
  Status operator()(const DropTable& removal);
  Status operator()(const Begin& begin);
  Status operator()(const Commit& commit);
  Status operator()(const Rollback& rollback);
  Status operator()(const Savepoint& savepoint);
  Status operator()(const ReleaseSavepoint& savepoint);
  Status operator()(const RollbackToSavepoint& savepoint);
  Status operator()(const Raw& raw);
  Status operator()(const Explain& explain);
  Status operator()(const VersionChange& change);

 private:
  SqlWriter& text() { return compilation_.text(); }
  const Dialect& dialect() const { return compilation_.dialect(); }
  /// Common tables stand before the whole statement.
  template <typename Kind>
  Status begin(const Kind& statement) {
    return is_nested_ ? Status() : compilation_.write_with(statement);
  }
  void set_columns(const std::vector<OutputColumn>& columns) {
    for (const OutputColumn& column : columns) result_.columns.push_back({column.name, column.type});
  }
  Status write_explained(const Explain& explain);
  Status write_removal_where(const Delete& removal, const PartPositions& positions);
  Status write_values(const Insert& insert, const PartPositions& positions);
  Status write_row(const Insert& insert, std::size_t row, const PartPositions& positions);
  void write_outside_row(const Insert& insert, std::size_t row);
  Status write_insert_body(const Insert& insert, const PartPositions& positions);
  Status write_conflict(const Insert& insert, const PartPositions& positions);
  Status write_where(const std::vector<ExpressionPtr>& where, const PartPositions& positions);
  Status write_returning(const std::vector<Selection>& returning, const PartPositions& positions);
  Status write_bulk_text(const Insert& insert);
  Status plan_rereading(const Insert& insert, const PartPositions& positions);

  Compilation& compilation_;
  CompiledStatement& result_;
  std::size_t position_ = 0;
  bool is_nested_ = false;
};

}  // namespace bridge::sql
