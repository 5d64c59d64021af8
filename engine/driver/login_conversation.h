// What a login is to whoever moves its bytes.
#pragma once

#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/driver/next_action.h"

namespace bridge::driver {

/// Everything said between the first byte and a session that can be used, without I/O. An error of kind
/// kInfrastructure lets another server be tried. One thread at a time.
class LoginConversation {
 public:
  virtual ~LoginConversation() = default;
  /// The stream is there. `binding` identifies the server's certificate where TLS runs already.
  virtual Result<NextAction> begin(std::vector<std::byte> binding, ByteWriter& out) = 0;
  /// The answer to kStartTls.
  virtual Result<NextAction> on_tls_started(std::vector<std::byte> binding, ByteWriter& out) = 0;
  virtual Result<NextAction> on_bytes(ByteSpan received, ByteWriter& out) = 0;
  /// Between kDeriveKey and on_key_derived; on any thread.
  virtual Status derive_key() = 0;
  virtual Result<NextAction> on_key_derived(const Status& derived, ByteWriter& out) = 0;
};

}  // namespace bridge::driver
