// The question after login to servers that do not say by themselves whether they are a standby.
#pragma once

#include <optional>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/databases/postgres/wire/backend.h"
#include "engine/driver/next_action.h"

namespace bridge::postgres::wire {

/// What a server is in its cluster.
struct ServerRole {
  bool is_standby = false;
  bool is_read_only = false;  ///< sessions cannot write, whatever the server is
};

/// One question by the simple protocol, without I/O, for servers before PostgreSQL 14 and poolers, which do
/// not report their role at login. Errors: kConnectionLost, or what the server reported. One thread.
class RoleQuestion {
 public:
  Status begin(ByteWriter& out);
  /// kDone once the server is ready again.
  Result<driver::NextAction> on_bytes(ByteSpan received);
  /// Complete once done.
  const ServerRole& role() const { return role_; }

 private:
  Result<bool> on_message(const Message& message);
  Status on_row(ByteSpan body);

  bool has_row_ = false;
  ServerRole role_;
};

}  // namespace bridge::postgres::wire
