// Fuzzes what a server says in a SCRAM login: no message is accepted that a server without the password could
// send, base64 has one form, and a password that has been prepared stays as it is.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/driver/credentials.h"
#include "engine/driver/saslprep.h"
#include "engine/types/utf8.h"

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

void check_password(std::string_view text) {
  const Secret once = driver::prepare_password(Secret(std::string(text)));
  demand(driver::prepare_password(once).reveal() == once.reveal());
  demand(types::is_valid_utf8(once.reveal()) == types::is_valid_utf8(text));
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
  check_password(text);
  return 0;
}
