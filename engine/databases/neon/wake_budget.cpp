// A stretch of failures begins with one that no other preceded for a while.
#include "engine/databases/neon/wake_budget.h"

namespace bridge::neon {

bool WakeBudget::has_time(TimePoint now) const { return is_over(now) || now - first_ < budget_; }

void WakeBudget::note_failure(TimePoint now) {
  if (is_over(now)) first_ = now;
  is_failing_ = true;
  latest_ = now;
}

}  // namespace bridge::neon
