// The telemetry door: finished spans and state changes become dicts for one Python callback.
#pragma once

#include <atomic>

#include "bindings/reference.h"
#include "engine/telemetry/sink.h"

namespace bridge::python {

/// Calls Python callbacks, or nobody. What a callback raises is reported as unraisable and goes no further.
class PythonSink final : public telemetry::Sink {
 public:
  /// `on_event` is told of state changes for good and of finished spans until `set_listener`.
  explicit PythonSink(Reference on_event)
      : on_event_(std::move(on_event)), listener_(on_event_), has_listener_(static_cast<bool>(listener_)) {}
  void on_span(const telemetry::SpanRecord& record) override;
  void on_state(const telemetry::StateRecord& record) override;

  /// Who is told of spans that finish from now on; nobody where empty, and then nothing is made of them.
  /// The interpreter lock is held.
  void set_listener(Reference listener);

 private:
  Reference on_event_;
  Reference listener_;
  std::atomic<bool> has_listener_;  ///< read before the lock is taken
};

}  // namespace bridge::python
