// How long this thread has computed, as opposed to waited: tells a slow server from a busy host.
#pragma once

#include "engine/base/clock.h"

namespace bridge {

/// Reads the processor time of the calling thread, at most once per `kFreshness`: the reading costs a system
/// call, and who asks per statement can live with so much error. One thread only.
class BusyMeter {
 public:
  /// How old an answer may be. Answers are never too high, so that differences to a later `read_exactly` are
  /// upper bounds.
  static constexpr Duration kFreshness = std::chrono::microseconds(200);

  /// Processor time of this thread up to `now`, which is the present moment of any monotonic clock.
  Duration read(TimePoint now);
  /// The same without the saving.
  static Duration read_exactly();

 private:
  TimePoint read_at_{};
  Duration last_{0};
  bool has_read_ = false;
};

}  // namespace bridge
