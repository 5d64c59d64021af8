// Named scopes for the interpreter lock and the cyclic collector.
#pragma once

#include <Python.h>

namespace bridge::python {

/// Whether Python objects may be touched by this thread: it holds the lock, or may still take it. False once
/// the interpreter finalizes and this thread came too late; objects are leaked then, as nothing is left to
/// free them.
inline bool may_touch_python() noexcept {
  if (Py_IsInitialized() == 0) return false;
  if (PyGILState_Check() == 1) return true;
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsFinalizing() == 0;
#else
  return _Py_IsFinalizing() == 0;
#endif
}

/// Holds the interpreter lock; costs next to nothing where the thread holds it already. Only after
/// `may_touch_python()`.
class GilHeld {
 public:
  GilHeld() noexcept : state_(PyGILState_Ensure()) {}
  ~GilHeld() { PyGILState_Release(state_); }
  GilHeld(const GilHeld&) = delete;
  GilHeld& operator=(const GilHeld&) = delete;

 private:
  PyGILState_STATE state_;
};

/// Lets other threads run Python while this one waits. Only where the lock is held.
class GilReleased {
 public:
  GilReleased() noexcept : thread_(PyEval_SaveThread()) {}
  ~GilReleased() { PyEval_RestoreThread(thread_); }
  GilReleased(const GilReleased&) = delete;
  GilReleased& operator=(const GilReleased&) = delete;

 private:
  PyThreadState* thread_;
};

/// Pauses the cyclic collector around a loop that makes many objects, and restores what it found.
class CollectorPaused {
 public:
  CollectorPaused() noexcept : was_enabled_(PyGC_Disable() == 1) {}
  ~CollectorPaused() {
    if (was_enabled_) PyGC_Enable();
  }
  CollectorPaused(const CollectorPaused&) = delete;
  CollectorPaused& operator=(const CollectorPaused&) = delete;

 private:
  bool was_enabled_;
};

}  // namespace bridge::python
