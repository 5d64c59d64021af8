// The loop inside an asyncio loop: one watched descriptor, one timer, no other thread.
#include <chrono>
#include <optional>

#include "bindings/error_translation.h"
#include "bindings/ffi_guard.h"
#include "bindings/host.h"
#include "bindings/python_types.h"
#include "engine/net/fork_generation.h"

namespace bridge::python {
namespace {

constexpr const char* kCapsuleName = "bridgeorm.host";

class AsyncioHost final : public Host {
 public:
  AsyncioHost(std::unique_ptr<net::EventLoop> loop, PyObject* python_loop)
      : Host(std::move(loop)), python_loop_(Reference::borrow(python_loop)) {}
  ~AsyncioHost() override { AsyncioHost::close(); }

  /// Registers with the Python loop. False with a Python error set.
  bool attach();
  Status check() const override;
  void end_entry(bool is_collecting) override;
  void end_disposal() override;
  PyObject* make_future() override;
  bool wait_until(const bool& is_done) override;
  bool is_asyncio() const override { return true; }
  void close() override;

  /// What the Python loop calls: the descriptor is readable, or the moment has come.
  void on_called();

 private:
  bool is_python_loop_closed() const;
  /// Takes the descriptor out of the Python loop, from whatever thread this is.
  void detach();
  void arm(std::optional<Duration> next);
  void schedule_soon();
  void schedule_later(Duration delay);
  void cancel_timer();

