// Connects, starts TLS where the session has it, sends the key, and waits for the server to close.
#include "engine/databases/postgres/cancel_request.h"

#include <utility>

namespace bridge::postgres {

namespace {

bool asks_for_tls(const driver::ServerAddress& server) { return server.has_tls() && !server.starts_with_tls; }

}  // namespace

CancelRequest::CancelRequest(driver::DriverEnvironment environment, driver::ServerAddress server,
                             wire::BackendKey key)
    : environment_(environment),
      server_(std::move(server)),
      conversation_(std::move(key), asks_for_tls(server_)),
      span_(environment.tracer.start(telemetry::Operation::kCancel)),
      runner_(std::make_shared<driver::ConnectionRunner>(environment.loop)) {}

CancelRequest::~CancelRequest() {
  runner_->set_owner(nullptr);
  runner_->close();
}

void CancelRequest::start(Deadline deadline, std::function<void()> on_done) {
  deadline_ = deadline;
  on_done_ = std::move(on_done);
  if (!deadline.is_never()) {
    timer_ = environment_.loop.start_timer(deadline.at(), [this] {
      const Error late =
          make_error(ErrorCode::kDeadlineExceeded, "the cancel request was not answered in time");
      finish(&late);
    });
  }
  environment_.transports.connect(span_, server_.address, deadline,
                                  [weak = weak_from_this()](auto transport) {
                                    if (const auto self = weak.lock())
                                      self->on_connected(std::move(transport));
                                  });
}

void CancelRequest::on_connected(Result<std::unique_ptr<net::Transport>> transport) {
  if (!transport) return finish(&transport.error());
  if (server_.has_tls() && server_.starts_with_tls) return start_tls(std::move(*transport));
  converse(std::move(*transport));
}

void CancelRequest::start_tls(std::unique_ptr<net::Transport> transport) {
  environment_.transports.start_tls(span_, std::move(transport), server_.tls, deadline_,
                                    [weak = weak_from_this()](auto encrypted) {
                                      if (const auto self = weak.lock())
                                        self->on_encrypted(std::move(encrypted));
                                    });
}

void CancelRequest::on_encrypted(Result<std::unique_ptr<net::Transport>> transport) {
  if (!transport) return finish(&transport.error());
  if (server_.starts_with_tls) return converse(std::move(*transport));
  conversation_.on_tls_started(runner_->out());
  const Status adopted = runner_->adopt(std::move(*transport));
  if (!adopted) return finish(&adopted.error());
  runner_->send();
}

void CancelRequest::converse(std::unique_ptr<net::Transport> transport) {
  runner_->set_owner(this);
  const Status adopted = runner_->adopt(std::move(transport));
  if (!adopted) return finish(&adopted.error());
  conversation_.begin(runner_->out());
  runner_->send();
}

Result<std::size_t> CancelRequest::on_received(ByteSpan received) {
  BRIDGE_ASSIGN_OR_RETURN(const driver::NextAction action, conversation_.on_bytes(received));
  if (action.kind == driver::NextAction::Kind::kStartTls) start_tls(runner_->release());
  return action.consumed;
}

void CancelRequest::on_lost(Error error) {
  // The server closes after it has acted: that is the answer.
  finish(conversation_.is_sent() && error.code() == ErrorCode::kConnectionLost ? nullptr : &error);
}

void CancelRequest::finish(const Error* error) {
  if (!on_done_) return;
  const auto self = shared_from_this();
  error == nullptr ? span_.succeed() : span_.fail(*error);
  timer_.reset();
  runner_->close();
  std::exchange(on_done_, nullptr)();
}

}  // namespace bridge::postgres
