// How a stream gets its batches, keeps its connection between them, and lets go of it.
#include "engine/execution/row_stream.h"

#include <utility>

#include "engine/execution/executor.h"
#include "engine/execution/transaction.h"

namespace bridge::execution {
namespace {

/// How long a server may take to drop a result before its connection ends.
constexpr Duration kClosingLimit = std::chrono::seconds(2);

/// Closes the stream when it is dropped, whoever else still holds its core.
class StreamHandle final : public RowStream {
 public:
  explicit StreamHandle(std::shared_ptr<OpenStream> core) : core_(std::move(core)) {}
  ~StreamHandle() override { core_->close(); }
  StreamHandle(const StreamHandle&) = delete;
  StreamHandle& operator=(const StreamHandle&) = delete;

  Operation fetch(FetchCall call) override { return core_->fetch(std::move(call)); }
  void close() override { core_->close(); }

 private:
  std::shared_ptr<OpenStream> core_;
};

}  // namespace

std::unique_ptr<RowStream> Executor::open_stream(StreamCall call) {
  return std::make_unique<StreamHandle>(std::make_shared<OpenStream>(*this, is_alive_, std::move(call)));
}

void Executor::run_stream(const StatePtr& state, pool::Lease lease) {
  if (state->transaction) return static_cast<OpenTransaction&>(*state->transaction).enqueue(state);
  if (!lease) return start(state);
  state->lease = std::move(lease);
  run_on(state, *state->lease.connection());
  state->connection->flush();
}

void Executor::submit_cursor(const StatePtr& state, driver::Request request) {
  driver::Cursors* cursors = state->connection->cursors();
  if (cursors == nullptr) {
    loop().post([on_done = std::move(request.on_done)] {
      on_done(make_error(ErrorCode::kUnsupportedFeature, "this database's results cannot be streamed"));
    });
  } else if (state->is_closing_stream) {
    cursors->close_cursor(*state->span, state->fetch.cursor, request.deadline, std::move(request.on_done));
  } else {
    cursors->fetch(*state->span, std::move(request), state->fetch);
  }
}

OpenStream::OpenStream(Executor& executor, std::shared_ptr<bool> is_engine_alive, StreamCall call)
    : executor_(executor), is_engine_alive_(std::move(is_engine_alive)), call_(std::move(call)) {}

OpenStream::~OpenStream() {
  if (*is_engine_alive_) executor_.streams().erase(this);
}

Operation OpenStream::fetch(FetchCall call) {
  auto made = make_fetch(call);
  if (!made) {
    return executor_.refuse(Call{.statement = call_.statement,
                                 .sink = nullptr,
                                 .transaction = nullptr,
                                 .deadline = call.deadline,
                                 .origin = call_.origin,
                                 .on_done = std::move(call.on_done)},
                            std::move(made).error());
  }
  const StatePtr state = std::move(*made);
  current_ = state;
  executor_.run_stream(state, std::exchange(lease_, pool::Lease()));
  return Operation(state);
}

Result<StatePtr> OpenStream::make_fetch(FetchCall& call) {
  if (has_ended_) return make_error(ErrorCode::kQuery, "the stream has ended: ask for a new one");
  if (!current_.expired())
    return make_error(ErrorCode::kQuery, "a batch of this stream is under way already");
  Call request{.statement = call_.statement,
               .sink = call.sink,
               .transaction = call_.transaction,
               .deadline = call.deadline,
               .origin = call_.origin,
               .on_done = nullptr};
  BRIDGE_ASSIGN_OR_RETURN(StatePtr state, executor_.prepare(request));
  if (!has_cursor_) {
    cursor_ = executor_.next_cursor();
    entry_ = state->entry;
    executor_.streams().insert(this);
  }
  if (!state->transaction) state->role = executor_.reading_role();
  state->stream = shared_from_this();
  state->fetch = {.cursor = cursor_, .rows = call_.batch_rows, .is_opening = !has_cursor_};
  state->on_end = [self = shared_from_this(), on_done = std::move(call.on_done)](Result<Outcome> result,
                                                                                 pool::Lease lease) {
    self->on_fetched(std::move(result), std::move(lease), on_done);
  };
  return state;
}

void OpenStream::on_fetched(Result<Outcome> result, pool::Lease lease, const Completion& on_done) {
  const StatePtr state = current_.lock();
  const bool was_sent = state && state->attempts > 0;
  current_.reset();
  if (result) {
    rows_ += result->affected_rows;
    has_cursor_ = result->has_more;
    if (has_cursor_ && !executor_.do_cursors_outlive_leases()) std::swap(lease_, lease);
  }
  lease.release();  // unless it was kept
  if (!result && has_cursor_ && !was_sent) {
    end_resting();  // the request never reached the cursor
  } else if (!has_cursor_ || !result) {
    finish(result || was_left_ ? nullptr : &result.error());
  }
  on_done(std::move(result));
  if (*is_engine_alive_ && executor_.is_closed()) end_resting();
}

void OpenStream::close() {
  if (has_ended_ || was_left_) return;
  const StatePtr state = current_.lock();
  if (state && state->phase == Phase::kEnded) return;  // cancelled: the reply on its way ends the stream
  was_left_ = true;
  if (!*is_engine_alive_) return finish(nullptr);
  if (state) return executor_.leave(state);
  end_resting();
}

void OpenStream::end_resting() {
  if (!current_.expired()) return;
  if (!has_cursor_ || !*is_engine_alive_) return finish(nullptr);
  has_ended_ = true;
  has_cursor_ = false;
  send_closing(std::move(lease_));
}

void OpenStream::lend_span(std::optional<telemetry::OperationSpan>& place) {
  if (!span_) return;
  place.emplace(std::move(*span_));
  span_.reset();
}

void OpenStream::on_drained(const Result<Outcome>& result, pool::Lease lease) {
  current_.reset();
  has_cursor_ = false;
  if (result && result->has_more && *is_engine_alive_) return send_closing(std::move(lease));
  finish(result || was_left_ ? nullptr : &result.error());
}

void OpenStream::send_closing(pool::Lease lease) {
  if (call_.transaction && !call_.transaction->is_open())
    return finish(nullptr);  // it went with its transaction
  const StatePtr state = executor_.make_unprepared(nullptr);
  state->stream = shared_from_this();
  state->entry = entry_;
  state->statement = call_.statement;
  state->transaction = call_.transaction;
  state->role = executor_.reading_role();
  state->fetch.cursor = cursor_;
  state->is_closing_stream = true;
  state->deadline = Deadline::after(executor_.clock(), kClosingLimit);
  state->on_end = [self = shared_from_this()](Result<Outcome> result, pool::Lease) {
    self->finish(result ? nullptr : &result.error());
  };
  executor_.run_stream(state, std::move(lease));
}

void OpenStream::drop(const Error& error) {
  has_cursor_ = false;
  lease_.discard();
  finish(&error);
}

void OpenStream::finish(const Error* error) {
  has_ended_ = true;
  if (*is_engine_alive_) executor_.streams().erase(this);
  lease_.release();
  if (!span_) return;
  span_->set_rowcount(rows_);
  if (error == nullptr) {
    span_->succeed();
  } else {
    span_->fail(*error);
  }
  span_.reset();
}

}  // namespace bridge::execution
