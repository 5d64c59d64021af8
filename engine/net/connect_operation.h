// One connect: every address of a host, staggered, until one answers or the deadline passes.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "engine/net/socket.h"
#include "engine/net/transport.h"

namespace bridge::net {

/// Tries addresses in the manner of RFC 8305: the next one starts when the former failed or has not answered
/// for a while; the first to connect wins and the rest are closed. Owned by the transport factory; loop
/// thread only.
class ConnectOperation : public std::enable_shared_from_this<ConnectOperation> {
 public:
  /// `on_done` is called exactly once, in a later turn than `begin`, unless the operation is destroyed first.
  ConnectOperation(EventLoop& loop, Address address, Deadline deadline, TransportCompletion on_done);

  /// Resolves and starts. Once.
  void begin();

 private:
  struct Attempt {
    SocketAddress address;
    Socket socket;
    std::unique_ptr<SocketWatch> watch;
    std::unique_ptr<Timer> limit;
  };
  using AttemptPosition = std::list<Attempt>::iterator;

  void take_addresses(Result<std::vector<SocketAddress>> addresses);
  void start_next();
  void stagger();
  Status start_attempt(const SocketAddress& address);
  void end_attempt(AttemptPosition attempt);
  void give_up_attempt(AttemptPosition attempt, const std::string& reason);
  void note_failure(const SocketAddress& address, const std::string& reason);
  void expire();
  void fail(const std::string& reason);
  void finish(Result<std::unique_ptr<Transport>> result);
  std::string target() const;

  EventLoop& loop_;
  Address address_;
  Deadline deadline_;
  TransportCompletion on_done_;
  std::vector<SocketAddress> addresses_;
  std::size_t next_ = 0;
  std::list<Attempt> attempts_;
  std::string failures_;
  std::unique_ptr<Timer> deadline_timer_;
  std::unique_ptr<Timer> stagger_timer_;
};

}  // namespace bridge::net
