// Names become addresses, without blocking the loop.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/net/event_loop.h"
#include "engine/net/socket.h"

namespace bridge::net {

using ResolveCompletion = std::function<void(Result<std::vector<SocketAddress>>)>;

/// Answers the addresses of a host in the order to try them: the families alternate, beginning with the one
/// the system prefers (RFC 8305 section 4). Asks the system anew each time. Answers once, in a later turn;
/// kConnectFailed when the name is unknown.
void resolve(EventLoop& loop, const std::string& host, std::uint16_t port, ResolveCompletion on_done);

/// Lets the families alternate, keeping the order within each.
std::vector<SocketAddress> interleave_families(const std::vector<SocketAddress>& addresses);

}  // namespace bridge::net
