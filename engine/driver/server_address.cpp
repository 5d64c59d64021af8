// How a server is named.
#include "engine/driver/server_address.h"

namespace bridge::driver {

std::string ServerAddress::name() const {
  return address.unix_path.empty() ? address.host + ":" + std::to_string(address.port) : address.unix_path;
}

}  // namespace bridge::driver
