// Bulk loads: rows pulled from their source as the connection drains them.
#include "engine/execution/executor.h"
#include "engine/execution/statement_load.h"
#include "engine/execution/transaction.h"

namespace bridge::execution {

Operation Executor::bulk_insert(BulkCall call) {
  sql::Insert insert;
  insert.source = std::make_shared<const sql::Source>(sql::Source{call.table});
  insert.columns = call.columns;
  insert.row_count = 1;
  Call plain{.statement = sql::make_statement(std::move(insert)),
             .sink = nullptr,
             .transaction = std::move(call.transaction),
             .deadline = call.deadline,
             .origin = call.origin,
             .on_done = std::move(call.on_done)};
  auto entry = cache_.find_or_compile(plain.statement);
  if (!entry) return refuse(std::move(plain), std::move(entry).error());
  if (!dialect().capabilities().has(sql::Capability::kBulkCopy)) {
    const StatePtr told = make_unprepared(std::move(plain.on_done));
    call.transaction = std::move(plain.transaction);
    std::make_shared<StatementLoad>(*this, is_alive_, std::move(call), told)->start();
    return Operation(told);
  }
  const StatePtr state = make_unprepared(std::move(plain.on_done));
  state->entry = std::move(*entry);
  state->statement = std::move(plain.statement);
  state->source = std::move(call.source);
  state->transaction = std::move(plain.transaction);
  state->deadline = plain.deadline;
  state->origin = plain.origin;
  if (state->transaction) {
    static_cast<OpenTransaction&>(*state->transaction).enqueue(state);
  } else {
    start(state);
  }
  return Operation(state);
}

}  // namespace bridge::execution
