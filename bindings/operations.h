// How every operation starts: checked, with a deadline, a pending result, and a turn of the loop at the end.
#pragma once

#include <nanobind/nanobind.h>

#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "bindings/engine_handle.h"
#include "bindings/pending_type.h"
#include "engine/base/deadline.h"

namespace bridge::python {

/// A deadline so many seconds from now; never for None. kConfiguration for what is no time.
inline Result<Deadline> to_deadline(const Clock& clock, std::optional<double> seconds) {
  // Longer than any operation may last, shorter than what overflows nanoseconds.
  constexpr double kMaxSeconds = 1e9;
  if (!seconds) return Deadline::never();
  if (!(*seconds >= 0))
    return make_error(ErrorCode::kConfiguration, "a timeout is a number of seconds, zero or more");
  const double bounded = std::min(*seconds, kMaxSeconds);
  return Deadline::after(clock, std::chrono::duration_cast<Duration>(std::chrono::duration<double>(bounded)));
}

/// Calls `start(engine, deadline, pending)`, which hands the operation to the engine and answers its token.
template <typename Start>
Result<nanobind::object> start_operation(EngineHandle& handle, std::optional<double> timeout, Start&& start) {
  BRIDGE_ASSIGN_OR_RETURN(execution::Engine * engine, handle.enter());
  const std::shared_ptr<Host> host = handle.host();
  BRIDGE_ASSIGN_OR_RETURN(const Deadline deadline, to_deadline(host->loop(), timeout));
  PendingObject* pending = make_pending(host);
  if (pending == nullptr) throw nanobind::python_error();
  nanobind::object owned = nanobind::steal(as_object(pending));
  execution::Operation operation = start(*engine, deadline, pending);
  pending->cancel = [operation]() mutable { operation.cancel(); };
  host->end_entry(engine->is_collecting());
  if (pending->is_done) pending->cancel = nullptr;
  return owned;
}

}  // namespace bridge::python
