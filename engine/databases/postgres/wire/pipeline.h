// The conversation after login: several statements under way at once, each answer met with the step that
// awaits it.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/databases/postgres/wire/backend.h"
#include "engine/databases/postgres/wire/frontend.h"

namespace bridge::postgres::wire {

/// Names the request a step belongs to; chosen by the owner.
using Tag = std::uint64_t;

/// Told what the server answered, in order. Must not call back into the pipeline's `receive`; may send. An
/// error answered ends the session.
class PipelineObserver {
 public:
  virtual ~PipelineObserver() = default;
  virtual Status on_parameters(Tag tag, std::vector<std::uint32_t> types) = 0;
  /// Empty when the statement returns no rows.
  virtual Status on_columns(Tag tag, std::span<const ColumnDescription> columns) = 0;
  /// Row-major cells, valid during the call.
  virtual Status on_rows(Tag tag, std::span<const driver::Cell> cells) = 0;
  /// Done as far as the statement goes; what it did stands only with the `on_ready` that follows, as deferred
  /// constraints are checked between.
  virtual Status on_complete(Tag tag, std::int64_t rows) = 0;
  /// A limited run of a portal gave all the rows it may; the portal is open still.
  virtual Status on_suspended(Tag tag) = 0;
  /// The server waits for rows of a bulk load.
  virtual Status on_copy_ready(Tag tag) = 0;
  /// This request failed; those behind it up to the next Sync are reported by `on_skipped`.
  virtual Status on_failed(Tag tag, driver::ServerError report) = 0;
  /// The server did not look at this request because of an error before it.
  virtual Status on_skipped(Tag tag) = 0;
  /// The implicit commit of everything completed since the last `on_ready` failed; nothing of it stands.
  virtual Status on_commit_failed(driver::ServerError report) = 0;
  virtual Status on_ready(TransactionStatus status) = 0;
  virtual void on_notice(driver::ServerError notice) = 0;
};

/// Some rows of a named portal.
struct PortalPart {
  std::string_view portal;
  std::size_t rows = 0;
};

/// State table of the extended query protocol. Sending writes bytes and notes the answer to expect; `receive`
/// accepts exactly these answers, any other message ends the session. Owned by one connection.
class Pipeline {
 public:
  explicit Pipeline(PipelineObserver& observer) : observer_(observer) {}

  // Each writes to `out` and expects the answer; on error neither has happened.
  Status parse(ByteWriter& out, Tag tag, std::string_view name, std::string_view text,
               std::span<const std::uint32_t> types);
  Status describe(ByteWriter& out, Tag tag, std::string_view name);
  Status close_statement(ByteWriter& out, Tag tag, std::string_view name);
  Status close_portal(ByteWriter& out, Tag tag, std::string_view name);
  /// Runs a named portal for so many rows: `on_suspended` or `on_complete` follows. `columns` as for
  /// `execute`.
  Status execute_part(ByteWriter& out, Tag tag, std::size_t columns, PortalPart part);
  /// The Bind message itself has been written by the caller, who knows types.
  void expect_bind(Tag tag) { expect(Step::kBind, tag, 0); }
  /// `columns`: of the result as described; 0 where a `describe` of the same tag stands before it.
  void execute(ByteWriter& out, Tag tag, std::size_t columns);
  /// Execute of a COPY FROM STDIN: `on_copy_ready` follows.
  void execute_copy(ByteWriter& out, Tag tag);
  void sync(ByteWriter& out);
  /// Has the server send what it holds back until the next Sync.
  void flush(ByteWriter& out) { write_flush(out); }

  /// Number of steps awaited, for `take_back` to return to.
  std::size_t mark() const { return steps_.size(); }
  /// Forgets what was expected since the mark; the owner drops the bytes.
  void take_back(std::size_t mark) { steps_.resize(mark); }

  /// Deals with all whole messages in `received`; answers how many bytes those were. kConnectionLost, or the
  /// server's own FATAL error, ends the session.
  Result<std::size_t> receive(ByteSpan received);
  /// Nothing is awaited: the server's last word was "ready".
  bool is_idle() const { return steps_.empty() && !is_skipping_; }

 private:
  struct Step {
    enum Kind : std::uint8_t {
      kParse,
      kDescribe,
      kDescribeColumns,
      kBind,
      kExecute,
      kCopy,
      kCopyUnderWay,
      kClose,
      kSync
    };
    Kind kind;
    Tag tag;
    std::size_t columns;
    bool may_suspend = false;
  };

  void expect(Step::Kind kind, Tag tag, std::size_t columns) { steps_.push_back({kind, tag, columns}); }
  /// Reads a run of DataRows; answers the bytes dealt with.
  Result<std::size_t> take_rows(ByteSpan received);
  Status hand_over_rows(Tag tag);
  Status on_message(const Message& message);
  Result<bool> on_asynchronous(const Message& message);
  Status on_step(const Message& message, const Step& step);
  Status on_described(const Message& message, const Step& step);
  Status on_executed(const Message& message, const Step& step);
  Status on_error(ByteSpan body);
  Status on_sync_answer(ByteSpan body);

  PipelineObserver& observer_;
  std::deque<Step> steps_;
  bool is_skipping_ = false;  ///< after an error, until the next Sync is answered
  std::vector<driver::Cell> cells_;
};

}  // namespace bridge::postgres::wire
