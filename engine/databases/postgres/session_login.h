// A login and, where the URL asks what kind of server this is, the proof that it is of that kind.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/databases/postgres/options.h"
#include "engine/databases/postgres/wire/login.h"
#include "engine/databases/postgres/wire/role_question.h"
#include "engine/driver/login_conversation.h"
#include "engine/driver/server_address.h"

namespace bridge::postgres {

/// See driver::LoginConversation. A server of the wrong kind is kConnectFailed unless `accepts_any`.
class SessionLogin final : public driver::LoginConversation {
 public:
  SessionLogin(std::shared_ptr<const Options> options, const driver::ServerAddress& server, bool accepts_any);

  Result<driver::NextAction> begin(std::vector<std::byte> binding, ByteWriter& out) override;
  Result<driver::NextAction> on_tls_started(std::vector<std::byte> binding, ByteWriter& out) override;
  Result<driver::NextAction> on_bytes(ByteSpan received, ByteWriter& out) override;
  Status derive_key() override { return login_.derive_key(); }
  Result<driver::NextAction> on_key_derived(const Status& derived, ByteWriter& out) override;

  /// Complete once done.
  const wire::BackendKey& backend_key() const { return login_.backend_key(); }

 private:
  Result<driver::NextAction> on_answer(ByteSpan received);
  Status check_role(const wire::ServerRole& role) const;
  bool is_wanted(const wire::ServerRole& role) const;

  std::shared_ptr<const Options> options_;
  bool accepts_any_;
  wire::Login login_;
  std::optional<wire::RoleQuestion> question_;
};

}  // namespace bridge::postgres
