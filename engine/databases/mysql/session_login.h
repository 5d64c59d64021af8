// A login and the settings every session begins with.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/databases/mysql/options.h"
#include "engine/databases/mysql/wire/login.h"
#include "engine/databases/mysql/wire/replies.h"
#include "engine/driver/login_conversation.h"
#include "engine/driver/server_address.h"

namespace bridge::mysql {

/// What makes a session speak the way this driver reads: UTF-8 compared byte by byte, times in UTC, no value
/// changed to fit, backslashes that are letters. Sent after every login and every reset.
std::string session_settings(const wire::SessionTraits& traits, const Flavour& flavour);

/// See driver::LoginConversation. One thread at a time.
class SessionLogin final : public driver::LoginConversation, private wire::ReplyObserver {
 public:
  SessionLogin(const Options& options, const driver::ServerAddress& server);

  Result<driver::NextAction> begin(std::vector<std::byte>, ByteWriter&) override {
    return driver::NextAction{};
  }
  Result<driver::NextAction> on_tls_started(std::vector<std::byte> binding, ByteWriter& out) override;
  Result<driver::NextAction> on_bytes(ByteSpan received, ByteWriter& out) override;
  Status derive_key() override { return login_.derive_key(); }
  Result<driver::NextAction> on_key_derived(const Status& derived, ByteWriter& out) override;

  /// Complete once done.
  const wire::SessionTraits& traits() const { return login_.traits(); }

 private:
  Status on_prepared(wire::Tag, const wire::PreparedHeader&) override { return {}; }
  Status on_columns(wire::Tag, std::span<const wire::ColumnDescription>) override { return {}; }
  Status on_rows(wire::Tag, std::span<const driver::Cell>) override { return {}; }
  Status on_ended(wire::Tag, const wire::Ending&) override { return {}; }
  Status on_failed(wire::Tag tag, driver::ServerError report) override;

  Flavour flavour_;
  wire::Login login_;
  std::optional<wire::Replies> replies_;
};

}  // namespace bridge::mysql
