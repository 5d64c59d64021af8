// libuv under the EventLoop contract: own timers and turns around uv_run.
#include "engine/net/event_loop.h"

#include <uv.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "engine/base/limits.h"
#include "engine/net/fork_generation.h"
#include "engine/net/signal_shield.h"

namespace bridge::net {

// Timers are kept here and not in libuv: a uv_timer costs a close callback, and with it a poll of the kernel,
// for every deadline that an answer cancels.
struct EventLoop::State {
  using TimerKey = std::pair<TimePoint, std::uint64_t>;

  uv_loop_t loop{};
  uv_async_t wake{};
  uv_timer_t alarm{};  // bounds a blocking wait
  std::thread::id thread = std::this_thread::get_id();
  std::uint64_t generation = fork_generation();

  const Clock* clock = nullptr;  // null: the machine's
  std::map<TimerKey, std::function<void()>> timers;
  std::uint64_t timer_serial = 0;
  std::deque<std::function<void()>> posted;
  // libuv hands changed watches to the kernel only in its next run
  bool needs_run = true;
  bool is_running = false;
  std::atomic<bool> is_closing = false;  // read by worker threads: what has not begun by then never does
  std::size_t workers_in_flight = 0;
  bool is_abandoned = false;

  std::mutex mutex;  // guards `posted_elsewhere`
  std::deque<std::function<void()>> posted_elsewhere;

  Status open();
  TimePoint now() const { return clock == nullptr ? std::chrono::steady_clock::now() : clock->now(); }
  void run_turn(TimePoint give_up_at, bool asks_kernel);
  void run_posted(TimePoint give_up_at);
  void run_timers(TimePoint give_up_at);
  void collect_posts();
  bool has_kernel_work() const;
  bool wants_turn();
  bool is_foreign() const { return generation != fork_generation(); }
  void abandon();
  void drop_work();
  void shut_down();
};

namespace {

TimePoint present() { return std::chrono::steady_clock::now(); }

Error uv_error(std::string_view action, int code) {
  return make_error(ErrorCode::kInternal, std::string(action) + ": " + uv_strerror(code));
}

uv_handle_t* as_handle(uv_poll_t* handle) {
  return reinterpret_cast<uv_handle_t*>(handle);  // SAFETY: libuv's documented base-struct cast
}

/// The part of a watch that must outlive it until libuv has let go of the handle.
struct WatchBody {
  uv_poll_t handle{};
  EventLoop::State* state = nullptr;
  std::function<void(Interest)> on_ready;
  Interest interest;
};

int to_events(Interest interest) {
  return (interest.readable ? UV_READABLE : 0) | (interest.writable ? UV_WRITABLE : 0);
}

void on_poll(uv_poll_t* handle, int status, int events) {
  auto* body = static_cast<WatchBody*>(handle->data);
  if (body->state->is_closing) return;
  if (status < 0) {
    // libuv has stopped the watch. Who reads or writes now learns why, but perhaps not with the first read:
    // bytes may stand before the error.
    if (uv_poll_start(handle, to_events(body->interest), on_poll) != 0) body->interest = {};
    body->state->needs_run = true;
    body->on_ready({.readable = true, .writable = true});
    return;
  }
  body->on_ready({.readable = (events & UV_READABLE) != 0, .writable = (events & UV_WRITABLE) != 0});
}

void on_watch_closed(uv_handle_t* handle) { delete static_cast<WatchBody*>(handle->data); }

class UvSocketWatch final : public SocketWatch {
 public:
  UvSocketWatch(EventLoop::State& state, WatchBody* body) : state_(state), body_(body) {}
  ~UvSocketWatch() override {
    if (state_.is_foreign() && !state_.is_abandoned) state_.abandon();
    uv_close(as_handle(&body_->handle), on_watch_closed);
  }
  UvSocketWatch(const UvSocketWatch&) = delete;
  UvSocketWatch& operator=(const UvSocketWatch&) = delete;

  Status update(Interest interest) override {
    if (interest.readable == body_->interest.readable && interest.writable == body_->interest.writable)
      return {};
    const int events = to_events(interest);
    const int code =
        events == 0 ? uv_poll_stop(&body_->handle) : uv_poll_start(&body_->handle, events, on_poll);
    if (code != 0) return uv_error("cannot watch a socket", code);
    body_->interest = interest;
    state_.needs_run = true;
    return {};
  }

