// What every connection over a byte stream does alike: the queue, the clock, and the end.
#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "engine/driver/answers.h"
#include "engine/driver/connection_runner.h"
#include "engine/driver/driver.h"

namespace bridge::driver {

/// How long a server may take to obey a cancel request, or to finish an answer that nobody waits for.
inline constexpr std::chrono::seconds kStopPatience{2};

/// Why the server was asked to stop a request.
enum class Stop : std::uint8_t { kNone, kCaller, kDeadline };

/// A request from its queueing to its answer; protocols derive theirs.
struct StreamRequest {
  enum class Kind : std::uint8_t { kStatement, kPing, kReset, kCopy, kFetch, kCloseCursor };

  Kind kind = Kind::kStatement;
  Request request;
  RowSource* source = nullptr;  ///< of a bulk load; not to be touched once released
  CursorFetch fetch;            ///< of a cursor's batch, or its closing
  bool has_columns_told = false;
  std::uint64_t tag = 0;         ///< names it to the protocol while it is under way; consecutive in `sent_`
  std::uint64_t first_byte = 0;  ///< where its bytes begin in all that was sent
  bool was_sent = false;         ///< what was written runs the statement, not only prepares it
  bool is_released = false;      ///< its caller has been answered; the reply is drained
  Stop stop = Stop::kNone;
  TimePoint patience_ends = TimePoint::max();  ///< when draining or cancelling has taken too long
  std::optional<Error> failure;
};

/// The half of a connection that knows no protocol. `Active` derives from StreamRequest; the protocol writes
/// requests, reads replies and settles what stands in `sent_`, in order. A stop request leaves only while
/// exactly one request is under way; afterwards nothing is sent until the protocol says `end_stop`.
template <typename Active>
class StreamConnection : public Connection, public Cursors, protected StreamOwner {
 public:
  StreamConnection(const StreamConnection&) = delete;
  StreamConnection& operator=(const StreamConnection&) = delete;

  void execute(telemetry::OperationSpan& span, Request request) override;
  void copy_rows(telemetry::OperationSpan& span, Request request, RowSource& source) override;
  void ping(telemetry::OperationSpan& span, Deadline deadline, Completion on_done) override;
  Cursors* cursors() override { return this; }
  void fetch(telemetry::OperationSpan& span, Request request, CursorFetch fetch) override;
  void close_cursor(telemetry::OperationSpan& span, std::uint64_t cursor, Deadline deadline,
                    Completion on_done) override;
  void flush() override;
  void cancel(telemetry::OperationSpan& span, Deadline deadline) override;
  void close(telemetry::OperationSpan& span) override;
  std::size_t in_flight() const override;
  bool is_usable() const override { return is_usable_; }
  bool is_quiet() override { return is_usable_ && runner_->is_quiet(); }
  bool is_dirty() const override { return is_dirty_; }

 protected:
  using ActivePtr = std::unique_ptr<Active>;
  using Kind = StreamRequest::Kind;

  StreamConnection(DriverEnvironment environment, std::shared_ptr<ConnectionRunner> runner);
  /// The derived destructor calls `end` itself, as its hooks are gone by now.
  ~StreamConnection() override = default;

  // Asked of the protocol.

  /// Takes the front of the queue, writes it and notes it as sent, or answers it.
  virtual void send_next() = 0;
  /// Whether what is written now could not be told apart from what is under way.
  virtual bool is_held() const = 0;
  /// Asks the server out of band; calls `end_stop` once it has dealt with that. False: it cannot be asked,
  /// patience decides.
  virtual bool start_stop(Deadline deadline) = 0;
  /// Lets go of a stop request under way.
  virtual void drop_stop() = 0;
  /// Appends the protocol's farewell.
  virtual void write_farewell(ByteWriter& out) = 0;

  // Offered to the protocol.

  /// Queues a request of a kind of its own; the parts it has no use for may be empty.
  void enqueue(Kind kind, Request request, CursorFetch fetch = {}, RowSource* source = nullptr);
  void enqueue_again(ActivePtr active);
  /// The request under way that has this tag, or null.
  Active* find(std::uint64_t tag);
  void schedule_flush();
  void pump();
  /// Answers the caller in a later turn, unless that was done.
  void answer(Active& active, Result<Outcome> outcome);
  /// Tells the sink what its rows are, once; an error it answers becomes the request's.
  static void tell_columns(Active& active, std::span<const ResultColumn> columns);
  /// The error as its caller should see it, after the request was asked to stop.
  static Error stopped_error(const Active& active, Error error);
  bool is_stopping() const { return is_stopping_; }
  void end_stop();
  void end(Error error);
  static Error closed_error() { return make_error(ErrorCode::kConnectionLost, "the connection is closed"); }
  /// Expires with this connection.
  std::weak_ptr<const void> liveness() const { return self_; }
  /// Runs `task` in a later turn unless the connection is gone by then.
  template <typename Task>
  void post(Task task);

