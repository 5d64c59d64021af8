// Plays scripts against whoever writes and reads.
#include "engine/net/testing/scripted_transport.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace bridge::net::testing {
namespace {

constexpr std::size_t kTypedHeaderSize = 5;  // type byte and 32-bit length

std::shared_ptr<const Error> share(Error error) { return std::make_shared<const Error>(std::move(error)); }

std::optional<std::size_t> match_exactly(const std::string& wanted, std::string_view unmatched) {
  const std::size_t compared = std::min(wanted.size(), unmatched.size());
  if (unmatched.substr(0, compared) != std::string_view(wanted).substr(0, compared)) return std::nullopt;
  return compared == wanted.size() ? compared : 0;
}

std::optional<std::size_t> match_typed_frame(char type, std::string_view unmatched) {
  if (!unmatched.empty() && unmatched.front() != type) return std::nullopt;
  if (unmatched.size() < kTypedHeaderSize) return 0;
  ByteReader reader(to_bytes(unmatched.substr(1)));
  const auto length = reader.read_big_endian<std::uint32_t>();
  if (length < sizeof(length)) return std::nullopt;
  const std::size_t size = 1 + static_cast<std::size_t>(length);
  return unmatched.size() < size ? 0 : size;
}

}  // namespace

Script& Script::expect(std::string bytes) {
  return expect_matching(std::to_string(bytes.size()) + " exact bytes",
                         [bytes](std::string_view unmatched) { return match_exactly(bytes, unmatched); });
}

Script& Script::expect_matching(std::string name, WriteMatcher matcher) {
  steps_.push_back(
      {.name = std::move(name), .matcher = std::move(matcher), .reply = nullptr, .failure = nullptr});
  return *this;
}

Script& Script::expect_typed_frame(char type) {
  return expect_matching(std::string("a frame of type ") + type,
                         [type](std::string_view unmatched) { return match_typed_frame(type, unmatched); });
}

Script& Script::deliver(std::string bytes) {
  return deliver_made([bytes = std::move(bytes)](std::string_view) { return bytes; });
}

Script& Script::deliver_made(ReplyMaker maker) {
  steps_.push_back({.name = "a delivery", .matcher = nullptr, .reply = std::move(maker), .failure = nullptr});
  return *this;
}

Script& Script::end_of_stream() {
  return fail(make_error(ErrorCode::kConnectionLost, "the server closed the connection"));
}

Script& Script::fail(Error error) {
  steps_.push_back(
      {.name = "a failure", .matcher = nullptr, .reply = nullptr, .failure = share(std::move(error))});
  return *this;
}

Script& Script::in_chunks(std::size_t read_size, std::size_t write_size) {
  read_size_ = read_size;
  write_size_ = write_size;
  return *this;
}

Script& Script::with_tls(std::vector<std::byte> channel_binding) {
  tls_binding_ = std::move(channel_binding);
  return *this;
}

Script& Script::refuse_tls(Error error) {
  tls_refusal_ = share(std::move(error));
  return *this;
}

std::string ScriptedConversation::failure() const {
  if (!failure_.empty()) return failure_;
  if (!script_.steps_.empty()) return "still awaited: " + script_.steps_.front().name;
  if (!outbox_.empty()) return std::to_string(outbox_.size()) + " delivered bytes were not read";
  if (!inbox_.empty())
    return std::to_string(inbox_.size()) + " bytes were written that the script does not expect";
  return {};
}

void ScriptedConversation::extend(const Script& more) {
  script_.steps_.insert(script_.steps_.end(), more.steps_.begin(), more.steps_.end());
  advance();
  if (on_change_) on_change_();
}

bool ScriptedConversation::take_expected(const Script::Step& step) {
  const std::optional<std::size_t> taken = step.matcher(inbox_);
  if (!taken) {
    failure_ = "unexpected bytes after " + std::to_string(written_.size() - inbox_.size()) +
               " right ones, where " + step.name + " was awaited";
    return false;
  }
  if (*taken == 0) return false;
  last_matched_ = inbox_.substr(0, *taken);
  inbox_.erase(0, *taken);
  return true;
}

void ScriptedConversation::advance() {
  while (failure_.empty() && end_ == nullptr && !script_.steps_.empty()) {
    const Script::Step& step = script_.steps_.front();
    if (step.matcher && !take_expected(step)) return;
    if (step.reply) outbox_ += step.reply(last_matched_);
    if (step.failure) end_ = step.failure;
    script_.steps_.pop_front();
  }
}

Result<std::size_t> ScriptedConversation::read(std::span<std::byte> into) {
  if (is_closed_) return make_error(ErrorCode::kConnectionLost, "the transport is closed");
  if (!failure_.empty()) return make_error(ErrorCode::kConnectionLost, "script: " + failure_);
  if (outbox_.empty() && end_ != nullptr) return end_->clone();
  const std::size_t size = std::min({into.size(), outbox_.size(), script_.read_size_});
  std::memcpy(into.data(), outbox_.data(), size);
  outbox_.erase(0, size);
  return size;
}

