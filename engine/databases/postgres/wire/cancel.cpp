// protocol: 55.2.9 Canceling Requests in Progress, 55.2.10 TLS Session Encryption
#include "engine/databases/postgres/wire/cancel.h"

#include "engine/databases/postgres/wire/frontend.h"

namespace bridge::postgres::wire {

void Cancel::begin(ByteWriter& out) {
  if (asks_for_tls_) {
    write_tls_request(out);
    return;
  }
  on_tls_started(out);
}

void Cancel::on_tls_started(ByteWriter& out) {
  asks_for_tls_ = false;
  is_sent_ = true;
  write_cancel_request(out, key_);
}

Result<driver::NextAction> Cancel::on_bytes(ByteSpan received) {
  if (received.empty()) return driver::NextAction{};
  if (!asks_for_tls_ || is_sent_) return out_of_step("bytes in answer to a cancel request");
  const bool is_accepted = received.size() == 1 && static_cast<char>(received[0]) == kTlsAccepted;
  if (!is_accepted) return make_error(ErrorCode::kTls, "the server refuses TLS for a cancel request");
  return driver::NextAction{driver::NextAction::Kind::kStartTls, 1};
}

}  // namespace bridge::postgres::wire
