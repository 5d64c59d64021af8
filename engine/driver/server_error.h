// Everything a server said when it refused, before anybody judged it.
#pragma once

#include <string>

#include "engine/base/error.h"

namespace bridge::driver {

/// An error or notice as received: bounded copies, control characters still in it. Turned into an Error by
/// each database's error_map.
struct ServerError {
  std::string severity;  ///< unlocalised where the server offers it
  std::string message;
  /// the server's own function, as stable a mark as there is for errors that share a code
  std::string routine;
  ServerFields fields;
};

}  // namespace bridge::driver