 private:
  EventLoop::State& state_;
  WatchBody* body_;
};

class QueuedTimer final : public Timer {
 public:
  QueuedTimer(EventLoop::State& state, EventLoop::State::TimerKey key) : state_(state), key_(key) {}
  ~QueuedTimer() override {
    // taken out first: destroying what the callback captured may cancel other timers
    const auto node = state_.timers.extract(key_);
  }
  QueuedTimer(const QueuedTimer&) = delete;
  QueuedTimer& operator=(const QueuedTimer&) = delete;

 private:
  EventLoop::State& state_;
  EventLoop::State::TimerKey key_;
};

struct WorkerTask {
  uv_work_t request{};
  EventLoop::State* state = nullptr;
  std::function<void()> work;
  std::function<void()> on_done;
};

void run_work(uv_work_t* request) {
  const auto* task = static_cast<WorkerTask*>(request->data);
  if (!task->state->is_closing) task->work();
}

void finish_work(uv_work_t* request, int) {
  const std::unique_ptr<WorkerTask> task(static_cast<WorkerTask*>(request->data));
  --task->state->workers_in_flight;
  if (!task->state->is_closing) task->on_done();
}

void on_wake(uv_async_t* wake) { static_cast<EventLoop::State*>(wake->data)->collect_posts(); }

void on_alarm(uv_timer_t*) {}

void close_handle(uv_handle_t* handle, void*) {
  if (uv_is_closing(handle) == 0) uv_close(handle, handle->type == UV_POLL ? on_watch_closed : nullptr);
}

}  // namespace

Status EventLoop::State::open() {
  int code = uv_loop_init(&loop);
  if (code != 0) return uv_error("cannot make an event loop", code);
  wake.data = this;
  code = uv_async_init(&loop, &wake, on_wake);
  if (code != 0) {
    uv_loop_close(&loop);
    return uv_error("cannot make a wake-up", code);
  }
  uv_timer_init(&loop, &alarm);
  return {};
}

void EventLoop::State::collect_posts() {
  const std::lock_guard lock(mutex);
  for (auto& task : posted_elsewhere) posted.push_back(std::move(task));
  posted_elsewhere.clear();
}

void EventLoop::State::run_posted(TimePoint give_up_at) {
  // only what was there at the start: a task that posts itself again must not starve the sockets
  for (std::size_t left = posted.size(); left > 0 && present() < give_up_at; --left) {
    const std::function<void()> task = std::move(posted.front());
    posted.pop_front();
    task();
  }
}

void EventLoop::State::run_timers(TimePoint give_up_at) {
  const TimePoint due = now();
  while (!timers.empty() && timers.begin()->first.first <= due && present() < give_up_at) {
    const auto node = timers.extract(timers.begin());
    node.mapped()();
  }
}

void EventLoop::State::run_turn(TimePoint give_up_at, bool asks_kernel) {
  run_posted(give_up_at);
  if (asks_kernel || has_kernel_work()) {
    needs_run = false;
    uv_run(&loop, UV_RUN_NOWAIT);
  }
  run_timers(give_up_at);
}

// Changed watches, or handles that libuv has still to let go of.
bool EventLoop::State::has_kernel_work() const { return needs_run || uv_backend_timeout(&loop) == 0; }

bool EventLoop::State::wants_turn() {
  if (has_kernel_work() || !posted.empty()) return true;
  return !timers.empty() && timers.begin()->first.first <= now();
}

void EventLoop::State::abandon() {
  // the kernel's poll set is shared with the parent until libuv has made the child its own: touching a watch
  // before would stop the parent's
  is_abandoned = true;
  uv_loop_fork(&loop);
}

void EventLoop::State::drop_work() {
  // destroying a task may post another, or cancel timers
  while (!posted.empty() || !timers.empty()) {
    const auto tasks = std::exchange(posted, {});
    const auto others = std::exchange(timers, {});
  }
}

void EventLoop::State::shut_down() {
  is_closing = true;
  // a child has none of the parent's worker threads, so it must not wait for what they were doing
  while (workers_in_flight > 0 && !is_abandoned) uv_run(&loop, UV_RUN_ONCE);
  collect_posts();
  drop_work();
  uv_walk(&loop, close_handle, nullptr);
  uv_run(&loop, is_abandoned ? UV_RUN_NOWAIT : UV_RUN_DEFAULT);
}

EventLoop::EventLoop(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<EventLoop>> EventLoop::make() {
  auto state = std::make_unique<State>();
  BRIDGE_RETURN_IF_ERROR(state->open());
  return std::unique_ptr<EventLoop>(new EventLoop(std::move(state)));
}

Result<std::unique_ptr<EventLoop>> EventLoop::make(const Clock& clock) {
  auto made = make();
  if (made) (*made)->state_->clock = &clock;
  return made;
}

EventLoop::~EventLoop() {
  if (state_->is_foreign() && !state_->is_abandoned) state_->abandon();
  state_->shut_down();
  // libuv refuses only in a forked child that inherited unfinished work: its memory stays, as in any fork
  if (uv_loop_close(&state_->loop) != 0) static_cast<void>(state_.release());
}

int EventLoop::backend_fd() const { return uv_backend_fd(&state_->loop); }

std::optional<Duration> EventLoop::run_ready() { return run_turns(true); }

std::optional<Duration> EventLoop::run_own() { return run_turns(false); }

std::optional<Duration> EventLoop::run_turns(bool asks_kernel) {
  if (state_->is_running) return Duration::zero();
  state_->is_running = true;
  const TimePoint give_up_at = present() + kTickBudget;
  do {
    state_->run_turn(give_up_at, asks_kernel);
  } while (state_->wants_turn() && present() < give_up_at);
  state_->is_running = false;
  if (state_->wants_turn()) return Duration::zero();
  if (state_->timers.empty()) return std::nullopt;
  return std::max(Duration::zero(), state_->timers.begin()->first.first - state_->now());
}

void EventLoop::run_blocking(Deadline deadline) {
  State& state = *state_;
  if (state.is_running) return;
  if (!state.wants_turn()) {
    Deadline until = deadline;
    if (!state.timers.empty()) until = until.earlier(Deadline(state.timers.begin()->first.first));
    if (!until.is_never()) {
      uv_update_time(&state.loop);
      const auto delay = std::chrono::ceil<std::chrono::milliseconds>(until.remaining(state.now()));
      uv_timer_start(&state.alarm, on_alarm, static_cast<std::uint64_t>(delay.count()), 0);
    }
    state.is_running = true;
    uv_run(&state.loop, UV_RUN_ONCE);
    state.is_running = false;
    uv_timer_stop(&state.alarm);
  }
  run_ready();
}

void EventLoop::post(std::function<void()> task) { state_->posted.push_back(std::move(task)); }

void EventLoop::post_from_any_thread(std::function<void()> task) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->posted_elsewhere.push_back(std::move(task));
  }
  uv_async_send(&state_->wake);
}

