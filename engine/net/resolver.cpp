// getaddrinfo, on a worker unless the host is numeric.
#include "engine/net/resolver.h"

#include <netdb.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

namespace bridge::net {
namespace {

using Answer = Result<std::vector<SocketAddress>>;

Answer look_up(const std::string& host, std::uint16_t port, int extra_flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | extra_flags;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (code != 0)
    return make_error(ErrorCode::kConnectFailed, "cannot resolve host " + host + ": " + gai_strerror(code));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, freeaddrinfo);
  std::vector<SocketAddress> addresses;
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    SocketAddress address;
    address.size = entry->ai_addrlen;
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    addresses.push_back(address);
  }
  return interleave_families(addresses);
}

}  // namespace

std::vector<SocketAddress> interleave_families(const std::vector<SocketAddress>& addresses) {
  if (addresses.empty()) return {};
  const int preferred = addresses.front().family();
  std::vector<SocketAddress> first;
  std::vector<SocketAddress> second;
  for (const SocketAddress& address : addresses)
    (address.family() == preferred ? first : second).push_back(address);
  std::vector<SocketAddress> mixed;
  for (std::size_t index = 0; index < std::max(first.size(), second.size()); ++index) {
    if (index < first.size()) mixed.push_back(first[index]);
    if (index < second.size()) mixed.push_back(second[index]);
  }
  return mixed;
}

void resolve(EventLoop& loop, const std::string& host, std::uint16_t port, ResolveCompletion on_done) {
  auto answer = std::make_shared<Answer>(look_up(host, port, AI_NUMERICHOST));
  auto report = [answer, on_done = std::move(on_done)] { on_done(std::move(*answer)); };
  if (*answer) return loop.post(std::move(report));
  loop.run_on_worker([answer, host, port] { *answer = look_up(host, port, 0); }, std::move(report));
}

}  // namespace bridge::net
