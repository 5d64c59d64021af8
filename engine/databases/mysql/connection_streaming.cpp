// A result read batch by batch where the server keeps no cursors: it goes on sending, and is left unread
// while nobody asks for more.
#include <utility>

#include "engine/databases/mysql/connection.h"

namespace bridge::mysql {

Status Connection::write_stream(Active& active) {
  if (!active.fetch.is_opening) {
    replies_.resume(active.tag, active.fetch.rows);
    runner_->resume();
    return {};
  }
  if (is_in_transaction())
    return make_error(ErrorCode::kUnsupportedFeature,
                      std::string(options_->flavour.product) +
                          " keeps no cursors, and a result that is read slowly would hold up the whole "
                          "transaction; stream outside of it");
  // The settings last until the session is reset.
  is_dirty_ = true;
  if (!active.is_opened) {
    active.is_only_opening = true;
    return replies_.query(runner_->out(), active.tag, options_->flavour.streaming_settings);
  }
  if (active.prepared == nullptr) return prepare(active);
  BRIDGE_RETURN_IF_ERROR(run(active, wire::kNoCursor));
  replies_.limit_rows(active.fetch.rows);
  return {};
}

// What is left is read and dropped: the server cannot be told to send no more.
Status Connection::write_close_stream(Active& active) {
  const auto found = cursors_.find(active.fetch.cursor);
  active.prepared = found->second;
  retire(found->second);
  cursors_.erase(found);
  replies_.resume(active.tag, 0);
  runner_->resume();
  return {};
}

Status Connection::check_stream(const Active& active) const {
  const bool is_of_stream = active.kind == Kind::kFetch || active.kind == Kind::kCloseCursor;
  if (!replies_.is_paused() || (is_of_stream && cursors_.contains(active.fetch.cursor))) return {};
  return make_error(ErrorCode::kQuery, "a stream is open on this connection; read or close it first");
}

Result<std::size_t> Connection::on_received(ByteSpan received) {
  std::size_t consumed = 0;
  while (true) {
    BRIDGE_ASSIGN_OR_RETURN(const std::size_t part, replies_.receive(received.subspan(consumed)));
    consumed += part;
    if (!replies_.is_paused() || rest_stream()) return consumed;
  }
}

// The batch that was asked for is whole. Where nobody waits for more, the rest is read without a pause.
bool Connection::rest_stream() {
  Active& active = *sent_.front();
  if (active.failure || active.is_released || active.stop != driver::Stop::kNone) {
    replies_.resume(active.tag, 0);
    return false;
  }
  cursors_[active.fetch.cursor] = active.prepared;
  const ActivePtr settled = std::move(sent_.front());
  sent_.pop_front();
  answer(*settled, driver::Outcome{settled->rows, true});
  runner_->pause();
  return true;
}

}  // namespace bridge::mysql
