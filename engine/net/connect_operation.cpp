// The race of connection attempts.
#include "engine/net/connect_operation.h"

#include <utility>

#include "engine/net/resolver.h"
#include "engine/net/socket_transport.h"

namespace bridge::net {
namespace {

// RFC 8305 section 5 recommends 250 ms before the next address is tried beside the one that has not answered.
constexpr std::chrono::milliseconds kStagger{250};
// An address whose packets are dropped is given up long before the kernel would (about two minutes).
constexpr std::chrono::seconds kAddressTimeout{5};

}  // namespace

ConnectOperation::ConnectOperation(EventLoop& loop, Address address, Deadline deadline,
                                   TransportCompletion on_done)
    : loop_(loop), address_(std::move(address)), deadline_(deadline), on_done_(std::move(on_done)) {}

std::string ConnectOperation::target() const {
  return address_.unix_path.empty() ? address_.host + ":" + std::to_string(address_.port)
                                    : address_.unix_path;
}

void ConnectOperation::begin() {
  if (!deadline_.is_never()) deadline_timer_ = loop_.start_timer(deadline_.at(), [this] { expire(); });
  auto on_addresses = [weak = weak_from_this()](Result<std::vector<SocketAddress>> addresses) {
    if (const auto self = weak.lock()) self->take_addresses(std::move(addresses));
  };
  if (address_.unix_path.empty())
    return resolve(loop_, address_.host, address_.port, std::move(on_addresses));
  loop_.post([path = address_.unix_path, on_addresses = std::move(on_addresses)] {
    auto address = SocketAddress::from_unix_path(path);
    if (!address) return on_addresses(std::move(address).error());
    on_addresses(std::vector{*address});
  });
}

void ConnectOperation::take_addresses(Result<std::vector<SocketAddress>> addresses) {
  if (!on_done_) return;
  if (!addresses) return finish(std::move(addresses).error());
  addresses_ = std::move(*addresses);
  start_next();
}

void ConnectOperation::start_next() {
  stagger_timer_.reset();
  while (next_ < addresses_.size()) {
    const SocketAddress& address = addresses_[next_++];
    const Status started = start_attempt(address);
    if (started) return stagger();
    note_failure(address, started.error().message());
  }
  if (attempts_.empty()) fail("no address answered");
}

void ConnectOperation::stagger() {
  if (next_ == addresses_.size()) return;
  stagger_timer_ = loop_.start_timer(loop_.now() + kStagger, [this] { start_next(); });
}

Status ConnectOperation::start_attempt(const SocketAddress& address) {
  BRIDGE_ASSIGN_OR_RETURN(Socket socket, begin_connect(address));
  const auto attempt = attempts_.emplace(attempts_.end());
  attempt->address = address;
  attempt->socket = std::move(socket);
  auto watch = loop_.watch(attempt->socket.descriptor(), {.writable = true},
                           [this, attempt](Interest) { end_attempt(attempt); });
  if (!watch) {
    attempts_.erase(attempt);
    return std::move(watch).error();
  }
  attempt->watch = std::move(*watch);
  attempt->limit = loop_.start_timer(loop_.now() + kAddressTimeout,
                                     [this, attempt] { give_up_attempt(attempt, "no answer within 5 s"); });
  return {};
}

void ConnectOperation::end_attempt(AttemptPosition attempt) {
  const std::string reason = pending_connect_error(attempt->socket);
  if (!reason.empty()) return give_up_attempt(attempt, reason);
  attempt->watch.reset();
  finish(std::unique_ptr<Transport>(std::make_unique<SocketTransport>(loop_, std::move(attempt->socket))));
}

void ConnectOperation::give_up_attempt(AttemptPosition attempt, const std::string& reason) {
  note_failure(attempt->address, reason);
  attempts_.erase(attempt);
  if (next_ < addresses_.size()) return start_next();
  if (attempts_.empty()) fail("no address answered");
}

void ConnectOperation::note_failure(const SocketAddress& address, const std::string& reason) {
  if (!failures_.empty()) failures_ += ", ";
  failures_ += address.text() + " (" + reason + ")";
}

void ConnectOperation::expire() {
  for (const Attempt& attempt : attempts_) note_failure(attempt.address, "no answer in time");
  fail(addresses_.empty() ? "the name was not resolved in time" : "the time to connect is over");
}

void ConnectOperation::fail(const std::string& reason) {
  std::string message = "cannot connect to " + target() + ": " + reason;
  if (!failures_.empty()) message += "; tried " + failures_;
  finish(make_error(ErrorCode::kConnectFailed, std::move(message)));
}

void ConnectOperation::finish(Result<std::unique_ptr<Transport>> result) {
  attempts_.clear();
  stagger_timer_.reset();
  deadline_timer_.reset();
  // last: the owner of this operation lets go of it in there
  const TransportCompletion on_done = std::exchange(on_done_, nullptr);
  on_done(std::move(result));
}

}  // namespace bridge::net
