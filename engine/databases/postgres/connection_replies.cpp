// What the server answered, met with the request it belongs to.
#include <utility>

#include "engine/base/limits.h"
#include "engine/databases/postgres/connection.h"
#include "engine/databases/postgres/error_map.h"
#include "engine/databases/postgres/type_map.h"

namespace bridge::postgres {
namespace {

constexpr std::string_view kNoSuchStatement = "26000";
constexpr std::string_view kStatementExists = "42P05";
constexpr std::string_view kReadOnlyTransaction = "25006";

Error stray() { return wire::out_of_step("an answer to nobody's request"); }

Result<std::vector<driver::ResultColumn>> meet_columns(const sql::CompiledStatement& statement,
                                                       std::span<const wire::ColumnDescription> described) {
  std::vector<driver::ResultColumn> columns;
  const bool is_known = statement.returns_rows && !statement.has_unknown_columns;
  if (is_known && described.size() != statement.columns.size()) {
    return make_error(ErrorCode::kDecode, "the statement returns " + std::to_string(described.size()) +
                                              " columns, " + std::to_string(statement.columns.size()) +
                                              " were expected");
  }
  if (!statement.returns_rows) {
    columns.resize(described.size());  // dropped, but counted
    return columns;
  }
  for (std::size_t index = 0; index < described.size(); ++index) {
    const sql::ExpectedColumn* expected = is_known ? &statement.columns[index] : nullptr;
    BRIDGE_ASSIGN_OR_RETURN(driver::ResultColumn column, meet_column(described[index], expected));
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace

Status Connection::on_parameters(wire::Tag tag, std::vector<std::uint32_t> types) {
  Active* active = find(tag);
  if (active == nullptr || active->prepared == nullptr) return stray();
  active->prepared->parameter_types = std::move(types);
  return {};
}

Status Connection::on_columns(wire::Tag tag, std::span<const wire::ColumnDescription> described) {
  Active* active = find(tag);
  if (active == nullptr || active->prepared == nullptr) return stray();
  if (active->kind == Kind::kCopy) return {};
  const sql::CompiledStatement& statement = *active->request.statement;
  auto columns = meet_columns(statement, described);
  if (!columns) {
    active->failure = std::move(columns).error();
    retire(active->prepared);
    return {};
  }
  active->prepared->columns = std::move(*columns);
  if (is_kept(statement)) retire(cache_.insert(active->prepared));
  return {};
}

Status Connection::on_rows(wire::Tag tag, std::span<const driver::Cell> cells) {
  Active* active = find(tag);
  if (active == nullptr || active->prepared == nullptr) return stray();
  tell_columns(*active, active->prepared->columns);
  if (active->failure || active->request.sink == nullptr || !active->request.statement->returns_rows)
    return {};
  if (active->kind == Kind::kFetch)
    active->rows += static_cast<std::int64_t>(cells.size() / active->prepared->columns.size());
  Status taken = active->request.sink->on_batch({active->prepared->columns, cells});
  if (!taken) active->failure = std::move(taken).error();
  return {};
}

Status Connection::on_complete(wire::Tag tag, std::int64_t rows) {
  Active* active = find(tag);
  if (active == nullptr) return stray();
  if (active->kind == Kind::kFetch) {
    on_fetch_complete(*active);
    return {};
  }
  active->rows = rows;
  if (active->kind == Kind::kStatement && active->request.statement->returns_rows)
    tell_columns(*active, active->prepared->columns);
  return {};
}

Status Connection::on_failed(wire::Tag tag, driver::ServerError report) {
  Active* active = find(tag);
  if (active == nullptr) return stray();
  const bool wants_writes =
      options_->target == SessionTarget::kReadWrite || options_->target == SessionTarget::kPrimary;
  if (wants_writes && report.fields.sqlstate == kReadOnlyTransaction) has_wrong_role_ = true;
  if (!active->failure) active->failure = to_error(std::move(report), options_->read_error);
  if (active->is_unsynced) sync_cursor(*active);
  const bool is_open_copy =
      active->kind == Kind::kCopy && !active->is_only_preparing && !active->has_copy_ended;
  if (!is_open_copy) return {};
  // The server ignores everything until the Sync that a bulk load owes it.
  active->has_copy_ended = true;
  pipeline_.sync(runner_->out());
  ++open_group_;
  shared_count_ = 0;
  runner_->send();
  return {};
}

Status Connection::on_skipped(wire::Tag tag) {
  Active* active = find(tag);
  if (active == nullptr) return stray();
  active->was_skipped = true;
  return {};
}

Status Connection::on_commit_failed(driver::ServerError report) {
  if (sent_.empty()) return stray();
  const Error error = to_error(std::move(report), options_->read_error);
  for (const ActivePtr& active : sent_) {
    if (active->group != sent_.front()->group) break;
    if (!active->failure) active->failure = error.clone();
  }
  return {};
}

Status Connection::on_ready(wire::TransactionStatus status) {
  status_ = status;
  if (sent_.empty()) return stray();
  if (status == wire::TransactionStatus::kIdle) {
    // Portals end with the transaction they were opened in.
    cursors_.clear();
    portals_to_close_.clear();
  }
  const std::uint64_t group = sent_.front()->group;
  std::vector<ActivePtr> again;
  while (!sent_.empty() && sent_.front()->group == group) {
    ActivePtr active = std::move(sent_.front());
    sent_.pop_front();
    if (active->was_skipped && !active->failure && !active->is_released) {
      active->needs_own_sync = true;
      again.push_back(std::move(active));
      continue;
    }
    if (heal(active)) {
      again.push_back(std::move(active));
      continue;
    }
    if (active->is_only_preparing && !active->failure && !active->is_released &&
        active->stop == driver::Stop::kNone) {
      active->is_only_preparing = false;
      again.push_back(std::move(active));
      continue;
    }
    settle(std::move(active));
  }
  for (auto active = again.rbegin(); active != again.rend(); ++active) {
    enqueue_again(std::move(*active));
  }
  return {};
}

void Connection::learn_from(const Active& active) {
  const bool was_named = active.prepared != nullptr && !active.prepared->name.empty();
  if (!was_named || is_dirty_) return;
  const std::string& state = active.failure->server().sqlstate;
  if (state == kNoSuchStatement || state == kStatementExists) {
    // Nobody else has this session: a pooler gave the transaction another session of the server.
    keeps_prepared_ = false;
    cache_.clear();
    names_to_close_.clear();
  } else if (options_->has_session_per_transaction) {
    if (unnamed_.size() == kPreparedCacheSize) unnamed_.clear();
    unnamed_.insert(active.request.statement->serial);
  }
}

bool Connection::heal(ActivePtr& active) {
  if (!active->failure || active->failure->code() != ErrorCode::kStatementCacheStale) return false;
  if (active->kind != Kind::kStatement && !active->fetch.is_opening) return false;
  retire(cache_.remove(active->request.statement->serial));
  learn_from(*active);
  const bool can_repeat =
      status_ == wire::TransactionStatus::kIdle && !active->was_healed && !active->is_released;
  if (!can_repeat) return false;
  active->was_healed = true;
  active->is_suspended = false;
  active->rows = 0;
  active->is_only_preparing = false;
  active->prepared.reset();
  active->failure.reset();
  if (active->has_columns_told && active->request.sink != nullptr) active->request.sink->on_restart();
  active->has_columns_told = false;
  return true;
}

void Connection::settle(ActivePtr active) {
  if (active->kind == Kind::kFetch && active->failure) forget_cursor(active->fetch.cursor);
  if (active->failure) return answer(*active, stopped_error(*active, std::move(*active->failure)));
  if (active->was_skipped || active->is_only_preparing) {
    const ErrorCode code =
        active->stop == driver::Stop::kDeadline ? ErrorCode::kDeadlineExceeded : ErrorCode::kCancelled;
    return answer(*active, make_error(code, "the statement was stopped before it ran"));
  }
  answer(*active, driver::Outcome{active->rows, active->is_suspended});
}

}  // namespace bridge::postgres
