// Bulk loads where the database has no path of its own for them: statements of many rows each.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/execution/engine.h"
#include "engine/execution/operation_state.h"

namespace bridge::execution {

class Executor;

/// Rows from their source to a table, all or none: in a transaction of its own, or behind a savepoint in that
/// of its caller. Few statements are under way together, so that memory stays bounded however many rows come.
/// Lives as long as something of it is under way. Loop thread only.
class StatementLoad final : public std::enable_shared_from_this<StatementLoad> {
 public:
  /// `told` is who waits; its completion is called once.
  StatementLoad(Executor& executor, std::shared_ptr<bool> is_engine_alive, BulkCall call, StatePtr told);

  void start();

 private:
  void begin();
  void set_savepoint();
  void on_ready(Result<Outcome> result);
  void pump();
  Status fill(std::size_t most_rows);
  Result<std::size_t> count_most_rows() const;
  sql::StatementPtr statement_of(std::size_t rows);
  void send(std::size_t rows);
  void on_answer(Result<Outcome> result);
  void finish();
  Completion make_ending();
  void end(Result<Outcome> result);

  Executor& executor_;
  std::shared_ptr<bool> is_engine_alive_;
  BulkCall call_;
  StatePtr told_;
  sql::SourcePtr target_;
  std::optional<Identifier> savepoint_;                  ///< in a transaction of the caller's
  std::map<std::size_t, sql::StatementPtr> statements_;  ///< by rows
  std::vector<types::Value> values_;                     ///< of rows not yet sent
  std::vector<types::Value> row_;
  std::size_t rows_ = 0;   ///< not yet sent
  std::size_t bytes_ = 0;  ///< of those
  std::size_t underway_ = 0;
  std::int64_t affected_rows_ = 0;
  bool is_exhausted_ = false;
  std::optional<Error> failure_;
};

}  // namespace bridge::execution
