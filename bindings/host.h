// Who drives the engine's loop: an asyncio loop, or a thread that may block.
#pragma once

#include <Python.h>

#include <memory>
#include <vector>

#include "bindings/reference.h"
#include "engine/base/random.h"
#include "engine/base/result.h"
#include "engine/net/event_loop.h"
#include "engine/net/transport.h"

namespace bridge::python {

/// Owns one native loop. Every member is called with the interpreter lock held, which is also what makes
/// `is_in_turn` trustworthy from any thread. Kept alive by whatever lives in the loop.
class Host : public std::enable_shared_from_this<Host> {
 public:
  virtual ~Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// The part of `check` that holds before any loop runs: thread, process, not closed.
  Status check_place() const;
  /// kConfiguration unless the caller is where the loop belongs: its thread, its process, its running asyncio
  /// loop; and it is not closed.
  virtual Status check() const { return check_place(); }
  /// Whether `check` would succeed.
  bool is_owner() const { return static_cast<bool>(check()); }
  /// Whether `check_place` would succeed: the same but for the running loop, which costs a system call to
  /// ask.
  bool is_in_place() const { return static_cast<bool>(check_place()); }
  /// Runs what an entry has started; while statements are still being collected, leaves them to the next
  /// turn.
  virtual void end_entry(bool is_collecting) = 0;
  /// An asyncio future of this host's loop; null with an error raised where there is no such loop.
  virtual PyObject* make_future() = 0;
  /// Waits until `is_done`; false with a Python error set (signals, or a host whose results are awaited).
  virtual bool wait_until(const bool& is_done) = 0;
  /// Whether a cancelled operation ends in asyncio's CancelledError.
  virtual bool is_asyncio() const = 0;
  /// Stops driving the loop. Idempotent.
  virtual void close();

  /// Destroys what lives in the loop: now, or right after the turn that is running.
  void dispose(std::shared_ptr<void> thing);

  net::EventLoop& loop() { return *loop_; }
  net::TransportFactory& transports() { return *transports_; }
  Random& random() { return random_; }
  /// Asked with every answer that was ready when awaited: whether such answers have followed each other for
  /// longer than kTickBudget, so that the awaiting task owes the Python loop a turn. Begins anew when it says
  /// so.
  bool owes_turn();
  /// A task has suspended: the Python loop gets its turn.
  void note_suspension() { last_answer_ = {}; }
  bool is_in_turn() const { return is_in_turn_; }
  bool is_closed() const { return is_closed_; }

 protected:
  explicit Host(std::unique_ptr<net::EventLoop> loop);
  /// One turn with the lock held; nothing when one is running already. Answers when the next is due.
  std::optional<Duration> run_turn();
  /// The same for the end of an entry from Python (`EventLoop::run_own`).
  std::optional<Duration> run_own_turn();
  /// Runs what letting go of something has begun. The interpreter lock is held; a raised exception stays.
  virtual void end_disposal() = 0;
  /// Waits for and runs one turn with the lock released.
  void run_turn_blocking(Deadline deadline);

 private:
  std::optional<Duration> run(std::optional<Duration> (net::EventLoop::*turn)());
  /// Destroys what was disposed of during a turn; whether there was anything.
  bool bury();
  bool is_own_thread() const;

  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<net::TransportFactory> transports_;
  SeededRandom random_;
  std::vector<std::shared_ptr<void>> graveyard_;
  TimePoint last_answer_{};
  TimePoint streak_began_{};
  bool is_in_turn_ = false;
  bool is_closed_ = false;
};

/// A host inside `loop`, an asyncio loop with add_reader; kConfiguration for one without.
Result<std::shared_ptr<Host>> make_asyncio_host(PyObject* loop);
/// A host for the calling thread, which may block.
Result<std::shared_ptr<Host>> make_thread_host();

/// Makes a host known to `close_all_hosts`.
void enlist_host(const std::shared_ptr<Host>& host);
/// Closes every host that still lives: nothing of ours runs while the interpreter is taken apart.
void close_all_hosts() noexcept;

}  // namespace bridge::python
