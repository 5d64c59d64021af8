// How requests become bytes: which way each statement goes, and where Syncs stand.
#include <utility>

#include "engine/base/limits.h"
#include "engine/databases/postgres/connection.h"
#include "engine/databases/postgres/encode.h"
#include "engine/databases/postgres/type_map.h"

namespace bridge::postgres {

void Connection::send_next() {
  ActivePtr active = std::move(queue_.front());
  queue_.pop_front();
  const std::size_t byte_mark = runner_->out().size();
  const std::size_t step_mark = pipeline_.mark();
  active->tag = ++last_tag_;
  active->group = open_group_;
  active->was_sent = !active->is_only_preparing;
  active->first_byte = runner_->total_appended();
  active->was_skipped = false;
  const std::vector<std::string> closes = names_to_close_;
  const std::vector<std::string> portals = portals_to_close_;
  Status written = write_request(*active);
  if (!written) {
    --last_tag_;
    runner_->out().truncate(byte_mark);
    pipeline_.take_back(step_mark);
    names_to_close_ = closes;
    portals_to_close_ = portals;
    // Neighbours written under the same Sync before it still need theirs.
    if (shared_count_ > 0) {
      pipeline_.sync(runner_->out());
      ++open_group_;
      shared_count_ = 0;
    }
    answer(*active, std::move(written).error());
    return;
  }
  const bool is_open = active->is_unsynced || (active->kind == Kind::kCopy && !active->is_only_preparing);
  if (!active->is_unsynced) ++shared_count_;
  if (!is_open && !joins_next(*active)) {
    pipeline_.sync(runner_->out());
    ++open_group_;
    shared_count_ = 0;
  }
  sent_.push_back(std::move(active));
}

bool Connection::can_share(const Active& active) const {
  return active.kind == Kind::kStatement && active.request.may_share_sync && !active.needs_own_sync &&
         active.request.statement->serial != 0 && cache_.contains(active.request.statement->serial);
}

bool Connection::joins_next(const Active& active) const {
  return shared_count_ < kMaxSharedReads && can_share(active) && !active.is_only_preparing &&
         !queue_.empty() && can_share(*queue_.front());
}

Status Connection::write_request(Active& active) {
  BRIDGE_RETURN_IF_ERROR(write_closes(active));
  switch (active.kind) {
    case Kind::kPing:
    case Kind::kReset:  // which is a statement here
      return {};        // the Sync alone
    case Kind::kCopy:
      return write_copy(active);
    case Kind::kFetch:
      return write_fetch(active);
    case Kind::kCloseCursor:
      return write_close_cursor(active);
    case Kind::kStatement:
      break;
  }
  return write_statement(active);
}

Status Connection::write_statement(Active& active) {
  const sql::CompiledStatement& statement = *active.request.statement;
  is_dirty_ = is_dirty_ || statement.dirties_session;
  if (active.prepared == nullptr && is_kept(statement)) active.prepared = cache_.find(statement.serial);
  if (active.prepared != nullptr) return write_run(active);
  return runs_at_once(active) ? write_at_once(active) : write_prepare(active);
}

bool Connection::is_kept(const sql::CompiledStatement& statement) const {
  return statement.serial != 0 && keeps_prepared_ && statement.operation != telemetry::Operation::kDefine &&
         !unnamed_.contains(statement.serial);
}

std::string Connection::next_name(const sql::CompiledStatement& statement) {
  return is_kept(statement) ? name_start_ + std::to_string(++name_serial_) : std::string();
}

bool Connection::runs_at_once(const Active& active) const {
  const sql::CompiledStatement& statement = *active.request.statement;
  // Behind a pooler the session that is asked need not be the one that runs it.
  const bool has_one_session = keeps_prepared_ && !options_->has_session_per_transaction;
  if (!has_one_session && !is_kept(statement)) return true;
  // Without parameters nothing must be asked first, unless a result that does not fit should be noticed
  // before a write.
  return active.request.parameters.empty() && (!statement.returns_rows || statement.is_read_only);
}

Status Connection::write_prepare(Active& active) {
  const sql::CompiledStatement& statement = *active.request.statement;
  active.prepared =
      std::make_shared<PreparedStatement>(PreparedStatement{statement.serial, next_name(statement), {}, {}});
  active.is_only_preparing = true;
  active.was_sent = false;
  ByteWriter& out = runner_->out();
  Status written = pipeline_.parse(out, active.tag, active.prepared->name, *statement.text, {});
  if (written) written = pipeline_.describe(out, active.tag, active.prepared->name);
  if (!written) active.prepared.reset();
  return written;
}

Status Connection::write_run(Active& active) {
  ByteWriter& out = runner_->out();
  BRIDGE_RETURN_IF_ERROR(write_bind(out, {active.prepared->name, {}}, active.request.parameters,
                                    active.prepared->parameter_types));
  pipeline_.expect_bind(active.tag);
  pipeline_.execute(out, active.tag, active.prepared->columns.size());
  return {};
}

Status Connection::write_at_once(Active& active) {
  BRIDGE_RETURN_IF_ERROR(write_parse_at_once(active));
  ByteWriter& out = runner_->out();
  BRIDGE_RETURN_IF_ERROR(write_bind(out, {active.prepared->name, {}}, active.request.parameters,
                                    active.prepared->parameter_types));
  pipeline_.expect_bind(active.tag);
  pipeline_.execute(out, active.tag, 0);
  return {};
}

Status Connection::write_parse_at_once(Active& active) {
  const sql::CompiledStatement& statement = *active.request.statement;
  auto prepared =
      std::make_shared<PreparedStatement>(PreparedStatement{statement.serial, next_name(statement), {}, {}});
  for (const types::Value& value : active.request.parameters) {
    prepared->parameter_types.push_back(natural_oid(value.type, value.element));
  }
  ByteWriter& out = runner_->out();
  BRIDGE_RETURN_IF_ERROR(
      pipeline_.parse(out, active.tag, prepared->name, *statement.text, prepared->parameter_types));
  BRIDGE_RETURN_IF_ERROR(pipeline_.describe(out, active.tag, prepared->name));
  active.prepared = std::move(prepared);
  return {};
}

Status Connection::write_closes(Active& active) {
  for (const std::string& name : names_to_close_) {
    BRIDGE_RETURN_IF_ERROR(pipeline_.close_statement(runner_->out(), active.tag, name));
  }
  for (const std::string& portal : portals_to_close_) {
    BRIDGE_RETURN_IF_ERROR(pipeline_.close_portal(runner_->out(), active.tag, portal));
  }
  names_to_close_.clear();
  portals_to_close_.clear();
  return {};
}

void Connection::retire(const PreparedPtr& prepared) {
  if (prepared == nullptr || prepared->name.empty()) return;
  names_to_close_.push_back(prepared->name);
}

}  // namespace bridge::postgres
