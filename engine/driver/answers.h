// Answers owed to callers, given in a turn of their own: a caller may destroy whoever answers it.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "engine/driver/driver.h"
#include "engine/net/event_loop.h"

namespace bridge::driver {

/// Keeps completions until it is safe to call them. Owned by a connection; loop thread only. What it still
/// holds when it is destroyed is delivered in a later turn.
class Answers {
 public:
  explicit Answers(net::EventLoop& loop) : loop_(loop), self_(std::make_shared<Answers*>(this)) {}
  ~Answers();
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;

  std::size_t size() const { return owed_.size(); }
  void add(Completion on_done, Result<Outcome> outcome);
  /// Delivers in a later turn what is owed then; nothing to do where nothing is.
  void schedule();
  /// Delivers now. This object may be gone afterwards.
  void deliver();

 private:
  struct Owed {
    Completion on_done;
    Result<Outcome> outcome;
  };

  net::EventLoop& loop_;
  std::vector<Owed> owed_;
  bool is_scheduled_ = false;
  std::shared_ptr<Answers*> self_;  ///< expires with this object, for the task in the loop
};

}  // namespace bridge::driver
