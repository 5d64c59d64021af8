// Results read batch by batch: a named portal, run for so many rows at a time.
// protocol: 55.2.3 Extended Query, on portals and Flush
#include <utility>

#include "engine/databases/postgres/connection.h"
#include "engine/databases/postgres/encode.h"

namespace bridge::postgres {
namespace {

std::string portal_name(std::uint64_t cursor) { return "bridge_cursor_" + std::to_string(cursor); }

}  // namespace

Status Connection::write_fetch(Active& active) {
  const std::string portal = portal_name(active.fetch.cursor);
  ByteWriter& out = runner_->out();
  if (active.fetch.is_opening) {
    BRIDGE_RETURN_IF_ERROR(write_opening(active, portal));
    if (active.is_only_preparing) return {};
  } else {
    const auto found = cursors_.find(active.fetch.cursor);
    if (found == cursors_.end()) {
      return make_error(ErrorCode::kQuery,
                        "the cursor was closed: its transaction has ended or an error ended it");
    }
    active.prepared = found->second;
  }
  BRIDGE_RETURN_IF_ERROR(pipeline_.execute_part(out, active.tag, active.prepared->columns.size(),
                                                {.portal = portal, .rows = active.fetch.rows}));
  cursors_[active.fetch.cursor] = active.prepared;
  active.is_unsynced = status_ == wire::TransactionStatus::kIdle;
  if (active.is_unsynced) pipeline_.flush(out);
  return {};
}

// Binds the portal, after having the statement described where it is not known here.
Status Connection::write_opening(Active& active, const std::string& portal) {
  const sql::CompiledStatement& statement = *active.request.statement;
  is_dirty_ = is_dirty_ || statement.dirties_session;
  if (active.prepared == nullptr && is_kept(statement)) active.prepared = cache_.find(statement.serial);
  if (active.prepared == nullptr) {
    if (!runs_at_once(active)) return write_prepare(active);
    BRIDGE_RETURN_IF_ERROR(write_parse_at_once(active));
  }
  BRIDGE_RETURN_IF_ERROR(write_bind(runner_->out(), {active.prepared->name, portal},
                                    active.request.parameters, active.prepared->parameter_types));
  pipeline_.expect_bind(active.tag);
  return {};
}

Status Connection::write_close_cursor(const Active& active) {
  // The Sync alone stands for the closing of one that is gone.
  if (cursors_.erase(active.fetch.cursor) == 0) return {};
  return pipeline_.close_portal(runner_->out(), active.tag, portal_name(active.fetch.cursor));
}

// Ends the implicit transaction that an unsynced cursor lives in; the answer settles its last batch.
void Connection::sync_cursor(Active& active) {
  active.is_unsynced = false;
  pipeline_.sync(runner_->out());
  ++open_group_;
  shared_count_ = 0;
  runner_->send();
}

Status Connection::on_suspended(wire::Tag tag) {
  Active* active = find(tag);
  if (active == nullptr || active->kind != Kind::kFetch)
    return wire::out_of_step("a suspended portal nobody asked for");
  if (!active->is_unsynced) {
    active->is_suspended = true;
    return {};
  }
  if (active->failure) {
    sync_cursor(*active);
    return {};
  }
  active->is_suspended = true;
  ActivePtr settled = std::move(sent_.front());
  sent_.pop_front();
  settle(std::move(settled));
  return {};
}

void Connection::on_fetch_complete(Active& active) {
  tell_columns(active, active.prepared->columns);
  if (active.is_unsynced) return sync_cursor(active);
  forget_cursor(active.fetch.cursor);
}

void Connection::forget_cursor(std::uint64_t cursor) {
  if (cursors_.erase(cursor) > 0) portals_to_close_.push_back(portal_name(cursor));
}

}  // namespace bridge::postgres
