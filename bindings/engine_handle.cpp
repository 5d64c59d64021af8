// Opens engines and closes them.
#include "bindings/engine_handle.h"

namespace bridge::python {

Result<std::shared_ptr<EngineHandle>> EngineHandle::open(const std::string& url, std::shared_ptr<Host> host,
                                                         const execution::EngineOptions& options,
                                                         Reference on_event) {
  std::shared_ptr<EngineHandle> handle(new EngineHandle(std::move(host), std::move(on_event)));
  Host& surroundings = *handle->host_;
  BRIDGE_ASSIGN_OR_RETURN(
      std::unique_ptr<execution::Engine> engine,
      execution::Engine::open(url, options,
                              {surroundings.loop(), surroundings.transports(), surroundings.loop(),
                               surroundings.random(), handle->sink_}));
  handle->engine_ = std::move(engine);
  return handle;
}

Result<execution::Engine*> EngineHandle::enter() const {
  BRIDGE_RETURN_IF_ERROR(host_->check());
  if (engine_ == nullptr) return make_error(ErrorCode::kPoolClosed, "the database is closed");
  return engine_.get();
}

void EngineHandle::close_now() { dispose_in(host_, engine_); }

}  // namespace bridge::python
