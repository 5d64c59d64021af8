// One pollable descriptor and one next deadline: the engine's loop, run inside somebody else's.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "engine/base/clock.h"
#include "engine/base/deadline.h"
#include "engine/base/result.h"

namespace bridge::net {

/// What a watched socket should be ready for.
struct Interest {
  bool readable = false;
  bool writable = false;
};

/// Keeps a watch on a descriptor; ends it when destroyed. Owner thread only.
class SocketWatch {
 public:
  virtual ~SocketWatch() = default;
  /// Changes what is watched; both false pauses.
  virtual Status update(Interest interest) = 0;
};

/// Keeps a timer; cancels it when destroyed. Owner thread only.
class Timer {
 public:
  virtual ~Timer() = default;
};

/// A libuv loop of one thread. Everything but `post_from_any_thread` is for the thread that made it. The host
/// (asyncio, or a thread that blocks) watches `backend_fd`, calls `run_ready` when it is readable and no
/// later than the moment `run_ready` named last.
class EventLoop : public Clock {
 public:
  static Result<std::unique_ptr<EventLoop>> make();
  /// The same on a clock handed in, which outlives the loop: timers become due when that clock says so, not
  /// when time passes. For simulations; only `run_ready` makes sense then.
  static Result<std::unique_ptr<EventLoop>> make(const Clock& clock);
  ~EventLoop() override;  // SAFETY: closes every handle and runs the loop until libuv has let go of them

  /// Readable whenever a socket or another thread wants a turn.
  int backend_fd() const;
  /// Runs everything that is ready without waiting, and again while libuv wants another turn at once, within
  /// kTickBudget. Answers the delay until the next turn is due even if the descriptor stays silent: zero = at
  /// once, nothing = no need.
  std::optional<Duration> run_ready();
  /// The same without asking the kernel for news of its own accord: for the end of an entry from outside,
  /// after which only what the entry itself posted, watched or closed can be ready. Spares a system call per
  /// entry.
  std::optional<Duration> run_own();
  /// Waits for and runs the next turn, at most until the deadline. For threads that may block.
  void run_blocking(Deadline deadline);

  /// Runs `task` in the loop's next turn, never inside this call. In order of posting.
  void post(std::function<void()> task);
  /// The same from any thread; wakes the descriptor.
  void post_from_any_thread(std::function<void()> task);
  /// Calls `on_due` once at `at`, never inside this call even if that moment has passed.
  [[nodiscard]] std::unique_ptr<Timer> start_timer(TimePoint at, std::function<void()> on_due);
  /// Calls `on_ready` whenever `descriptor` is ready for the interest. The descriptor must stay open as long
  /// as the watch.
  [[nodiscard]] Result<std::unique_ptr<SocketWatch>> watch(int descriptor, Interest interest,
                                                           std::function<void(Interest)> on_ready);
  /// Runs `work` on a worker thread, then `on_done` in the loop's thread. For what can only block (name
  /// resolution, key derivation). Destroying the loop waits for work that has begun; its `on_done` is
  /// dropped.
  void run_on_worker(std::function<void()> work, std::function<void()> on_done);

  /// Monotonic present moment.
  TimePoint now() const override;
  /// Whether the caller is the thread and process that made the loop (false in a forked child).
  bool is_owner() const;
  /// In a forked child: lets go of every descriptor without a byte to any server. The loop must only be
  /// destroyed afterwards.
  void abandon_after_fork();

  /// What libuv's callbacks see of the loop; known to event_loop.cpp alone.
  struct State;

 private:
  explicit EventLoop(std::unique_ptr<State> state);
  std::optional<Duration> run_turns(bool asks_kernel);
  std::unique_ptr<State> state_;
};

}  // namespace bridge::net