  Reference python_loop_;
  Reference callback_;
  Reference timer_;
  TimePoint timer_due_{};
  std::uint64_t generation_ = net::fork_generation();
  bool is_soon_scheduled_ = false;
  bool is_attached_ = false;
};

void free_capsule(PyObject* capsule) noexcept {
  delete static_cast<std::weak_ptr<AsyncioHost>*>(PyCapsule_GetPointer(capsule, kCapsuleName));
}

// The Python loop keeps its callbacks alive; a weak pointer keeps it from keeping the host alive too.
PyObject* call_host(PyObject* capsule, PyObject* /*arguments*/) {
  const auto* place = static_cast<std::weak_ptr<AsyncioHost>*>(PyCapsule_GetPointer(capsule, kCapsuleName));
  if (place == nullptr) return nullptr;
  if (const std::shared_ptr<AsyncioHost> host = place->lock()) host->on_called();
  if (PyErr_Occurred() != nullptr) return nullptr;
  Py_RETURN_NONE;
}

PyMethodDef turn_method = {"run_engine_turn", guarded_method<"Host.turn", &call_host>, METH_NOARGS,
                           "Runs what is ready in the engine."};

Reference make_callback(const std::shared_ptr<AsyncioHost>& host) {
  auto place = std::make_unique<std::weak_ptr<AsyncioHost>>(host);
  const Reference capsule = Reference::steal(PyCapsule_New(place.get(), kCapsuleName, free_capsule));
  if (!capsule) return {};
  static_cast<void>(place.release());  // the capsule's destructor owns it now
  return Reference::steal(PyCFunction_New(&turn_method, capsule.get()));
}

bool AsyncioHost::attach() {
  callback_ = make_callback(std::static_pointer_cast<AsyncioHost>(shared_from_this()));
  if (!callback_) return false;
  const Reference added = Reference::steal(
      PyObject_CallMethod(python_loop_.get(), "add_reader", "iO", loop().backend_fd(), callback_.get()));
  is_attached_ = static_cast<bool>(added);
  return is_attached_;
}

Status AsyncioHost::check() const {
  BRIDGE_RETURN_IF_ERROR(check_place());
  const Reference running = Reference::steal(PyObject_CallNoArgs(python_types.running_loop));
  PyErr_Clear();
  if (running.get() == python_loop_.get()) return {};
  if (is_python_loop_closed())
    return make_error(ErrorCode::kConfiguration, "the asyncio loop this database was opened in is closed");
  return make_error(
      ErrorCode::kConfiguration,
      "used outside the asyncio loop it was opened in: open a database of its own in each loop");
}

bool AsyncioHost::is_python_loop_closed() const {
  const Reference answer = Reference::steal(PyObject_CallMethod(python_loop_.get(), "is_closed", nullptr));
  const bool is_open = answer && PyObject_Not(answer.get()) == 1;
  PyErr_Clear();
  return !is_open;
}

void AsyncioHost::end_entry(bool is_collecting) {
  if (is_in_turn()) return;  // the turn that is running will come to it, or arm the next
  if (is_collecting)
    schedule_soon();
  else
    arm(run_own_turn());
}

void AsyncioHost::end_disposal() {
  if (is_in_turn() || is_closed() || !may_touch_python()) return;
  const Reference raised = take_raised_exception();
  const std::optional<Duration> next = run_own_turn();
  if (next && !is_python_loop_closed()) arm(next);
  if (raised) raise_exception(raised.get());
}

PyObject* AsyncioHost::make_future() {
  return PyObject_CallMethodNoArgs(python_loop_.get(), python_names.create_future);
}

bool AsyncioHost::wait_until(const bool& is_done) {
  if (is_done) return true;
  raise_error(ErrorCode::kConfiguration,
              "this result belongs to an asyncio loop: await it instead of calling wait()");
  return false;
}

void AsyncioHost::on_called() {
  is_soon_scheduled_ = false;
  if (is_closed() || !loop().is_owner()) return;
  if (timer_ && loop().now() >= timer_due_) timer_.reset();
  arm(run_turn());
}

void AsyncioHost::arm(std::optional<Duration> next) {
  if (is_closed() || !next) return;
  if (*next == Duration::zero())
    schedule_soon();
  else
    schedule_later(*next);
}

void AsyncioHost::schedule_soon() {
  if (is_soon_scheduled_) return;
  is_soon_scheduled_ = static_cast<bool>(Reference::steal(
      PyObject_CallMethodOneArg(python_loop_.get(), python_names.call_soon, callback_.get())));
  if (!is_soon_scheduled_) PyErr_WriteUnraisable(python_loop_.get());
}

// A timer that is due no later than needed stays: run early it finds nothing and arms the next, which costs
// less than replacing it each time.
void AsyncioHost::schedule_later(Duration delay) {
  const TimePoint due = loop().now() + delay;
  if (timer_ && timer_due_ <= due) return;
  cancel_timer();
  const double seconds = std::chrono::duration<double>(delay).count();
  timer_ =
      Reference::steal(PyObject_CallMethod(python_loop_.get(), "call_later", "dO", seconds, callback_.get()));
  timer_due_ = due;
  if (!timer_) PyErr_WriteUnraisable(python_loop_.get());
}

void AsyncioHost::cancel_timer() {
  if (!timer_) return;
  if (!Reference::steal(PyObject_CallMethod(timer_.get(), "cancel", nullptr)))
    PyErr_WriteUnraisable(timer_.get());
  timer_.reset();
}

void AsyncioHost::close() {
  if (is_closed()) return;
  Host::close();
  if (!may_touch_python()) return;
  const GilHeld gil;
  const Reference raised = take_raised_exception();
  // A forked child shares the kernel's poll set with its parent: it must not take anything out of it.
  if (std::exchange(is_attached_, false) && generation_ == net::fork_generation() && !is_python_loop_closed())
    detach();
  if (raised) raise_exception(raised.get());
}

void AsyncioHost::detach() {
  const int descriptor = loop().backend_fd();
  if (loop().is_owner()) {
    cancel_timer();
    if (!Reference::steal(PyObject_CallMethod(python_loop_.get(), "remove_reader", "i", descriptor)))
      PyErr_Clear();
    return;
  }
  const Reference remove = Reference::steal(PyObject_GetAttrString(python_loop_.get(), "remove_reader"));
  if (!remove || !Reference::steal(PyObject_CallMethod(python_loop_.get(), "call_soon_threadsafe", "Oi",
                                                       remove.get(), descriptor)))
    PyErr_Clear();
}

}  // namespace

Result<std::shared_ptr<Host>> make_asyncio_host(PyObject* python_loop) {
  BRIDGE_ASSIGN_OR_RETURN(std::unique_ptr<net::EventLoop> loop, net::EventLoop::make());
  auto host = std::make_shared<AsyncioHost>(std::move(loop), python_loop);
  if (!host->attach()) {
    PyErr_Clear();
    return make_error(ErrorCode::kConfiguration, "this asyncio loop cannot watch a descriptor (add_reader)");
  }
  enlist_host(host);
  return std::shared_ptr<Host>(std::move(host));
}

}  // namespace bridge::python
