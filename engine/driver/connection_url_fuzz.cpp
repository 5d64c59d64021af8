// Fuzzes the URL parser: whatever is accepted must be accepted again in its redacted form.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/driver/connection_url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  // SAFETY: char may alias any object
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto url = bridge::driver::ConnectionUrl::parse(text);
  if (url && !bridge::driver::ConnectionUrl::parse(url.value().redacted())) std::abort();
  return 0;
}
