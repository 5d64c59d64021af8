// A thread that runs what can only block, one task after the other.
#pragma once

#include <functional>
#include <memory>

#include "engine/net/event_loop.h"

namespace bridge::net {

/// One worker thread with a queue, answering in the loop's thread. A connection that may block owns one, so
/// that its calls never interleave. The thread starts with the first task and ends with the object, which
/// waits for the task in hand; tasks that had not begun, and answers not given yet, are dropped. Outlived by
/// the loop. Signals are blocked in the thread.
class BlockingWorker {
 public:
  explicit BlockingWorker(EventLoop& loop);
  ~BlockingWorker();
  BlockingWorker(const BlockingWorker&) = delete;
  BlockingWorker& operator=(const BlockingWorker&) = delete;

  /// Queues `work` for the worker thread; `on_done` runs in the loop's thread afterwards. Loop thread only.
  void submit(std::function<void()> work, std::function<void()> on_done);
  /// Tasks submitted whose `on_done` has not run yet.
  std::size_t pending() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace bridge::net
