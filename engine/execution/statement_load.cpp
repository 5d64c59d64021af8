// Bulk loads where the database has no path of its own for them: statements of many rows each.
#include "engine/execution/statement_load.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

#include "engine/execution/executor.h"
#include "engine/sql/chunker.h"

namespace bridge::execution {
namespace {

/// Rows of one statement: beyond a thousand a server gains nothing more.
constexpr std::size_t kRowsPerStatement = 1'024;
/// Bytes of one statement at most, unless one row alone has more: far below what servers accept by default
/// (16 MiB and more).
constexpr std::size_t kBytesPerStatement = 1U << 20U;
/// Statements under way: the server always has the next one, and memory stays bounded.
constexpr std::size_t kStatementsUnderWay = 4;
/// What a value costs beside its text.
constexpr std::size_t kBytesPerValue = 16;

std::size_t size_of(const std::vector<types::Value>& row) {
  std::size_t bytes = 0;
  for (const types::Value& value : row) bytes += kBytesPerValue + value.text.size() + size_of(value.elements);
  return bytes;
}

}  // namespace

StatementLoad::StatementLoad(Executor& executor, std::shared_ptr<bool> is_engine_alive, BulkCall call,
                             StatePtr told)
    : executor_(executor),
      is_engine_alive_(std::move(is_engine_alive)),
      call_(std::move(call)),
      told_(std::move(told)),
      target_(std::make_shared<const sql::Source>(sql::Source{call_.table})) {}

void StatementLoad::start() { call_.transaction ? set_savepoint() : begin(); }

void StatementLoad::begin() {
  executor_.begin(sql::Begin{}, call_.deadline, call_.origin,
                  [self = shared_from_this()](Result<TransactionPtr> begun) {
                    if (!begun) return self->on_ready(std::move(begun).error());
                    self->call_.transaction = std::move(begun).value();
                    self->on_ready(Outcome{});
                  });
}

void StatementLoad::set_savepoint() {
  auto name = Identifier::make("bridge_load_" + std::to_string(executor_.next_cursor()));
  if (!name) return executor_.reject(told_, std::move(name).error());
  savepoint_ = std::move(name).value();
  call_.transaction->savepoint(
      *savepoint_, call_.origin,
      [self = shared_from_this()](Result<Outcome> result) { self->on_ready(std::move(result)); });
}

void StatementLoad::on_ready(Result<Outcome> result) {
  if (!result) return end(std::move(result));
  pump();
}

Result<std::size_t> StatementLoad::count_most_rows() const {
  const std::size_t width = call_.columns.size();
  if (width == 0) return std::size_t{1};
  BRIDGE_ASSIGN_OR_RETURN(const std::size_t most, sql::count_rows_per_statement(executor_.dialect().limits(),
                                                                                width, 0, kRowsPerStatement));
  return std::bit_floor(most);
}

Status StatementLoad::fill(std::size_t most_rows) {
  while (!is_exhausted_ && rows_ < most_rows && bytes_ < kBytesPerStatement) {
    BRIDGE_ASSIGN_OR_RETURN(const bool has_row, call_.source->next(row_));
    is_exhausted_ = !has_row;
    if (!has_row) break;
    rows_ += 1;
    bytes_ += size_of(row_);
    std::move(row_.begin(), row_.end(), std::back_inserter(values_));
  }
  return {};
}

void StatementLoad::pump() {
  if (!*is_engine_alive_) return end(make_error(ErrorCode::kPoolClosed, "the database handle is closed"));
  if (told_->phase == Phase::kEnded) failure_ = make_error(ErrorCode::kCancelled, "the caller has left");
  const auto most_rows = count_most_rows();
  if (!most_rows) failure_ = most_rows.error().clone();
  while (!failure_ && underway_ < kStatementsUnderWay) {
    Status filled = fill(*most_rows);
    if (!filled) {
      failure_ = std::move(filled).error();
      break;
    }
    if (rows_ == 0) break;
    // Powers of two: few texts are prepared, whatever the rows' number and sizes.
    send(std::bit_floor(rows_));
  }
  if (underway_ == 0) finish();
}

sql::StatementPtr StatementLoad::statement_of(std::size_t rows) {
  sql::StatementPtr& statement = statements_[rows];
  if (statement) return statement;
  sql::Insert insert;
  insert.source = target_;
  insert.columns = call_.columns;
  insert.row_count = rows;
  return statement = sql::make_statement(std::move(insert));
}

void StatementLoad::send(std::size_t rows) {
  const auto end = values_.begin() + static_cast<std::ptrdiff_t>(rows * call_.columns.size());
  std::vector<types::Value> sent(std::make_move_iterator(values_.begin()), std::make_move_iterator(end));
  values_.erase(values_.begin(), end);
  rows_ -= rows;
  bytes_ = size_of(values_);
  underway_ += 1;
  executor_.execute(Call{.statement = statement_of(rows),
                         .values = std::move(sent),
                         .sink = nullptr,
                         .transaction = call_.transaction,
                         .deadline = call_.deadline,
                         .origin = call_.origin,
                         .on_done = [self = shared_from_this()](Result<Outcome> result) {
                           self->on_answer(std::move(result));
                         }});
}

void StatementLoad::on_answer(Result<Outcome> result) {
  underway_ -= 1;
  if (result) {
    affected_rows_ += result->affected_rows;
  } else if (!failure_) {
    failure_ = std::move(result).error();
  }
  pump();
}

void StatementLoad::finish() {
  Completion ending = make_ending();
  if (savepoint_) {
    failure_ ? call_.transaction->rollback_to(*savepoint_, call_.origin, std::move(ending))
             : call_.transaction->release(*savepoint_, call_.origin, std::move(ending));
  } else {
    failure_ ? call_.transaction->rollback(call_.deadline, call_.origin, std::move(ending))
             : call_.transaction->commit(call_.deadline, call_.origin, std::move(ending));
  }
}

// What went wrong first is told, not what became of undoing it.
Completion StatementLoad::make_ending() {
  return [self = shared_from_this()](Result<Outcome> result) {
    if (self->failure_) return self->end(std::move(*self->failure_));
    if (result) result = Outcome{.affected_rows = self->affected_rows_};
    self->end(std::move(result));
  };
}

void StatementLoad::end(Result<Outcome> result) {
  call_.source.reset();
  if (!*is_engine_alive_) told_->executor = nullptr;
  if (*is_engine_alive_ && !savepoint_) call_.transaction.reset();  // rolls back what is open
  if (std::exchange(told_->phase, Phase::kEnded) == Phase::kEnded) return;
  std::exchange(told_->on_end, nullptr)(std::move(result), pool::Lease());
}

}  // namespace bridge::execution
