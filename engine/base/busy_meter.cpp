// Reads the processor time of the thread.
#include "engine/base/busy_meter.h"

#include <ctime>

namespace bridge {

Duration BusyMeter::read(TimePoint now) {
  if (has_read_ && now - read_at_ < kFreshness) return last_;
  has_read_ = true;
  read_at_ = now;
  last_ = read_exactly();
  return last_;
}

Duration BusyMeter::read_exactly() {
  timespec time{};
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) != 0) return Duration::zero();  // then nothing seems busy
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace bridge
