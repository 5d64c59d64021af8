// The thread behind a BlockingWorker and the queue that feeds it.
#include "engine/net/blocking_pool.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "engine/net/fork_generation.h"
#include "engine/net/signal_shield.h"

namespace bridge::net {

struct BlockingWorker::State {
  struct Task {
    std::function<void()> work;
    std::function<void()> on_done;
  };

  explicit State(EventLoop& owner) : loop(owner) {}

  EventLoop& loop;
  std::uint64_t generation = fork_generation();
  std::size_t pending = 0;  // loop thread only
  std::thread thread;       // loop thread only

  std::mutex mutex;  // guards what follows
  std::condition_variable wake;
  std::deque<Task> queue;
  bool is_stopping = false;

  /// Waits for the next task; none when the worker ends.
  std::optional<Task> await_task();
  static void run(const std::shared_ptr<State>& state);
  static void report(const std::shared_ptr<State>& state, std::function<void()> on_done);
};

std::optional<BlockingWorker::State::Task> BlockingWorker::State::await_task() {
  std::unique_lock lock(mutex);
  wake.wait(lock, [&] { return is_stopping || !queue.empty(); });
  if (is_stopping) return std::nullopt;
  Task task = std::move(queue.front());
  queue.pop_front();
  return task;
}

void BlockingWorker::State::run(const std::shared_ptr<State>& state) {
  while (auto task = state->await_task()) {
    task->work();
    task->work = nullptr;
    report(state, std::move(task->on_done));
  }
}

void BlockingWorker::State::report(const std::shared_ptr<State>& state, std::function<void()> on_done) {
  // the worker may be gone when its answer arrives: nobody waits for it then
  state->loop.post_from_any_thread([weak = std::weak_ptr<State>(state), on_done = std::move(on_done)] {
    const std::shared_ptr<State> alive = weak.lock();
    if (!alive) return;
    --alive->pending;
    on_done();
  });
}

BlockingWorker::BlockingWorker(EventLoop& loop) : state_(std::make_shared<State>(loop)) {}

BlockingWorker::~BlockingWorker() {
  if (!state_->thread.joinable()) return;
  if (state_->generation != fork_generation()) {
    // a forked child has the memory of the thread but not the thread: its locks can be neither taken nor
    // destroyed, so they stay
    state_->thread.detach();
    static_cast<void>(new std::shared_ptr<State>(state_));
    return;
  }
  {
    const std::lock_guard lock(state_->mutex);
    state_->is_stopping = true;
  }
  state_->wake.notify_one();
  state_->thread.join();
}

void BlockingWorker::submit(std::function<void()> work, std::function<void()> on_done) {
  ++state_->pending;
  {
    const std::lock_guard lock(state_->mutex);
    state_->queue.push_back({std::move(work), std::move(on_done)});
  }
  if (state_->thread.joinable()) {
    state_->wake.notify_one();
    return;
  }
  const SignalShield shield;
  state_->thread = std::thread([state = state_] { State::run(state); });
}

std::size_t BlockingWorker::pending() const { return state_->pending; }

}  // namespace bridge::net
