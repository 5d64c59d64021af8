// Each server gets its turn; what one server says ends the search only where another cannot say better.
#include "engine/databases/postgres/connector.h"

#include <algorithm>
#include <utility>

#include "engine/databases/postgres/connection.h"
#include "engine/databases/postgres/error_map.h"

namespace bridge::postgres {
namespace {

wire::LoginOptions login_options(const Options& options, const ServerAddress& server) {
  wire::LoginOptions login;
  login.parameters = options.startup;
  login.user = options.user;
  login.password = options.password.clone();
  login.has_password = options.has_password;
  login.asks_for_tls = server.tls.mode != net::TlsMode::kDisable && !options.uses_direct_tls;
  login.allowed = options.allowed;
  login.binding = options.binding;
  return login;
}

/// The role as servers from PostgreSQL 14 on tell it at login.
std::optional<wire::ServerRole> told_role(const std::map<std::string, std::string>& parameters) {
  const auto standby = parameters.find("in_hot_standby");
  const auto read_only = parameters.find("default_transaction_read_only");
  if (standby == parameters.end() || read_only == parameters.end()) return std::nullopt;
  const bool is_standby = standby->second == "on";
  return wire::ServerRole{is_standby, is_standby || read_only->second == "on"};
}

std::string describe(const wire::ServerRole& role) {
  if (role.is_standby) return "it is a standby";
  return role.is_read_only ? "it is a primary set read-only" : "it is a primary that takes writes";
}

/// Pauses before a server that is starting up is asked again: each twice as long as the one before.
constexpr Duration kFirstPause = std::chrono::milliseconds(50);
constexpr Duration kLongestPause = std::chrono::seconds(1);

/// Whether another server of the list may do better.
bool is_worth_another_try(const Error& error) { return error.kind() == ErrorKind::kInfrastructure; }

}  // namespace

Connector::Connector(driver::DriverEnvironment environment, std::shared_ptr<const Options> options,
                     telemetry::OperationSpan& span, Deadline deadline, driver::ConnectCompletion on_done)
    : environment_(environment),
      options_(std::move(options)),
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
  accepts_any_ = options_->target == SessionTarget::kAny;
  try_server();
}

bool Connector::wait_for_start() {
  const bool is_starting = std::ranges::any_of(
      failures_, [](const Failure& failure) { return takes_no_sessions_yet(failure.error); });
  // Connections that were refused together do not knock together again.
  const auto pause =
      std::chrono::duration_cast<Duration>(pause_ * (1.0 - environment_.random.next_unit() / 2));
  const TimePoint again = environment_.loop.now() + pause;
  if (!is_starting || deadline_.is_never() || again >= deadline_.at()) return false;
  abandon_stream();
  attempt_timer_.reset();
  pause_ = std::min(pause_ * 2, kLongestPause);
  pause_timer_ = environment_.loop.start_timer(again, [this] { start_round(); });
  return true;
}

void Connector::try_server() {
  abandon_stream();
  is_logged_in_ = false;
  question_.reset();
  role_.reset();
  const std::uint64_t attempt = ++attempt_;
  limit_attempt();
  login_ = std::make_shared<wire::Login>(login_options(*options_, server()));
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
  const std::size_t left = options_->servers.size() - server_index_;
  if (options_->server_timeout > Duration::zero()) {
    attempt_deadline_ = deadline_.earlier(Deadline(now + options_->server_timeout));
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
  if (server_index_ + 1 < options_->servers.size()) {
    ++server_index_;
    return try_server();
  }
  if (options_->target == SessionTarget::kPreferStandby && !accepts_any_) {
    accepts_any_ = true;
    server_index_ = 0;
    failures_.clear();
    return try_server();
  }
  if (!wait_for_start()) fail(summarise());
}

Error Connector::summarise() const {
  if (failures_.size() == 1 && options_->servers.size() == 1) return failures_.front().error.clone();
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
  const bool is_direct = server().tls.mode != net::TlsMode::kDisable && options_->uses_direct_tls;
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
    const bool may_be_old = options_->uses_direct_tls && error.code() == ErrorCode::kConnectionLost;
    if (!may_be_old) return try_next(std::move(transport).error());
    return try_next(
        make_error(error.code(), error.message() + " (sslnegotiation=direct needs PostgreSQL 17 with TLS)"));
  }
  if (options_->uses_direct_tls) {
    login_->set_channel_binding((*transport)->channel_binding());
    return begin_login(std::move(*transport));
  }
  auto binding = (*transport)->channel_binding();
  const Status adopted = runner_->adopt(std::move(*transport));
  if (!adopted) return try_next(adopted.error().clone());
  follow(login_->on_tls_started(std::move(binding), runner_->out()));
}

