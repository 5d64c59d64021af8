// One server of a URL's list, with the TLS it must speak.
#pragma once

#include <string>

#include "engine/net/transport.h"

namespace bridge::driver {

/// A server to try, with the policy its cancel requests follow as well.
struct ServerAddress {
  net::Address address;
  net::TlsOptions tls;
  bool starts_with_tls = false;  ///< TLS runs from the first byte

  bool has_tls() const { return tls.mode != net::TlsMode::kDisable; }
  /// Host and port, or the socket's path, for messages.
  std::string name() const;
};

}  // namespace bridge::driver
