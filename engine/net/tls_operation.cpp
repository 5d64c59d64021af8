// The steps of a handshake as the stream allows them.
#include "engine/net/tls_operation.h"

#include <utility>

namespace bridge::net {
namespace {

Error name_phase(Error error) {
  if (error.code() != ErrorCode::kConnectionLost) return error;
  return make_error(error.code(), "during the TLS handshake: " + error.message());
}

}  // namespace

TlsOperation::TlsOperation(EventLoop& loop, Deadline deadline, TransportCompletion on_done)
    : loop_(loop), deadline_(deadline), on_done_(std::move(on_done)) {}

void TlsOperation::begin(Result<TlsContext> context, std::unique_ptr<Transport> stream,
                         const TlsOptions& options) {
  Status started;
  if (context) {
    auto made = TlsTransport::make(loop_, std::move(*context), std::move(stream), options);
    if (made)
      transport_ = std::move(*made);
    else
      started = std::move(made).error();
  } else {
    started = std::move(context).error();
  }
  if (!deadline_.is_never()) {
    timer_ = loop_.start_timer(deadline_.at(), [this] {
      finish(make_error(ErrorCode::kConnectFailed, "the TLS handshake took too long"));
    });
  }
  loop_.post([weak = weak_from_this(), failure = std::make_shared<Status>(std::move(started))] {
    const auto self = weak.lock();
    if (!self || !self->on_done_) return;
    if (!*failure) return self->finish(std::move(*failure).error());
    self->step();
  });
}

void TlsOperation::step() {
  auto is_done = transport_->handshake();
  if (!is_done) return finish(name_phase(std::move(is_done).error()));
  if (!*is_done) {
    Status watched = transport_->watch_handshake([this] { step(); });
    if (!watched) finish(std::move(watched).error());
    return;
  }
  Status paused = transport_->watch({}, [] {});
  if (!paused) return finish(std::move(paused).error());
  finish(std::unique_ptr<Transport>(std::move(transport_)));
}

void TlsOperation::finish(Result<std::unique_ptr<Transport>> result) {
  transport_.reset();
  timer_.reset();
  // last: the owner of this operation lets go of it in there
  const TransportCompletion on_done = std::exchange(on_done_, nullptr);
  on_done(std::move(result));
}

}  // namespace bridge::net
