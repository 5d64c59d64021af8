// What all TLS connections with the same options share: trust, own certificate, protocol rules.
#pragma once

#include <openssl/ssl.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "engine/net/transport.h"

namespace bridge::net {

/// Shared ownership of OpenSSL's context.
using TlsContext = std::shared_ptr<SSL_CTX>;

/// Makes a context: TLS 1.2 or newer, no renegotiation, certificates read from their files. kConfiguration
/// names the file that cannot be used, never its content; a client key that group or world may read is
/// refused, and so is one that wants a passphrase.
Result<TlsContext> make_tls_context(const TlsOptions& options);

/// Keeps contexts by their options, because reading a trust store takes milliseconds. Files that changed are
/// read again. Loop thread only.
class TlsContextCache {
 public:
  Result<TlsContext> find_or_make(const TlsOptions& options);

 private:
  std::map<std::string, TlsContext> contexts_;
};

/// Why OpenSSL failed last in this thread, in words; empties its error queue.
std::string take_tls_reason();

}  // namespace bridge::net