std::unique_ptr<Timer> EventLoop::start_timer(TimePoint at, std::function<void()> on_due) {
  const State::TimerKey key{at, ++state_->timer_serial};
  state_->timers.emplace(key, std::move(on_due));
  return std::make_unique<QueuedTimer>(*state_, key);
}

Result<std::unique_ptr<SocketWatch>> EventLoop::watch(int descriptor, Interest interest,
                                                      std::function<void(Interest)> on_ready) {
  auto body = std::make_unique<WatchBody>();
  const int code = uv_poll_init(&state_->loop, &body->handle, descriptor);
  if (code != 0) return uv_error("cannot watch a descriptor", code);
  body->handle.data = body.get();
  body->state = state_.get();
  body->on_ready = std::move(on_ready);
  auto watch = std::make_unique<UvSocketWatch>(*state_, body.release());
  BRIDGE_RETURN_IF_ERROR(watch->update(interest));
  return std::unique_ptr<SocketWatch>(std::move(watch));
}

void EventLoop::run_on_worker(std::function<void()> work, std::function<void()> on_done) {
  auto task = std::make_unique<WorkerTask>();
  task->state = state_.get();
  task->request.data = task.get();
  task->work = std::move(work);
  task->on_done = std::move(on_done);
  // the first call starts the threads, which inherit the mask
  const SignalShield shield;
  ++state_->workers_in_flight;
  // refuses a missing function only
  uv_queue_work(&state_->loop, &task.release()->request, run_work, finish_work);
}

TimePoint EventLoop::now() const { return state_->now(); }

bool EventLoop::is_owner() const {
  return state_->thread == std::this_thread::get_id() && !state_->is_foreign();
}

void EventLoop::abandon_after_fork() {
  if (state_->is_foreign() && !state_->is_abandoned) state_->abandon();
}

}  // namespace bridge::net
