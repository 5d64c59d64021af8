// An engine with everything it needs of its surroundings, destroyed in the right order and at the right
// moment.
#pragma once

#include <memory>
#include <string>

#include "bindings/host.h"
#include "bindings/python_sink.h"
#include "engine/execution/engine.h"

namespace bridge::python {

/// Shared by the engine's Python object, its transactions and nobody else. The host outlives it.
class EngineHandle {
 public:
  static Result<std::shared_ptr<EngineHandle>> open(const std::string& url, std::shared_ptr<Host> host,
                                                    const execution::EngineOptions& options,
                                                    Reference on_event);

  /// The engine, or kPoolClosed after `close_now`, or why the caller may not use it here.
  Result<execution::Engine*> enter() const;
  /// The engine for what needs no loop; null after `close_now`.
  execution::Engine* peek() const { return engine_.get(); }
  /// Who is told of finished spans from now on; nobody where empty. The interpreter lock is held.
  void set_listener(Reference listener) { sink_.set_listener(std::move(listener)); }
  const std::shared_ptr<Host>& host() const { return host_; }
  /// Destroys the engine: everything in flight ends at once.
  void close_now();

 private:
  EngineHandle(std::shared_ptr<Host> host, Reference on_event)
      : host_(std::move(host)), sink_(std::move(on_event)) {}

  std::shared_ptr<Host> host_;
  PythonSink sink_;
  std::shared_ptr<execution::Engine> engine_;
};

/// Lets go of a handle, or anything else that lives in the loop, from wherever the last reference was
/// dropped.
template <typename Thing>
void dispose_in(const std::shared_ptr<Host>& host, std::shared_ptr<Thing>& thing) {
  if (host != nullptr && thing != nullptr) host->dispose(std::move(thing));
}

}  // namespace bridge::python
