// Which of Neon's endpoints a host name stands for.
#pragma once

#include <string>
#include <string_view>

namespace bridge::neon {

/// A compute endpoint, which the proxy in front of all of them finds by name.
struct EndpointName {
  std::string id;          ///< `ep-cool-darkness-123456`; empty for a host that names none
  bool is_pooled = false;  ///< reached through Neon's pooler, which gives each transaction another session
};

/// Reads the first label of a host name. An address names no endpoint.
EndpointName read_endpoint_name(std::string_view host);

/// The endpoint that `options=endpoint=ID` names, for hosts that name none.
EndpointName find_endpoint_option(std::string_view options);

}  // namespace bridge::neon
