// The conversation of a cancel request: one message out, then the server's close as its only answer.
#pragma once

#include "engine/base/bytes.h"
#include "engine/databases/postgres/wire/backend.h"
#include "engine/driver/next_action.h"

namespace bridge::postgres::wire {

/// protocol: 55.2.9 Canceling Requests in Progress. A state machine without I/O; one use.
class Cancel {
 public:
  Cancel(BackendKey key, bool asks_for_tls) : key_(std::move(key)), asks_for_tls_(asks_for_tls) {}

  void begin(ByteWriter& out);
  /// The answer to kStartTls.
  void on_tls_started(ByteWriter& out);
  /// kTls when the server refuses TLS: the key then never leaves. Anything else the server sends has no place
  /// here.
  Result<driver::NextAction> on_bytes(ByteSpan received);
  /// Whether the request itself has been written: the end of the stream means it was dealt with.
  bool is_sent() const { return is_sent_; }

 private:
  BackendKey key_;
  bool asks_for_tls_;
  bool is_sent_ = false;
};

}  // namespace bridge::postgres::wire
