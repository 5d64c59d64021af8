// Each server gets its turn; what one server says ends the search only where another cannot say better.
#include "engine/driver/connector.h"

#include <algorithm>
#include <utility>

namespace bridge::driver {
namespace {

/// Pauses before a server that is starting up is asked again: each twice as long as the one before.
constexpr Duration kFirstPause = std::chrono::milliseconds(50);
constexpr Duration kLongestPause = std::chrono::seconds(1);

/// Whether another server of the list may do better.
bool is_worth_another_try(const Error& error) { return error.kind() == ErrorKind::kInfrastructure; }

}  // namespace

Connector::Connector(DriverEnvironment environment, SessionSearch search, telemetry::OperationSpan& span,
                     Deadline deadline, ConnectCompletion on_done)
    : environment_(environment),
      search_(std::move(search)),
      span_(span),
      deadline_(deadline),
      on_done_(std::move(on_done)),
      pause_(kFirstPause) {}

Connector::~Connector() { abandon_stream(); }

void Connector::start() {
  self_ = shared_from_this();
  if (!deadline_.is_never()) {
    timer_ = environment_.loop.start_timer(deadline_.at(), [this] {
      if (!pause_timer_) {
        failures_.push_back({server().name(), make_error(ErrorCode::kConnectFailed,
                                                         "the login did not finish before the deadline")});
      }
      fail(summarise());
    });
  }
  start_round();
}

void Connector::start_round() {
  pause_timer_.reset();
  failures_.clear();
  server_index_ = 0;
  is_second_round_ = false;
  try_server();
}

bool Connector::wait_for_start() {
  const bool is_starting = std::ranges::any_of(failures_, [this](const Failure& failure) {
    return search_.is_starting && search_.is_starting(failure.error);
  });
  // Connections that were refused together do not knock together again.
  const auto pause =
      std::chrono::duration_cast<Duration>(pause_ * (1.0 - environment_.random.next_unit() / 2));
  const TimePoint again = environment_.loop.now() + pause;
  if (!is_starting || deadline_.is_never() || again >= deadline_.at()) return false;
  ++attempt_;  // what this attempt still awaits, as a key that a worker derives, comes too late
  abandon_stream();
  attempt_timer_.reset();
  pause_ = std::min(pause_ * 2, kLongestPause);
  pause_timer_ = environment_.loop.start_timer(again, [this] { start_round(); });
  return true;
}

void Connector::try_server() {
  abandon_stream();
  is_logged_in_ = false;
  const std::uint64_t attempt = ++attempt_;
  limit_attempt();
  login_ = search_.begin_login(server(), is_second_round_);
  environment_.transports.connect(span_, server().address, attempt_deadline_,
                                  [weak = weak_from_this(), attempt](auto transport) {
                                    const auto self = weak.lock();
                                    if (self != nullptr && self->attempt_ == attempt)
                                      self->on_connected(std::move(transport));
                                  });
}

void Connector::limit_attempt() {
  attempt_timer_.reset();
  attempt_deadline_ = deadline_;
  const TimePoint now = environment_.loop.now();
  const std::size_t left = search_.servers.size() - server_index_;
  if (search_.server_timeout > Duration::zero()) {
    attempt_deadline_ = deadline_.earlier(Deadline(now + search_.server_timeout));
  } else if (left > 1 && !deadline_.is_never()) {
    // One server that accepts and then says nothing must not use up the time of those behind it.
    attempt_deadline_ = Deadline(now + deadline_.remaining(now) / static_cast<Duration::rep>(left));
  }
  if (attempt_deadline_.at() == deadline_.at()) return;
  attempt_timer_ = environment_.loop.start_timer(attempt_deadline_.at(), [this] {
    try_next(make_error(ErrorCode::kConnectFailed, "the login did not finish in this server's time"));
  });
}

void Connector::try_next(Error error) {
  if (!on_done_) return;
  if (!is_worth_another_try(error)) return fail(std::move(error));
  failures_.push_back({server().name(), std::move(error)});
  if (search_.note_failure) search_.note_failure(server());
  if (server_index_ + 1 < search_.servers.size()) {
    ++server_index_;
    return try_server();
  }
  if (search_.has_second_round && !is_second_round_) {
    is_second_round_ = true;
    server_index_ = 0;
    failures_.clear();
    return try_server();
  }
  if (!wait_for_start()) fail(summarise());
}

Error Connector::summarise() const {
  if (failures_.size() == 1 && search_.servers.size() == 1) return failures_.front().error.clone();
  std::string reasons;
  ErrorCode code = failures_.front().error.code();
  for (const Failure& failure : failures_) {
    if (!reasons.empty()) reasons += "; ";
    reasons += failure.server + ": " + failure.error.message();
    if (failure.error.code() != code) code = ErrorCode::kConnectFailed;
  }
  return make_error(code, "no server of the list gave a session: " + reasons);
}

void Connector::on_connected(Result<std::unique_ptr<net::Transport>> transport) {
  if (!transport) return try_next(std::move(transport).error());
  const bool is_direct = server().has_tls() && server().starts_with_tls;
  is_direct ? start_tls(std::move(*transport)) : begin_login(std::move(*transport));
}

void Connector::start_tls(std::unique_ptr<net::Transport> transport) {
  environment_.transports.start_tls(span_, std::move(transport), server().tls, attempt_deadline_,
                                    [weak = weak_from_this(), attempt = attempt_](auto encrypted) {
                                      const auto self = weak.lock();
                                      if (self != nullptr && self->attempt_ == attempt)
                                        self->on_encrypted(std::move(encrypted));
                                    });
}

void Connector::on_encrypted(Result<std::unique_ptr<net::Transport>> transport) {
  if (!transport) {
    const Error& error = transport.error();
    const bool needs_hint = server().starts_with_tls && error.code() == ErrorCode::kConnectionLost;
    if (!needs_hint) return try_next(std::move(transport).error());
    return try_next(make_error(error.code(), error.message() + search_.direct_tls_hint));
  }
  if (server().starts_with_tls) return begin_login(std::move(*transport));
  auto binding = (*transport)->channel_binding();
  const Status adopted = runner_->adopt(std::move(*transport));
  if (!adopted) return try_next(adopted.error().clone());
  follow(login_->on_tls_started(std::move(binding), runner_->out()));
}

void Connector::begin_login(std::unique_ptr<net::Transport> transport) {
  runner_ = std::make_shared<ConnectionRunner>(environment_.loop);
  runner_->set_owner(this);
  auto binding = transport->channel_binding();
  const Status adopted = runner_->adopt(std::move(transport));
  if (!adopted) return try_next(adopted.error().clone());
  follow(login_->begin(std::move(binding), runner_->out()));
}

Result<std::size_t> Connector::on_received(ByteSpan received) {
  BRIDGE_ASSIGN_OR_RETURN(const NextAction action, login_->on_bytes(received, runner_->out()));
  follow(action);
  return action.consumed;
}

void Connector::follow(Result<NextAction> action) {
  if (!action) return try_next(std::move(action).error());
  runner_->send();
  switch (action->kind) {
    case NextAction::Kind::kContinue:
      return;
    case NextAction::Kind::kStartTls:
      return start_tls(runner_->release());
    case NextAction::Kind::kDeriveKey:
      return derive_key();
    case NextAction::Kind::kDone:
      is_logged_in_ = true;
      return;
  }
}

void Connector::derive_key() {
  // The worker holds the login, so that giving up meanwhile takes nothing from under it.
  auto derived = std::make_shared<Status>();
  environment_.loop.run_on_worker(
      [login = login_, derived] { *derived = login->derive_key(); },
      [weak = weak_from_this(), attempt = attempt_, derived] {
        const auto self = weak.lock();
        if (self == nullptr || self->attempt_ != attempt) return;
        self->follow(self->login_->on_key_derived(*derived, self->runner_->out()));
      });
}

void Connector::on_turn_end() {
  if (!is_logged_in_ || !on_done_) return;
  finish(search_.make_connection({std::exchange(runner_, nullptr), server(), login_}));
}

void Connector::fail(Error error) {
  if (on_done_) finish(std::move(error));
}

void Connector::finish(Result<std::unique_ptr<Connection>> result) {
  const auto self = std::exchange(self_, nullptr);
  ++attempt_;
  timer_.reset();
  attempt_timer_.reset();
  pause_timer_.reset();
  abandon_stream();
  std::exchange(on_done_, nullptr)(std::move(result));
}

void Connector::abandon_stream() {
  if (runner_ == nullptr) return;
  runner_->set_owner(nullptr);
  runner_->close();
  runner_.reset();
}

}  // namespace bridge::driver