Result<std::size_t> ScriptedConversation::write(ByteSpan bytes) {
  if (is_closed_) return make_error(ErrorCode::kConnectionLost, "the transport is closed");
  if (end_ != nullptr) return end_->clone();
  const std::string_view taken = to_text(bytes.subspan(0, std::min(bytes.size(), script_.write_size_)));
  written_ += taken;
  inbox_ += taken;
  advance();
  return taken.size();
}

ScriptedTransport::ScriptedTransport(EventLoop& loop, std::shared_ptr<ScriptedConversation> conversation)
    : loop_(loop), conversation_(std::move(conversation)) {
  conversation_->on_change_ = [this] { schedule(); };
}

Result<std::size_t> ScriptedTransport::read_some(std::span<std::byte> into) {
  return conversation_->read(into);
}

Result<std::size_t> ScriptedTransport::write_some(ByteSpan bytes) {
  auto written = conversation_->write(bytes);
  schedule();
  return written;
}

Status ScriptedTransport::watch(Interest interest, std::function<void()> on_ready) {
  if (conversation_->is_closed_) return make_error(ErrorCode::kConnectionLost, "the transport is closed");
  interest_ = interest;
  on_ready_ = std::make_shared<std::function<void()>>(std::move(on_ready));
  schedule();
  return {};
}

void ScriptedTransport::schedule() {
  const bool is_due = interest_.writable || (interest_.readable && conversation_->is_readable());
  if (!is_due || is_scheduled_ || conversation_->is_closed_) return;
  is_scheduled_ = true;
  loop_.post([this, alive = std::weak_ptr<bool>(is_alive_)] {
    const auto guard = alive.lock();
    if (!guard) return;
    is_scheduled_ = false;
    const bool is_still_due = interest_.writable || (interest_.readable && conversation_->is_readable());
    if (!is_still_due || conversation_->is_closed_) return;
    const auto callback = on_ready_;
    (*callback)();
    if (alive.use_count() > 1)
      schedule();  // the guard is one; the transport the other, if it lived through the callback
  });
}

std::vector<std::byte> ScriptedConversation::channel_binding() const {
  return is_encrypted_ ? script_.tls_binding_.value_or(std::vector<std::byte>{}) : std::vector<std::byte>{};
}

void ScriptedTransport::close() noexcept {
  conversation_->is_closed_ = true;
  conversation_->on_change_ = nullptr;
  interest_ = {};
}

std::shared_ptr<ScriptedConversation> ScriptedTransportFactory::add(Script script) {
  auto conversation = std::make_shared<ScriptedConversation>(std::move(script));
  answers_.push_back({.conversation = conversation, .refusal = nullptr});
  return conversation;
}

void ScriptedTransportFactory::refuse(Error error) {
  answers_.push_back({.conversation = nullptr, .refusal = share(std::move(error))});
}

void ScriptedTransportFactory::connect(telemetry::OperationSpan&, const Address& address, Deadline,
                                       TransportCompletion on_done) {
  addresses_.push_back(address);
  Answer answer{.conversation = nullptr,
                .refusal = share(make_error(ErrorCode::kConnectFailed, "no script for this connect"))};
  if (!answers_.empty()) {
    answer = std::move(answers_.front());
    answers_.pop_front();
  }
  loop_.post([this, answer, on_done = std::move(on_done)] {
    if (answer.conversation == nullptr) return on_done(answer.refusal->clone());
    on_done(std::unique_ptr<Transport>(std::make_unique<ScriptedTransport>(loop_, answer.conversation)));
  });
}

void ScriptedTransportFactory::start_tls(telemetry::OperationSpan&, std::unique_ptr<Transport> stream,
                                         const TlsOptions& options, Deadline, TransportCompletion on_done) {
  auto* scripted = dynamic_cast<ScriptedTransport*>(stream.get());
  const auto refuse = [&](Error error) {
    loop_.post([refusal = share(std::move(error)), on_done] { on_done(refusal->clone()); });
  };
  if (scripted == nullptr)
    return refuse(make_error(ErrorCode::kTls, "start_tls on a stream this factory did not make"));
  ScriptedConversation& conversation = *scripted->conversation_;
  conversation.tls_options_ = options;
  if (!scripted->is_quiet())
    return refuse(make_error(ErrorCode::kTls, "the server sent bytes before the TLS handshake"));
  if (conversation.script_.tls_refusal_ != nullptr) return refuse(conversation.script_.tls_refusal_->clone());
  if (!conversation.script_.tls_binding_)
    return refuse(make_error(ErrorCode::kTls, "the script knows no TLS"));
  conversation.is_encrypted_ = true;
  const auto kept = std::make_shared<std::unique_ptr<Transport>>(std::move(stream));
  loop_.post([kept, on_done = std::move(on_done)] { on_done(std::move(*kept)); });
}

}  // namespace bridge::net::testing
