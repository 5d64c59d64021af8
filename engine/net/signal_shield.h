// Keeps signals away from the engine's threads: the embedding program's main thread is to receive them.
#pragma once

#include <pthread.h>

#include <csignal>

namespace bridge::net {

/// Blocks every signal in this thread as long as it lives, so that a thread started meanwhile inherits a mask
/// that blocks all.
class SignalShield {
 public:
  SignalShield() {
    sigset_t everything;
    sigfillset(&everything);
    pthread_sigmask(SIG_SETMASK, &everything, &former_);
  }
  ~SignalShield() { pthread_sigmask(SIG_SETMASK, &former_, nullptr); }
  SignalShield(const SignalShield&) = delete;
  SignalShield& operator=(const SignalShield&) = delete;

 private:
  sigset_t former_;
};

}  // namespace bridge::net
