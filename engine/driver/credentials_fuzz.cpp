// Fuzzes what a server says in a SCRAM login: no message is accepted that a server without the password could
// send, and base64 has one form.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/driver/credentials.h"

namespace {

using namespace bridge;  // NOLINT(google-build-using-namespace): a program of its own
using driver::ScramClient;

constexpr std::string_view kNonce = "nonce";
constexpr std::string_view kServerFirst = "r=nonceofserver,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096";

void demand(bool holds) {
  if (!holds) std::abort();
}

ScramClient make_client() {
  ScramClient client(driver::ChannelBinding::kUnsupported, {}, std::string(kNonce));
  static_cast<void>(client.first_message());
  return client;
}

ScramClient make_proved_client() {
  ScramClient client = make_client();
  demand(client.accept_first(kServerFirst).has_value());
  demand(client.derive_proof(Secret("password")).has_value());
  return client;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  // SAFETY: char may alias any object
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  static const ScramClient proved = make_proved_client();
  ScramClient fresh = make_client();
  if (fresh.accept_first(text)) demand(text.find(kNonce) != std::string_view::npos);
  demand(!proved.accept_final(text).has_value());
  if (const auto decoded = driver::decode_base64(text)) demand(driver::encode_base64(*decoded) == text);
  return 0;
}
