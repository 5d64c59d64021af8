// Where what a conversation wants meets a transport: one receive buffer, one send buffer, and the turns in
// between.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/net/event_loop.h"
#include "engine/net/transport.h"

namespace bridge::driver {

/// Whose conversation it is. Called in the loop's thread. May close or let go of the runner in any call.
class StreamOwner {
 public:
  virtual ~StreamOwner() = default;
  /// Bytes not dealt with yet, from the first such on. Answers how many are dealt with now; the rest comes
  /// again with what follows. Cells may point into them until this call ends. An error ends the stream and
  /// comes back as `on_lost`.
  virtual Result<std::size_t> on_received(ByteSpan received) = 0;
  /// Everything that could be read in this turn has been handed over: the time to answer callers.
  virtual void on_turn_end() = 0;
  /// Everything written has left, after it had not at first.
  virtual void on_drained() = 0;
  /// The stream ended; called at most once, never from inside `send`.
  virtual void on_lost(Error error) = 0;
};

/// Moves bytes between one transport and its owner. Owned by whoever leads the conversation (it may change
/// hands with `set_owner`); shared only so that it outlives its own callbacks. Loop thread only.
class ConnectionRunner : public std::enable_shared_from_this<ConnectionRunner> {
 public:
  explicit ConnectionRunner(net::EventLoop& loop) : loop_(loop) {}
  ConnectionRunner(const ConnectionRunner&) = delete;
  ConnectionRunner& operator=(const ConnectionRunner&) = delete;
  ~ConnectionRunner() { close(); }

  /// Null: nobody is told any more.
  void set_owner(StreamOwner* owner) { owner_ = owner; }
  /// Takes a connected transport and begins to listen.
  Status adopt(std::unique_ptr<net::Transport> transport);
  /// Hands the transport out, for TLS. Received bytes must have been dealt with: false answers mean there are
  /// others.
  bool has_unread() const { return begin_ < end_; }
  std::unique_ptr<net::Transport> release();

  /// What is appended here leaves with the next `send`.
  ByteWriter& out() { return out_; }
  /// Writes what the transport takes now; the rest follows when it can. A failure is told by `on_lost` in a
  /// later turn.
  void send();
  /// Bytes appended that have not left.
  std::size_t unsent() const { return out_.size() - sent_; }
  /// Bytes that have left since the beginning, and those appended: an account of what the server can have
  /// seen.
  std::uint64_t total_sent() const { return total_sent_; }
  std::uint64_t total_appended() const { return total_sent_ + unsent(); }

  /// Reads nothing more until `resume`, so that the peer has to wait; what was read already rests as well.
  /// May be called while bytes are handed over.
  void pause();
  /// Hands over what rested, then reads on, in a later turn.
  void resume();

  bool is_open() const { return transport_ != nullptr; }
  bool is_quiet() { return transport_ != nullptr && begin_ == end_ && transport_->is_quiet(); }
  /// Closes at once; the owner is not told. Idempotent.
  void close() noexcept;

 private:
  void on_ready();
  /// Reads until nothing is there or the turn's share is used. False: the stream ended.
  bool read_turn();
  bool hand_over();
  void make_room();
  void settle_buffer();
  void lose(Error error);
  void write_pending();
  void lose_after_reading(Error error);
  void watch(net::Interest wanted);
  void read_rested();

  net::EventLoop& loop_;
  StreamOwner* owner_ = nullptr;
  std::unique_ptr<net::Transport> transport_;
  net::Interest interest_;
  ByteWriter out_;
  std::size_t sent_ = 0;
  std::uint64_t total_sent_ = 0;
  bool is_failing_ = false;
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace bridge::driver
