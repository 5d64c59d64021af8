// How requests become bytes: which statements are prepared, and which go as they are.
#include <utility>

#include "engine/databases/mysql/connection.h"
#include "engine/databases/mysql/encode.h"

namespace bridge::mysql {

void Connection::send_next() {
  ActivePtr active = std::move(queue_.front());
  queue_.pop_front();
  ByteWriter& out = runner_->out();
  const std::size_t byte_mark = out.size();
  const std::size_t reply_mark = replies_.mark();
  active->tag = ++last_tag_;
  active->was_sent = true;
  active->first_byte = runner_->total_appended();
  Status written = write_request(*active);
  if (!written) {
    --last_tag_;
    out.truncate(byte_mark);
    replies_.take_back(reply_mark);
    answer(*active, std::move(written).error());
    return;
  }
  // The closing of a cursor is not answered by the server.
  if (replies_.mark() == reply_mark) {
    --last_tag_;
    answer(*active, driver::Outcome{});
    return;
  }
  sent_.push_back(std::move(active));
}

Status Connection::write_request(Active& active) {
  ByteWriter& out = runner_->out();
  for (const std::uint32_t number : to_close_)
    BRIDGE_RETURN_IF_ERROR(wire::Replies::close_statement(out, number));
  to_close_.clear();
  BRIDGE_RETURN_IF_ERROR(check_stream(active));
  switch (active.kind) {
    case Kind::kPing:
      return replies_.ping(out, active.tag);
    case Kind::kReset:
      cache_.clear();
      cursors_.clear();
      return replies_.reset(out, active.tag);
    case Kind::kFetch:
      return write_fetch(active);
    case Kind::kCloseCursor:
      return write_close_cursor(active);
    case Kind::kCopy:
      return make_error(ErrorCode::kUnsupportedFeature,
                        "MySQL has no way to copy rows into a table; insert them with VALUES");
    case Kind::kStatement:
      break;
  }
  return write_statement(active);
}

bool Connection::is_kept(const sql::CompiledStatement& statement) {
  return statement.serial != 0 && statement.operation != telemetry::Operation::kDefine;
}

Status Connection::write_statement(Active& active) {
  const sql::CompiledStatement& statement = *active.request.statement;
  if (!statement.prelude.empty() && !active.is_opened) {
    active.is_only_opening = true;
    return replies_.query(runner_->out(), active.tag, statement.prelude);
  }
  is_dirty_ = is_dirty_ || statement.dirties_session;
  if (active.prepared == nullptr && is_kept(statement)) active.prepared = cache_.find(statement.serial);
  if (active.prepared != nullptr && statement.rereading) return write_with_rereading(active);
  if (active.prepared != nullptr) return run(active, wire::kNoCursor);
  const bool is_plain =
      active.request.parameters.empty() && (!statement.returns_rows || active.is_text_alone);
  if (is_plain) return replies_.query(runner_->out(), active.tag, *statement.text);
  return prepare(active);
}

Status Connection::prepare(Active& active) {
  const sql::CompiledStatement& statement = active.answered_statement();
  active.is_only_preparing = true;
  active.was_sent = false;
  return replies_.prepare(runner_->out(), active.tag, *statement.text);
}

Status Connection::run(Active& active, std::uint8_t cursor) {
  const std::size_t wanted = active.prepared->parameters;
  const std::size_t given = active.request.parameters.size();
  if (options_->flavour.spells_moments) BRIDGE_RETURN_IF_ERROR(spell_moments(active.request.parameters));
  if (wanted != given)
    return make_error(ErrorCode::kQuery, "the statement takes " + std::to_string(wanted) + " values, " +
                                             std::to_string(given) + " were given");
  BRIDGE_ASSIGN_OR_RETURN(const std::uint8_t next, write_execute(runner_->out(), active.prepared->number,
                                                                 cursor, active.request.parameters));
  replies_.expect_execute(active.tag, active.prepared->shape, next);
  return {};
}

Status Connection::write_fetch(Active& active) {
  if (active.fetch.is_opening) {
    if (active.request.statement->rereading)
      return make_error(
          ErrorCode::kUnsupportedFeature,
          "MySQL has no RETURNING, and what an insert gives back cannot be streamed; fetch it whole");
    is_dirty_ = is_dirty_ || active.request.statement->dirties_session;
    if (streams()) return write_stream(active);
    // A statement has one cursor at most, so each cursor has a statement to itself.
    if (active.prepared == nullptr) return prepare(active);
    return run(active, wire::kReadOnlyCursor);
  }
  const auto found = cursors_.find(active.fetch.cursor);
  if (found == cursors_.end())
    return make_error(ErrorCode::kQuery, "the cursor was closed: an error or a reset ended it");
  active.prepared = found->second;
  if (streams()) return write_stream(active);
  return replies_.fetch(runner_->out(), active.tag, active.prepared->number,
                        static_cast<std::uint32_t>(active.fetch.rows), active.prepared->shape);
}

Status Connection::write_close_cursor(Active& active) {
  const auto found = cursors_.find(active.fetch.cursor);
  if (found == cursors_.end()) return {};
  if (streams()) return write_close_stream(active);
  const std::uint32_t number = found->second->number;
  cursors_.erase(found);
  return wire::Replies::close_statement(runner_->out(), number);
}

void Connection::retire(const PreparedPtr& prepared) {
  if (prepared != nullptr) to_close_.push_back(prepared->number);
}

}  // namespace bridge::mysql
