// One attempt to get a session: the servers in their order, TLS, login, and whether the session is of the
// wanted kind.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/databases/postgres/options.h"
#include "engine/databases/postgres/wire/login.h"
#include "engine/databases/postgres/wire/role_question.h"
#include "engine/driver/connection_runner.h"
#include "engine/driver/driver.h"

namespace bridge::postgres {

/// Keeps itself alive until it has answered, once. Loop thread only.
class Connector final : public std::enable_shared_from_this<Connector>, private driver::StreamOwner {
 public:
  Connector(driver::DriverEnvironment environment, std::shared_ptr<const Options> options,
            telemetry::OperationSpan& span, Deadline deadline, driver::ConnectCompletion on_done);
  ~Connector() override;
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;

  void start();

 private:
  const ServerAddress& server() const { return options_->servers[server_index_]; }
  void try_server();
  void limit_attempt();
  void try_next(Error error);
  /// Goes through the list again after a pause where a server was only starting up and time is left; false
  /// where not.
  bool wait_for_start();
  void start_round();
  /// What the search came to: the only failure as it is, several with each server's reason.
  Error summarise() const;
  void on_connected(Result<std::unique_ptr<net::Transport>> transport);
  void start_tls(std::unique_ptr<net::Transport> transport);
  void on_encrypted(Result<std::unique_ptr<net::Transport>> transport);
  void begin_login(std::unique_ptr<net::Transport> transport);
  void derive_key();
  /// Does what the login wants next; `consumed` bytes have been dealt with.
  void follow(Result<driver::NextAction> action);
  void finish_login();
  /// The server's role where it was told; asks where it was not.
  const wire::ServerRole* find_role();
  bool is_wanted(const wire::ServerRole& role) const;
  void fail(Error error);
  void finish(Result<std::unique_ptr<driver::Connection>> result);
  void abandon_stream();

  Result<std::size_t> on_received(ByteSpan received) override;
  void on_turn_end() override;
  void on_drained() override {}
  void on_lost(Error error) override { try_next(std::move(error)); }

  driver::DriverEnvironment environment_;
  std::shared_ptr<const Options> options_;
  telemetry::OperationSpan& span_;
  Deadline deadline_;
  driver::ConnectCompletion on_done_;
  std::shared_ptr<Connector> self_;  ///< until answered
  std::unique_ptr<net::Timer> timer_;
  std::unique_ptr<net::Timer> attempt_timer_;
  std::unique_ptr<net::Timer> pause_timer_;
  Duration pause_;  ///< before the next round
  Deadline attempt_deadline_;
  std::size_t server_index_ = 0;
  bool accepts_any_ = false;   ///< second round of prefer-standby
  std::uint64_t attempt_ = 0;  ///< answers to earlier attempts are dropped
  struct Failure {
    std::string server;
    Error error;
  };
  std::vector<Failure> failures_;  ///< of this round through the list
  bool is_logged_in_ = false;
  std::optional<wire::RoleQuestion> question_;
  std::optional<wire::ServerRole> role_;
  std::shared_ptr<wire::Login> login_;
  std::shared_ptr<driver::ConnectionRunner> runner_;
};

}  // namespace bridge::postgres