  void on_turn_end() override;
  void on_drained() override {}
  void on_lost(Error error) override;

  DriverEnvironment environment_;
  std::shared_ptr<ConnectionRunner> runner_;
  std::deque<ActivePtr> queue_;  ///< not sent, or to be sent again
  std::deque<ActivePtr> sent_;   ///< under way, in order
  std::uint64_t last_tag_ = 0;
  bool is_dirty_ = false;
  Answers answers_;

 private:
  void arm_timer(Deadline deadline);
  void on_timer();
  void expire_queued(TimePoint now);
  void expire_sent(TimePoint now);
  void ask_to_stop(Active& active, Stop reason, Deadline deadline);

  bool has_flush_scheduled_ = false;
  bool is_usable_ = true;
  bool is_stopping_ = false;
  std::unique_ptr<net::Timer> timer_;
  Deadline armed_;
  /// Expires with this object, for tasks that were posted to the loop.
  std::shared_ptr<StreamConnection*> self_ = std::make_shared<StreamConnection*>(this);
};

template <typename Active>
StreamConnection<Active>::StreamConnection(DriverEnvironment environment,
                                           std::shared_ptr<ConnectionRunner> runner)
    : environment_(environment), runner_(std::move(runner)), answers_(environment.loop) {
  runner_->set_owner(this);
}

template <typename Active>
void StreamConnection<Active>::flush() {
  if (!is_usable_) return;
  pump();
  runner_->send();
}

template <typename Active>
void StreamConnection<Active>::cancel(telemetry::OperationSpan&, Deadline deadline) {
  // With others under way the server might stop the wrong one.
  if (sent_.size() == 1) ask_to_stop(*sent_.front(), Stop::kCaller, deadline);
}

template <typename Active>
void StreamConnection<Active>::close(telemetry::OperationSpan&) {
  if (!is_usable_) return;
  if (sent_.empty()) {
    write_farewell(runner_->out());
    runner_->send();
  }
  end(closed_error());
  answers_.schedule();
}

template <typename Active>
std::size_t StreamConnection<Active>::in_flight() const {
  const auto is_awaited = [](const ActivePtr& active) { return !active->is_released; };
  const auto sent = std::count_if(sent_.begin(), sent_.end(), is_awaited);
  return queue_.size() + static_cast<std::size_t>(sent) + answers_.size();
}

template <typename Active>
void StreamConnection<Active>::execute(telemetry::OperationSpan&, Request request) {
  enqueue(Kind::kStatement, std::move(request));
}

template <typename Active>
void StreamConnection<Active>::copy_rows(telemetry::OperationSpan&, Request request, RowSource& source) {
  enqueue(Kind::kCopy, std::move(request), {}, &source);
}

template <typename Active>
void StreamConnection<Active>::ping(telemetry::OperationSpan&, Deadline deadline, Completion on_done) {
  Request request;
  request.deadline = deadline;
  request.on_done = std::move(on_done);
  enqueue(Kind::kPing, std::move(request));
}

template <typename Active>
void StreamConnection<Active>::fetch(telemetry::OperationSpan&, Request request, CursorFetch fetch) {
  enqueue(Kind::kFetch, std::move(request), fetch);
}

template <typename Active>
void StreamConnection<Active>::close_cursor(telemetry::OperationSpan&, std::uint64_t cursor,
                                            Deadline deadline, Completion on_done) {
  Request request;
  request.deadline = deadline;
  request.on_done = std::move(on_done);
  enqueue(Kind::kCloseCursor, std::move(request), {.cursor = cursor});
}

template <typename Active>
void StreamConnection<Active>::tell_columns(Active& active, std::span<const ResultColumn> columns) {
  if (active.has_columns_told || active.failure || active.request.sink == nullptr) return;
  active.has_columns_told = true;
  Status told = active.request.sink->on_columns(columns);
  if (!told) active.failure = std::move(told).error();
}

template <typename Active>
void StreamConnection<Active>::enqueue(Kind kind, Request request, CursorFetch fetch, RowSource* source) {
  auto active = std::make_unique<Active>();
  active->kind = kind;
  active->request = std::move(request);
  active->fetch = fetch;
  active->source = source;
  if (!is_usable_) {
    answer(*active, closed_error());
    answers_.schedule();
    return;
  }
  arm_timer(active->request.deadline);
  queue_.push_back(std::move(active));
  schedule_flush();
}

template <typename Active>
void StreamConnection<Active>::enqueue_again(ActivePtr active) {
  arm_timer(active->request.deadline);
  queue_.push_front(std::move(active));
}

template <typename Active>
template <typename Task>
void StreamConnection<Active>::post(Task task) {
  environment_.loop.post([self = std::weak_ptr(self_), task = std::move(task)] {
    if (const auto alive = self.lock()) task();
  });
}

template <typename Active>
void StreamConnection<Active>::schedule_flush() {
  if (has_flush_scheduled_) return;
  has_flush_scheduled_ = true;
  post([this] {
    has_flush_scheduled_ = false;
    flush();
  });
}

template <typename Active>
Active* StreamConnection<Active>::find(std::uint64_t tag) {
  if (sent_.empty() || tag < sent_.front()->tag || tag > sent_.back()->tag) return nullptr;
  return sent_[tag - sent_.front()->tag].get();
}

template <typename Active>
void StreamConnection<Active>::pump() {
  while (is_usable_ && !queue_.empty() && !is_stopping_ && !is_held()) send_next();
  answers_.schedule();
}

template <typename Active>
void StreamConnection<Active>::answer(Active& active, Result<Outcome> outcome) {
  if (active.is_released) return;
  active.is_released = true;
  active.request.sink = nullptr;
  answers_.add(std::move(active.request.on_done), std::move(outcome));
}

template <typename Active>
Error StreamConnection<Active>::stopped_error(const Active& active, Error error) {
  if (error.code() != ErrorCode::kCancelled || active.stop == Stop::kCaller) return error;
  // Nobody here asked otherwise: it was a time limit, ours or the server's.
  return std::move(error).with_code(ErrorCode::kDeadlineExceeded);
}

template <typename Active>
void StreamConnection<Active>::arm_timer(Deadline deadline) {
  if (deadline.is_never() || (timer_ != nullptr && armed_.at() <= deadline.at())) return;
  armed_ = deadline;
  timer_ = environment_.loop.start_timer(deadline.at(), [this] { on_timer(); });
}

template <typename Active>
void StreamConnection<Active>::on_timer() {
  timer_.reset();
  const TimePoint now = environment_.clock.now();
  expire_queued(now);
  expire_sent(now);
  for (const ActivePtr& active : queue_) arm_timer(active->request.deadline);
  for (const ActivePtr& active : sent_) {
    if (!active->is_released && active->stop == Stop::kNone) arm_timer(active->request.deadline);
    if (active->patience_ends != TimePoint::max()) arm_timer(Deadline(active->patience_ends));
  }
  answers_.schedule();
}

template <typename Active>
void StreamConnection<Active>::expire_queued(TimePoint now) {
  std::erase_if(queue_, [&](const ActivePtr& active) {
    if (!active->request.deadline.has_passed(now)) return false;
    answer(*active,
           make_error(ErrorCode::kDeadlineExceeded, "the deadline passed before the statement was sent"));
    return true;
  });
}

template <typename Active>
void StreamConnection<Active>::expire_sent(TimePoint now) {
  for (const ActivePtr& active : sent_) {
    if (active->patience_ends <= now) {
      return end(
          make_error(ErrorCode::kConnectionLost, "the server did not end a statement it was asked to stop"));
    }
    const bool is_late =
        active->request.deadline.has_passed(now) && active->stop == Stop::kNone && !active->is_released;
    if (!is_late) continue;
    if (sent_.size() == 1) {
      ask_to_stop(*active, Stop::kDeadline, Deadline(now + kStopPatience));
      continue;
    }
    active->patience_ends = now + kStopPatience;
    answer(*active, make_error(ErrorCode::kDeadlineExceeded, "the deadline passed while the statement ran")
                        .with_sent(Sent::kYes));
  }
}

template <typename Active>
void StreamConnection<Active>::ask_to_stop(Active& active, Stop reason, Deadline deadline) {
  if (active.stop != Stop::kNone || is_stopping_) return;
  active.stop = reason;
  active.patience_ends = environment_.clock.now() + kStopPatience;
  arm_timer(Deadline(active.patience_ends));
  is_stopping_ = start_stop(deadline.earlier(Deadline(active.patience_ends)));
}

template <typename Active>
void StreamConnection<Active>::end_stop() {
  is_stopping_ = false;
  drop_stop();
  schedule_flush();
}

template <typename Active>
void StreamConnection<Active>::end(Error error) {
  if (!is_usable_) return;
  is_usable_ = false;
  const std::uint64_t left = runner_->total_sent();
  runner_->set_owner(nullptr);
  runner_->close();
  timer_.reset();
  drop_stop();
  for (auto* requests : {&sent_, &queue_}) {
    for (const ActivePtr& active : *requests) {
      const bool was_seen = active->was_sent && active->first_byte < left;
      Error copy =
          error.clone().with_code(ErrorCode::kConnectionLost).with_sent(was_seen ? Sent::kYes : Sent::kNo);
      if (was_seen && active->stop == Stop::kDeadline)
        copy = std::move(copy).with_code(ErrorCode::kDeadlineExceeded);
      answer(*active, std::move(copy));
    }
    requests->clear();
  }
}

template <typename Active>
void StreamConnection<Active>::on_turn_end() {
  pump();
  runner_->send();
  answers_.deliver();
}

template <typename Active>
void StreamConnection<Active>::on_lost(Error error) {
  end(std::move(error));
  answers_.deliver();
}

}  // namespace bridge::driver
