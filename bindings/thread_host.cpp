// A thread that may block drives the loop itself, inside `wait`.
#include <chrono>

#include "bindings/error_translation.h"
#include "bindings/host.h"

namespace bridge::python {
namespace {

// How long a wait stays away from Python's signal handlers at most.
constexpr std::chrono::milliseconds kSignalInterval{100};

class ThreadHost final : public Host {
 public:
  explicit ThreadHost(std::unique_ptr<net::EventLoop> loop) : Host(std::move(loop)) {}

  // A short turn keeps the lock: handing it over would cost more.
  void end_entry(bool /*is_collecting*/) override { run_own_turn(); }
  void end_disposal() override { run_own_turn(); }

  PyObject* make_future() override {
    raise_error(ErrorCode::kConfiguration,
                "this result belongs to a thread that blocks: call wait() instead of awaiting it");
    return nullptr;
  }

  bool wait_until(const bool& is_done) override {
    while (!is_done) {
      if (const Status status = check(); !status) {
        raise_error(status.error());
        return false;
      }
      if (is_in_turn()) {
        raise_error(ErrorCode::kConfiguration, "a callback of the engine cannot wait for the engine");
        return false;
      }
      run_turn_blocking(Deadline::after(loop(), kSignalInterval));
      if (PyErr_CheckSignals() != 0) return false;
    }
    return true;
  }

  bool is_asyncio() const override { return false; }
};

}  // namespace

Result<std::shared_ptr<Host>> make_thread_host() {
  BRIDGE_ASSIGN_OR_RETURN(std::unique_ptr<net::EventLoop> loop, net::EventLoop::make());
  std::shared_ptr<Host> host = std::make_shared<ThreadHost>(std::move(loop));
  enlist_host(host);
  return host;
}

}  // namespace bridge::python
