// What is asked again and again while SQLite works on one statement: may it go on?
#pragma once

#include <atomic>
#include <cstdint>

#include "engine/base/clock.h"

namespace bridge::sqlite {

/// Set before a statement is stepped; consulted by SQLite's progress callback in the thread that steps. Only
/// `stop` and `abandon` may be called from another thread.
class StepWatch {
 public:
  enum class Reason : std::uint8_t { kNone, kSliceEnded, kStopped };

  explicit StepWatch(const Clock& clock) : clock_(clock) {}

  /// Lets the next steps run until `limit`, or for ever when they must not be interrupted.
  void arm(TimePoint limit, bool may_interrupt) {
    limit_ = limit;
    may_interrupt_ = may_interrupt;
    reason_ = Reason::kNone;
  }
  /// Forgets an earlier request to stop. Loop thread, while nothing steps.
  void clear_stop() { stop_.store(false, std::memory_order_relaxed); }
  /// Asks the statement in hand to end soon, if it may be interrupted at all. Any thread.
  void stop() { stop_.store(true, std::memory_order_relaxed); }
  /// Asks it to end even if it is a write: for a connection that closes, whose transaction is lost anyway.
  /// Any thread.
  void abandon() { abandoned_.store(true, std::memory_order_relaxed); }
  bool is_stopping() const { return stop_.load(std::memory_order_relaxed); }

  /// Whether SQLite has to give the statement up now.
  bool must_interrupt() {
    if (abandoned_.load(std::memory_order_relaxed)) reason_ = Reason::kStopped;
    if (!may_interrupt_) return reason_ != Reason::kNone;
    if (is_stopping()) {
      reason_ = Reason::kStopped;
    } else if (limit_ != TimePoint::max() && clock_.now() >= limit_) {
      reason_ = Reason::kSliceEnded;
    }
    return reason_ != Reason::kNone;
  }
  /// Why the last statement was given up.
  Reason reason() const { return reason_; }
  TimePoint now() const { return clock_.now(); }

 private:
  const Clock& clock_;
  TimePoint limit_ = TimePoint::max();
  bool may_interrupt_ = false;
  Reason reason_ = Reason::kNone;
  std::atomic<bool> stop_{false};
  std::atomic<bool> abandoned_{false};
};

}  // namespace bridge::sqlite
