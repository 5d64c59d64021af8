// The telemetry door: finished spans and state changes become dicts for one Python callback.
#pragma once

#include "bindings/reference.h"
#include "engine/telemetry/sink.h"

namespace bridge::python {

/// Calls `on_event` (or nobody). What the callback raises is reported as unraisable and goes no further.
class PythonSink final : public telemetry::Sink {
 public:
  explicit PythonSink(Reference on_event) : on_event_(std::move(on_event)) {}
  void on_span(const telemetry::SpanRecord& record) override;
  void on_state(const telemetry::StateRecord& record) override;

 private:
  void deliver(Reference event);
  Reference on_event_;
};

}  // namespace bridge::python
