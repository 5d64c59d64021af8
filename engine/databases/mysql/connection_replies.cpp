// What the server answered, met with the request it belongs to.
#include <utility>

#include "engine/databases/mysql/connection.h"
#include "engine/databases/mysql/error_map.h"
#include "engine/databases/mysql/type_map.h"

namespace bridge::mysql {
namespace {

Error stray() { return wire::out_of_step("an answer to nobody's request"); }

Result<std::vector<driver::ResultColumn>> meet_columns(const sql::CompiledStatement& statement,
                                                       std::span<const wire::ColumnDescription> described) {
  std::vector<driver::ResultColumn> columns;
  if (!statement.returns_rows) {
    columns.resize(described.size());  // dropped, but counted
    return columns;
  }
  const bool is_known = !statement.has_unknown_columns;
  if (is_known && described.size() != statement.columns.size()) {
    return make_error(ErrorCode::kDecode, "the statement returns " + std::to_string(described.size()) +
                                              " columns, " + std::to_string(statement.columns.size()) +
                                              " were expected");
  }
  for (std::size_t index = 0; index < described.size(); ++index) {
    const sql::ExpectedColumn* expected = is_known ? &statement.columns[index] : nullptr;
    BRIDGE_ASSIGN_OR_RETURN(columns.emplace_back(), meet_column(described[index], expected));
  }
  return columns;
}

/// A write counts the rows it met, whether they were as wanted already or not.
std::int64_t count_rows(const sql::CompiledStatement* statement, const wire::Ending& ending) {
  const bool is_upsert = statement != nullptr && statement->is_upsert;
  if (ending.matched_rows) return static_cast<std::int64_t>(*ending.matched_rows);
  if (is_upsert && ending.given_rows) return static_cast<std::int64_t>(*ending.given_rows);
  // A row that was there already counts twice when it changes, and not at all when it does not.
  if (is_upsert && statement->given_rows > 0) return static_cast<std::int64_t>(statement->given_rows);
  return is_upsert ? 1 : static_cast<std::int64_t>(ending.affected_rows);
}

wire::RowShape shape_of(std::span<const wire::ColumnDescription> described) {
  std::vector<wire::FieldType> types;
  for (const wire::ColumnDescription& column : described) types.push_back(column.type);
  return std::make_shared<const std::vector<wire::FieldType>>(std::move(types));
}

}  // namespace

Status Connection::on_prepared(wire::Tag tag, const wire::PreparedHeader& header) {
  Active* active = find(tag);
  if (active == nullptr || !active->is_only_preparing) return stray();
  auto prepared = std::make_shared<PreparedStatement>();
  prepared->serial = active->answered_statement().serial;
  prepared->number = header.statement;
  prepared->parameters = header.parameters;
  active->answered_preparation() = std::move(prepared);
  return {};
}

Status Connection::on_columns(wire::Tag tag, std::span<const wire::ColumnDescription> described) {
  Active* active = find(tag);
  if (active == nullptr || active->answered_preparation() == nullptr) return stray();
  PreparedStatement& prepared = *active->answered_preparation();
  auto columns = meet_columns(active->answered_statement(), described);
  // What depends on values is described anew with them.
  const bool is_guess = active->is_only_preparing && prepared.parameters > 0;
  if (!columns && is_guess) {
    prepared.shape = shape_of(described);
    return {};
  }
  if (!columns) {
    if (!active->failure) active->failure = std::move(columns).error();
    return {};
  }
  prepared.columns = std::move(*columns);
  prepared.shape = shape_of(described);
  return {};
}

Status Connection::on_rows(wire::Tag tag, std::span<const driver::Cell> cells) {
  Active* active = find(tag);
  if (active == nullptr || active->answered_preparation() == nullptr) return stray();
  const std::vector<driver::ResultColumn>& described = active->answered_preparation()->columns;
  tell_columns(*active, described);
  const std::size_t columns = described.size();
  if (columns > 0) active->rows += static_cast<std::int64_t>(cells.size() / columns);
  const bool is_wanted = active->request.sink != nullptr && active->request.statement->returns_rows;
  if (active->failure || !is_wanted) return {};
  Status taken = active->request.sink->on_batch({described, cells});
  if (!taken) active->failure = std::move(taken).error();
  return {};
}

Status Connection::on_ended(wire::Tag tag, const wire::Ending& ending) {
  Active* active = find(tag);
  if (active == nullptr || active != sent_.front().get()) return stray();
  if (active->is_only_preparing) {
    end_preparing(*active);
    return {};
  }
  if (!active->parts.empty()) return end_part(*active, ending);
  if (active->is_only_opening) return end_opening(*active);
  status_ = ending.status;
  if (active->kind == Kind::kFetch) {
    const bool is_open =
        (ending.status & wire::kCursorExists) != 0 && !active->failure && !active->is_released;
    if (is_open && active->fetch.is_opening && active->rows == 0 && !active->has_more) {
      // The cursor stands; its rows are asked for now.
      active->has_more = true;
      cursors_[active->fetch.cursor] = active->prepared;
      Status asked = replies_.fetch(runner_->out(), tag, active->prepared->number,
                                    static_cast<std::uint32_t>(active->fetch.rows), active->prepared->shape);
      if (asked) runner_->send();
      return asked;
    }
    active->has_more = is_open && (ending.status & wire::kLastRowSent) == 0;
  }
  const bool may_return = active->request.statement != nullptr && active->request.statement->returns_rows &&
                          active->prepared != nullptr;
  if (may_return) tell_columns(*active, active->prepared->columns);
  const bool has_returned = may_return && !active->prepared->columns.empty();  // unlike a write said as text
  if (!has_returned) active->rows = count_rows(active->request.statement.get(), ending);
  return settle_front(*active);
}

void Connection::end_preparing(Active& active) {
  const bool can_go_on = !active.failure && !active.is_released && active.stop == driver::Stop::kNone;
  if (!can_go_on) {
    retire(active.answered_preparation());
    static_cast<void>(settle_front(active));  // which fails for strays alone
    return;
  }
  if (active.kind == Kind::kStatement && is_kept(*active.request.statement))
    retire(cache_.insert(active.answered_preparation()));
  active.is_only_preparing = false;
  active.is_preparing_reading = false;
  ActivePtr again = std::move(sent_.front());
  sent_.pop_front();
  enqueue_again(std::move(again));
}

Status Connection::end_opening(Active& active) {
  active.is_only_opening = false;
  active.is_opened = true;
  const bool is_stopped = active.is_released || active.stop != driver::Stop::kNone;
  if (is_stopped && !active.failure)
    active.failure = make_error(ErrorCode::kCancelled, "the statement was stopped before it ran");
  if (active.failure) return settle_front(active);
  ActivePtr again = std::move(sent_.front());
  sent_.pop_front();
  enqueue_again(std::move(again));
  return {};
}

bool Connection::goes_as_text(const Active& active, const driver::ServerError& report) {
  return report.routine == wire::kNotPreparable && active.is_only_preparing &&
         active.kind == Kind::kStatement && active.request.parameters.empty() && !active.failure &&
         !active.is_released && active.stop == driver::Stop::kNone;
}

Status Connection::on_failed(wire::Tag tag, driver::ServerError report) {
  Active* active = find(tag);
  if (active == nullptr || active != sent_.front().get()) return stray();
  const bool is_there = report.routine == wire::kKeyIsThere && !active->failure &&
                        active->request.statement != nullptr && active->request.statement->is_repeatable;
  if (is_there) return settle_front(*active);
  if (goes_as_text(*active, report)) {
    active->is_text_alone = true;
    active->is_only_preparing = false;
    ActivePtr again = std::move(sent_.front());
    sent_.pop_front();
    enqueue_again(std::move(again));
    return {};
  }
  if (!active->failure) active->failure = options_->flavour.translate(std::move(report));
  if (!active->parts.empty()) return fail_part(*active);
  if (heal(*active)) {
    ActivePtr again = std::move(sent_.front());
    sent_.pop_front();
    enqueue_again(std::move(again));
    return {};
  }
  return settle_front(*active);
}

bool Connection::heal(Active& active) {
  const bool is_stale = active.failure->code() == ErrorCode::kStatementCacheStale;
  if (!is_stale || active.kind != Kind::kStatement || active.was_healed || active.is_released) return false;
  cache_.remove(active.request.statement->serial);
  if (active.has_columns_told && active.request.sink != nullptr) active.request.sink->on_restart();
  active.has_columns_told = false;
  active.was_healed = true;
  active.is_only_preparing = false;
  active.prepared.reset();
  active.reading.reset();
  active.is_preparing_reading = false;
  active.failure.reset();
  active.rows = 0;
  return true;
}

Status Connection::settle_front(Active& active) {
  ActivePtr settled = std::move(sent_.front());
  sent_.pop_front();
  if (settled.get() != &active) return stray();
  if (active.kind == Kind::kFetch && !active.has_more) {
    cursors_.erase(active.fetch.cursor);
    retire(active.prepared);
  }
  if (active.failure) {
    answer(active, stopped_error(active, std::move(*active.failure)));
  } else if (active.is_only_preparing) {
    const ErrorCode code =
        active.stop == driver::Stop::kDeadline ? ErrorCode::kDeadlineExceeded : ErrorCode::kCancelled;
    answer(active, make_error(code, "the statement was stopped before it ran"));
  } else {
    answer(active, driver::Outcome{active.rows, active.has_more});
  }
  return {};
}

}  // namespace bridge::mysql
