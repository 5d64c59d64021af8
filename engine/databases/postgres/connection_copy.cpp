// Bulk loads: COPY in binary form, rows pulled only as fast as the socket drains.
#include <string>
#include <utility>

#include "engine/databases/postgres/connection.h"
#include "engine/databases/postgres/encode.h"

namespace bridge::postgres {
namespace {

// protocol: COPY, File Formats, Binary Format
constexpr std::string_view kSignature{"PGCOPY\n\377\r\n\0", 11};
constexpr std::int32_t kNoFlags = 0;
constexpr std::int32_t kNoExtension = 0;
constexpr std::int16_t kTrailer = -1;
constexpr std::size_t kMostUnsent = 4 * wire::kCopyChunkBytes;  // memory of a load, whatever its size

/// An INSERT of one row, never run: its parameters have the columns' own types, which COPY does not tell.
std::string insert_text(const std::string& target, std::size_t columns) {
  std::string text = "INSERT INTO " + target + " VALUES (";
  for (std::size_t index = 1; index <= columns; ++index) {
    if (index > 1) text += ", ";
    text += "$" + std::to_string(index);
  }
  return text + ")";
}

}  // namespace

Status Connection::write_copy(Active& active) {
  if (active.prepared == nullptr) return begin_copy(active);
  ByteWriter& out = runner_->out();
  const std::string text = "COPY " + active.request.statement->bulk_text + " FROM STDIN (FORMAT binary)";
  BRIDGE_RETURN_IF_ERROR(pipeline_.parse(out, active.tag, "", text, {}));
  BRIDGE_RETURN_IF_ERROR(write_bind(out, {}, {}, {}));
  pipeline_.expect_bind(active.tag);
  pipeline_.execute_copy(out, active.tag);
  return {};
}

Status Connection::begin_copy(Active& active) {
  BRIDGE_ASSIGN_OR_RETURN(const bool has_row, active.source->next(active.row));
  if (!has_row) {
    // Nothing to load: the Sync alone stands for it.
    active.kind = Kind::kPing;
    return {};
  }
  if (active.row.size() > wire::kMaxColumns)
    return make_error(ErrorCode::kQuery, "a row has too many columns");
  active.prepared = std::make_shared<PreparedStatement>();
  active.is_only_preparing = true;
  active.was_sent = false;
  ByteWriter& out = runner_->out();
  BRIDGE_RETURN_IF_ERROR(pipeline_.parse(
      out, active.tag, "", insert_text(active.request.statement->bulk_text, active.row.size()), {}));
  return pipeline_.describe(out, active.tag, "");
}

Status Connection::on_copy_ready(wire::Tag tag) {
  Active* active = find(tag);
  if (active == nullptr) return wire::out_of_step("consent to a bulk load nobody asked for");
  wire::MessageWriter header(runner_->out(), wire::Frontend::kCopyChunk);
  header.body().write_text(kSignature);
  header.body().write_big_endian(kNoFlags);
  header.body().write_big_endian(kNoExtension);
  BRIDGE_RETURN_IF_ERROR(header.finish());
  feed_copy();
  return {};
}

void Connection::feed_copy() {
  if (sent_.empty() || sent_.front()->kind != Kind::kCopy || sent_.front()->is_only_preparing) return;
  Active& active = *sent_.front();
  if (active.has_copy_ended) return;
  if (active.is_released) {
    end_copy(active, make_error(ErrorCode::kCancelled, "nobody waits for the bulk load any more"));
  }
  while (!active.has_copy_ended && runner_->unsent() < kMostUnsent) {
    auto has_more = write_copy_chunk(active);
    if (!has_more)
      end_copy(active, std::move(has_more).error());
    else if (!*has_more)
      end_copy(active, std::nullopt);
  }
  runner_->send();
  if (active.has_copy_ended || runner_->unsent() > 0) return;
  // Everything fitted into the socket: go on in the next turn, so that others get theirs.
  post([this] { feed_copy(); });
}

Result<bool> Connection::write_copy_chunk(Active& active) {
  ByteWriter& out = runner_->out();
  const std::size_t start = out.size();
  wire::MessageWriter chunk(out, wire::Frontend::kCopyChunk);
  bool has_row = true;
  while (has_row && out.size() - start < wire::kCopyChunkBytes) {
    Status written = write_copy_row(active);
    auto next = written ? active.source->next(active.row) : Result<bool>(std::move(written).error());
    if (!next) {
      out.truncate(start);
      return std::move(next).error();
    }
    has_row = *next;
  }
  BRIDGE_RETURN_IF_ERROR(chunk.finish());
  return has_row;
}

Status Connection::write_copy_row(const Active& active) {
  const auto& types = active.prepared->parameter_types;
  if (active.row.size() != types.size())
    return make_error(ErrorCode::kQuery, "a row has another number of columns than the first");
  ByteWriter& out = runner_->out();
  out.write_big_endian(static_cast<std::int16_t>(types.size()));  // at most kMaxColumns
  for (std::size_t index = 0; index < types.size(); ++index) {
    BRIDGE_RETURN_IF_ERROR(encode_value(active.row[index], types[index], out));
  }
  return {};
}

void Connection::end_copy(Active& active, std::optional<Error> failure) {
  active.has_copy_ended = true;
  ByteWriter& out = runner_->out();
  if (failure) {
    if (!active.failure) active.failure = std::move(failure);
    static_cast<void>(
        wire::write_copy_fail(out, "the client gave up"));  // a constant text without NUL cannot be refused
  } else {
    wire::MessageWriter trailer(out, wire::Frontend::kCopyChunk);
    trailer.body().write_big_endian(kTrailer);
    static_cast<void>(trailer.finish());  // two bytes always fit
    wire::write_copy_done(out);
  }
  pipeline_.sync(out);
  ++open_group_;
  shared_count_ = 0;
}

}  // namespace bridge::postgres
