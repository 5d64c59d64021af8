// Random bytes for secrets, from the operating system.
#include "engine/base/random.h"

#include <sys/random.h>

#include <cerrno>

namespace bridge {

bool fill_secure_random(void* target, std::size_t size) {
  auto* cursor = static_cast<unsigned char*>(target);
  while (size > 0) {
    const ssize_t written = getrandom(cursor, size, 0);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    cursor += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

}  // namespace bridge