void Connector::begin_login(std::unique_ptr<net::Transport> transport) {
  runner_ = std::make_shared<driver::ConnectionRunner>(environment_.loop);
  runner_->set_owner(this);
  const Status adopted = runner_->adopt(std::move(transport));
  if (!adopted) return try_next(adopted.error().clone());
  follow(login_->begin(runner_->out()));
}

Result<std::size_t> Connector::on_received(ByteSpan received) {
  if (question_) {
    BRIDGE_ASSIGN_OR_RETURN(const driver::NextAction action, question_->on_bytes(received));
    if (action.kind == driver::NextAction::Kind::kDone) {
      role_ = question_->role();
      is_logged_in_ = true;
    }
    return action.consumed;
  }
  BRIDGE_ASSIGN_OR_RETURN(const driver::NextAction action, login_->on_bytes(received, runner_->out()));
  follow(action);
  return action.consumed;
}

void Connector::follow(Result<driver::NextAction> action) {
  if (!action) return try_next(std::move(action).error());
  runner_->send();
  switch (action->kind) {
    case driver::NextAction::Kind::kContinue:
      return;
    case driver::NextAction::Kind::kStartTls:
      return start_tls(runner_->release());
    case driver::NextAction::Kind::kDeriveKey:
      return derive_key();
    case driver::NextAction::Kind::kDone:
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
  if (is_logged_in_ && on_done_) finish_login();
}

bool Connector::is_wanted(const wire::ServerRole& role) const {
  switch (options_->target) {
    case SessionTarget::kAny:
      return true;
    case SessionTarget::kReadWrite:
      return !role.is_read_only;
    case SessionTarget::kReadOnly:
      return role.is_read_only;
    case SessionTarget::kPrimary:
      return !role.is_standby;
    case SessionTarget::kStandby:
    case SessionTarget::kPreferStandby:
      return role.is_standby;
  }
  return false;
}

const wire::ServerRole* Connector::find_role() {
  if (!role_) role_ = told_role(login_->server_parameters());
  if (role_) return &*role_;
  is_logged_in_ = false;
  question_.emplace();
  const Status asked = question_->begin(runner_->out());
  if (!asked) {
    try_next(asked.error().clone());
  } else {
    runner_->send();
  }
  return nullptr;
}

void Connector::finish_login() {
  if (!accepts_any_) {
    const wire::ServerRole* role = find_role();
    if (role == nullptr) return;
    if (!is_wanted(*role)) {
      return try_next(make_error(
          ErrorCode::kConnectFailed,
          describe(*role) + ", target_session_attrs asks for " + std::string(to_word(options_->target))));
    }
  }
  Session session{std::exchange(runner_, nullptr), options_, server(), login_->backend_key()};
  finish(std::unique_ptr<driver::Connection>(std::make_unique<Connection>(environment_, std::move(session))));
}

void Connector::fail(Error error) {
  if (on_done_) finish(std::move(error));
}

void Connector::finish(Result<std::unique_ptr<driver::Connection>> result) {
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

}  // namespace bridge::postgres
