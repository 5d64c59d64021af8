// One attempt to get a session: the servers of a list in their order, TLS where it is demanded, and the
// login.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/driver/connection_runner.h"
#include "engine/driver/driver.h"
#include "engine/driver/login_conversation.h"
#include "engine/driver/server_address.h"

namespace bridge::driver {

/// What a finished login hands over.
struct LoggedIn {
  std::shared_ptr<ConnectionRunner> runner;
  ServerAddress server;
  std::shared_ptr<LoginConversation> conversation;
};

/// What a database wants of its sessions. Made for one attempt.
struct SessionSearch {
  std::vector<ServerAddress> servers;
  /// Most a single server of the list may take; zero = its share of the whole time.
  Duration server_timeout{0};
  /// The list is gone through a second time when nobody pleased; logins are then told to be content with
  /// less.
  bool has_second_round = false;
  std::function<std::shared_ptr<LoginConversation>(const ServerAddress& server, bool is_second_round)>
      begin_login;
  std::function<std::unique_ptr<Connection>(LoggedIn session)> make_connection;
  /// Whether a failure means that a server will take sessions soon; null where nothing says so.
  std::function<bool(const Error& error)> is_starting;
  /// Told of each server that gave no session; null where nobody keeps count.
  std::function<void(const ServerAddress& server)> note_failure;
  /// Hint for a server that closed during a TLS handshake that nothing preceded; empty = none.
  std::string direct_tls_hint;
};

/// Keeps itself alive until it has answered, once. Loop thread only.
class Connector final : public std::enable_shared_from_this<Connector>, private StreamOwner {
 public:
  Connector(DriverEnvironment environment, SessionSearch search, telemetry::OperationSpan& span,
            Deadline deadline, ConnectCompletion on_done);
  ~Connector() override;
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;

  void start();

 private:
  const ServerAddress& server() const { return search_.servers[server_index_]; }
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
  /// Does what the login wants next.
  void follow(Result<NextAction> action);
  void fail(Error error);
  void finish(Result<std::unique_ptr<Connection>> result);
  void abandon_stream();

  Result<std::size_t> on_received(ByteSpan received) override;
  void on_turn_end() override;
  void on_drained() override {}
  void on_lost(Error error) override { try_next(std::move(error)); }

  DriverEnvironment environment_;
  SessionSearch search_;
  telemetry::OperationSpan& span_;
  Deadline deadline_;
  ConnectCompletion on_done_;
  std::shared_ptr<Connector> self_;  ///< until answered
  std::unique_ptr<net::Timer> timer_;
  std::unique_ptr<net::Timer> attempt_timer_;
  std::unique_ptr<net::Timer> pause_timer_;
  Duration pause_;  ///< before the next round
  Deadline attempt_deadline_;
  std::size_t server_index_ = 0;
  bool is_second_round_ = false;
  std::uint64_t attempt_ = 0;  ///< answers to earlier attempts are dropped
  struct Failure {
    std::string server;
    Error error;
  };
  std::vector<Failure> failures_;  ///< of this round through the list
  bool is_logged_in_ = false;
  std::shared_ptr<LoginConversation> login_;
  std::shared_ptr<ConnectionRunner> runner_;
};

}  // namespace bridge::driver
