// Each server gets its turn; what one server says ends the search only where another cannot say better.
#include "engine/databases/postgres/connector.h"

#include <utility>

#include "engine/databases/postgres/connection.h"

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
      accepts_any_(options_->target == SessionTarget::kAny) {}

Connector::~Connector() { abandon_stream(); }

void Connector::start() {
  self_ = shared_from_this();
  if (!deadline_.is_never()) {
    timer_ = environment_.loop.start_timer(deadline_.at(), [this] {
      fail(make_error(ErrorCode::kConnectFailed,
                      "no PostgreSQL server finished the login before the deadline"));
    });
  }
  try_server();
}

void Connector::try_server() {
  abandon_stream();
  is_logged_in_ = false;
  const std::uint64_t attempt = ++attempt_;
  login_ = std::make_shared<wire::Login>(login_options(*options_, server()));
  environment_.transports.connect(span_, server().address, deadline_,
                                  [weak = weak_from_this(), attempt](auto transport) {
                                    const auto self = weak.lock();
                                    if (self != nullptr && self->attempt_ == attempt)
                                      self->on_connected(std::move(transport));
                                  });
}

void Connector::try_next(Error error) {
  if (!on_done_) return;
  if (!is_worth_another_try(error)) return fail(std::move(error));
  if (++server_index_ < options_->servers.size()) return try_server();
  if (options_->target == SessionTarget::kPreferStandby && !accepts_any_) {
    accepts_any_ = true;
    server_index_ = 0;
    return try_server();
  }
  fail(std::move(error));
}

void Connector::on_connected(Result<std::unique_ptr<net::Transport>> transport) {
  if (!transport) return try_next(std::move(transport).error());
  const bool is_direct = server().tls.mode != net::TlsMode::kDisable && options_->uses_direct_tls;
  is_direct ? start_tls(std::move(*transport)) : begin_login(std::move(*transport));
}

void Connector::start_tls(std::unique_ptr<net::Transport> transport) {
  environment_.transports.start_tls(span_, std::move(transport), server().tls, deadline_,
                                    [weak = weak_from_this(), attempt = attempt_](auto encrypted) {
                                      const auto self = weak.lock();
                                      if (self != nullptr && self->attempt_ == attempt)
                                        self->on_encrypted(std::move(encrypted));
                                    });
}

void Connector::on_encrypted(Result<std::unique_ptr<net::Transport>> transport) {
  if (!transport) return try_next(std::move(transport).error());
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

bool Connector::is_wanted() const {
  if (accepts_any_) return true;
  const auto& parameters = login_->server_parameters();
  const auto says = [&](const char* name) {
    const auto found = parameters.find(name);
    return found != parameters.end() && found->second == "on";
  };
  const bool is_standby = says("in_hot_standby");
  const bool is_read_only = is_standby || says("default_transaction_read_only");
  switch (options_->target) {
    case SessionTarget::kAny:
      return true;
    case SessionTarget::kReadWrite:
      return !is_read_only;
    case SessionTarget::kReadOnly:
      return is_read_only;
    case SessionTarget::kPrimary:
      return !is_standby;
    case SessionTarget::kStandby:
    case SessionTarget::kPreferStandby:
      return is_standby;
  }
  return false;
}

void Connector::finish_login() {
  const bool is_told = login_->server_parameters().contains("in_hot_standby");  // since PostgreSQL 14
  if (!accepts_any_ && !is_told) {
    return fail(make_error(ErrorCode::kUnsupportedFeature,
                           "target_session_attrs needs a server that tells its role (PostgreSQL 14)"));
  }
  if (!is_wanted()) {
    return try_next(
        make_error(ErrorCode::kConnectFailed, "no server is of the kind target_session_attrs asks for"));
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
