// Chooses a database by the scheme of its URL.
#include <string>

#include "engine/execution/drivers.h"

namespace bridge::execution {

Result<const DriverEntry*> find_driver(std::string_view scheme) {
  std::string known;
  for (const DriverEntry& entry : built_drivers()) {
    if (entry.scheme == scheme) return &entry;
    known += known.empty() ? "" : ", ";
    known += entry.scheme;
  }
  // The scheme itself is not quoted: a mistyped URL may begin with its password.
  return make_error(ErrorCode::kConfiguration,
                    "the URL's scheme names no database of this build; it has: " + known);
}

}  // namespace bridge::execution
