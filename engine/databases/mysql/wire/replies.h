// The conversation after login: several commands under way at once, each answer met with the one that awaits
// it.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/databases/mysql/wire/messages.h"
#include "engine/databases/mysql/wire/packet.h"
#include "engine/databases/mysql/wire/rows.h"

namespace bridge::mysql::wire {

/// Names the request a command belongs to; chosen by the owner.
using Tag = std::uint64_t;

/// Told what the server answered, in order. Must not call back into `receive`; may send. An error answered
/// ends the session.
class ReplyObserver {
 public:
  virtual ~ReplyObserver() = default;
  /// The server knows the statement; its columns follow unless there are none.
  virtual Status on_prepared(Tag tag, const PreparedHeader& header) = 0;
  /// Of a statement that was prepared, or of rows to come. Where a server leaves them out, as they are those
  /// it told before, this is not called.
  virtual Status on_columns(Tag tag, std::span<const ColumnDescription> columns) = 0;
  /// Row-major cells, valid during the call. Never called for rows of the text protocol, which are dropped.
  virtual Status on_rows(Tag tag, std::span<const driver::Cell> cells) = 0;
  /// The command is done.
  virtual Status on_ended(Tag tag, const Ending& ending) = 0;
  virtual Status on_failed(Tag tag, driver::ServerError report) = 0;
};

/// Writes commands and accepts exactly the answers they call for; any other message ends the session. A
/// server answers every command by itself: an error skips nothing behind it. Owned by one connection.
class Replies {
 public:
  /// `traits` of the session decide the form of some answers.
  struct Form {
    bool has_extended_metadata = false;
    bool has_cached_metadata = false;
  };
  Replies(ReplyObserver& observer, Form form) : observer_(observer), form_(form) {}

  // Each writes a command to `out` and expects its answer; on error neither has happened.
  /// `on_prepared`, perhaps `on_columns`, then `on_ended`; or `on_failed`.
  Status prepare(ByteWriter& out, Tag tag, std::string_view text);
  /// A text without values and without rows of interest: `on_ended` or `on_failed`.
  Status query(ByteWriter& out, Tag tag, std::string_view text);
  Status ping(ByteWriter& out, Tag tag) { return send_bare(out, tag, Command::kPing); }
  Status reset(ByteWriter& out, Tag tag) { return send_bare(out, tag, Command::kResetConnection); }
  /// The next rows of a cursor: `on_rows`, then `on_ended`, whose status says whether there are more.
  Status fetch(ByteWriter& out, Tag tag, std::uint32_t statement, std::uint32_t rows, RowShape shape);
  /// An Execute has been written by the caller, who knows types; `next_sequence` is what its packet's end
  /// answered.
  void expect_execute(Tag tag, RowShape shape, std::uint8_t next_sequence);
  /// Of the command written last, so many rows are dealt with; then it is paused, and nothing of what follows
  /// is consumed.
  void limit_rows(std::size_t rows) { steps_.back().rows_left = rows; }
  bool is_paused() const { return paused_.has_value(); }
  /// Goes on with what is paused, for another request; zero rows: to its end.
  void resume(Tag tag, std::size_t rows);
  /// Nothing is answered to it.
  static Status close_statement(ByteWriter& out, std::uint32_t statement);

  /// Number of answers awaited, for `take_back` to return to.
  std::size_t mark() const { return steps_.size(); }
  /// Forgets what was expected since the mark; the owner drops the bytes.
  void take_back(std::size_t mark) { steps_.resize(mark); }

  /// Deals with all whole messages in `received`; answers how many bytes those were. kConnectionLost ends the
  /// session.
  Result<std::size_t> receive(ByteSpan received);
  bool is_idle() const { return steps_.empty() && !is_paused(); }

 private:
  struct Step {
    enum class Kind : std::uint8_t { kPrepare, kExecute, kQuery, kBare };
    enum class Phase : std::uint8_t { kHead, kParameters, kColumns, kRows };
    Kind kind = Kind::kBare;
    Tag tag = 0;
    std::uint8_t sequence = 1;
    Phase phase = Phase::kHead;
    RowShape shape{};
    std::size_t definitions = 0;  ///< still to come in this phase
    std::size_t columns = 0;
    std::size_t rows_left = 0;  ///< until it is paused; zero = never
  };

  Status send_bare(ByteWriter& out, Tag tag, Command command);
  void expect(Step step);
  Status on_packet(ByteSpan payload);
  Status on_head(Step& step, ByteSpan payload);
  Status on_prepared(Step& step, ByteSpan payload);
  Status on_result(Step& step, ByteSpan payload);
  Status on_definition(Step& step, ByteSpan payload);
  Status on_all_columns(Step& step);
  Status on_row(Step& step, ByteSpan payload);
  Status fail_step(ByteSpan payload);
  Status end_step(const Ending& ending);
  Status hand_over_rows();
  Status pause();

  ReplyObserver& observer_;
  Form form_;
  std::deque<Step> steps_;
  std::optional<Step> paused_;
  PacketReader packets_;
  std::vector<driver::Cell> cells_;
  std::vector<std::vector<std::byte>> definitions_;  ///< payloads of columns until all are there
};

}  // namespace bridge::mysql::wire
