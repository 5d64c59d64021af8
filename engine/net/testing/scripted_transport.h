// A server by script: expected writes, bytes to deliver, failures, in chunks a test chooses.
#pragma once

#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/net/transport.h"

namespace bridge::net::testing {

/// Looks at what the client wrote and was not matched yet. Answers how many bytes the expectation takes, 0 =
/// more must come, nothing = this is wrong.
using WriteMatcher = std::function<std::optional<std::size_t>(std::string_view unmatched)>;
/// Makes a reply from what the last expectation took (a SCRAM server needs the client's nonce).
using ReplyMaker = std::function<std::string(std::string_view last_matched)>;

/// What the server's side of one conversation does, step after step. Writes are matched against the
/// expectations in order, however far ahead the client writes; what follows an expectation becomes readable
/// once it is met.
class Script {
 public:
  /// The next bytes written must be these.
  Script& expect(std::string bytes);
  /// The next bytes written must satisfy the matcher; `name` stands in the failure.
  Script& expect_matching(std::string name, WriteMatcher matcher);
  /// Takes one message of a type byte and a 32-bit length that counts itself, whatever it says (PostgreSQL's
  /// frame).
  Script& expect_typed_frame(char type);
  /// The client reads these bytes.
  Script& deliver(std::string bytes);
  Script& deliver_made(ReplyMaker maker);
  /// The stream ends cleanly once everything delivered was read.
  Script& end_of_stream();
  /// Reads fail with `error` once everything delivered was read; writes fail at once.
  Script& fail(Error error);
  /// Most bytes handed over by one read and taken by one write.
  Script& in_chunks(std::size_t read_size, std::size_t write_size);
  /// What start_tls answers: a binding for the encrypted stream, or an error. Without either start_tls is a
  /// failure of the test.
  Script& with_tls(std::vector<std::byte> channel_binding);
  Script& refuse_tls(Error error);

 private:
  friend class ScriptedConversation;
  friend class ScriptedTransportFactory;
  struct Step {
    std::string name;
    WriteMatcher matcher;                  // an expectation
    ReplyMaker reply;                      // a delivery
    std::shared_ptr<const Error> failure;  // shared, because a script may be copied
  };

  std::deque<Step> steps_;
  std::size_t read_size_ = std::numeric_limits<std::size_t>::max();
  std::size_t write_size_ = std::numeric_limits<std::size_t>::max();
  std::optional<std::vector<std::byte>> tls_binding_;
  std::shared_ptr<const Error> tls_refusal_;
};

/// How far a conversation got; outlives the transport, so that a test can ask at its end.
class ScriptedConversation {
 public:
  explicit ScriptedConversation(Script script) : script_(std::move(script)) { advance(); }

  /// Every step was taken, everything delivered was read, and nothing unexpected was written.
  bool is_complete() const {
    return failure_.empty() && script_.steps_.empty() && outbox_.empty() && inbox_.empty();
  }
  /// The first thing that went wrong, or what is still awaited; empty when complete.
  std::string failure() const;
  /// All bytes written so far.
  const std::string& written() const { return written_; }
  bool is_closed() const { return is_closed_; }
  bool is_encrypted() const { return is_encrypted_; }
  /// The options of start_tls; nothing before.
  const std::optional<TlsOptions>& tls_options() const { return tls_options_; }

  /// Adds steps while the conversation runs.
  void extend(const Script& more);

 private:
  friend class ScriptedTransport;
  friend class ScriptedTransportFactory;
  void advance();
  bool take_expected(const Script::Step& step);
  bool is_readable() const { return !outbox_.empty() || end_ != nullptr || !failure_.empty(); }
  Result<std::size_t> read(std::span<std::byte> into);
  Result<std::size_t> write(ByteSpan bytes);
  std::vector<std::byte> channel_binding() const;

  Script script_;
  std::string inbox_;
  std::string outbox_;
  std::string written_;
  std::string last_matched_;
  std::string failure_;
  std::shared_ptr<const Error> end_;
  std::optional<TlsOptions> tls_options_;
  std::function<void()> on_change_;
  bool is_closed_ = false;
  bool is_encrypted_ = false;
};

/// The client's end of a scripted conversation. Readiness is reported in later turns of a real loop, as by a
/// socket.
class ScriptedTransport final : public Transport {
 public:
  ScriptedTransport(EventLoop& loop, std::shared_ptr<ScriptedConversation> conversation);
  ~ScriptedTransport() override { ScriptedTransport::close(); }

  Result<std::size_t> read_some(std::span<std::byte> into) override;
  Result<std::size_t> write_some(ByteSpan bytes) override;
  Status watch(Interest interest, std::function<void()> on_ready) override;
  bool is_quiet() override { return !conversation_->is_closed_ && !conversation_->is_readable(); }
  std::vector<std::byte> channel_binding() const override { return conversation_->channel_binding(); }
  bool is_encrypted() const override { return conversation_->is_encrypted_; }
  void close() noexcept override;

 private:
  friend class ScriptedTransportFactory;
  void schedule();

  EventLoop& loop_;
  std::shared_ptr<ScriptedConversation> conversation_;
  Interest interest_;
  std::shared_ptr<std::function<void()>> on_ready_;
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);
  bool is_scheduled_ = false;
};

/// Answers each connect with the next script, or the next refusal. Connects beyond fail with kConnectFailed.
class ScriptedTransportFactory final : public TransportFactory {
 public:
  explicit ScriptedTransportFactory(EventLoop& loop) : loop_(loop) {}

  /// The next connect succeeds and follows the script.
  std::shared_ptr<ScriptedConversation> add(Script script);
  /// The next connect fails.
  void refuse(Error error);
  /// Addresses asked for so far.
  const std::vector<Address>& addresses() const { return addresses_; }

  void connect(telemetry::OperationSpan& span, const Address& address, Deadline deadline,
               TransportCompletion on_done) override;
  void start_tls(telemetry::OperationSpan& span, std::unique_ptr<Transport> stream, const TlsOptions& options,
                 Deadline deadline, TransportCompletion on_done) override;

 private:
  struct Answer {
    std::shared_ptr<ScriptedConversation> conversation;
    std::shared_ptr<const Error> refusal;
  };

  EventLoop& loop_;
  std::deque<Answer> answers_;
  std::vector<Address> addresses_;
};

}  // namespace bridge::net::testing
