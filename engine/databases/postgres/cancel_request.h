// A cancel request on its way: a second connection to the same server under the same TLS policy, closed as
// soon as the server has acted.
#pragma once

#include <functional>
#include <memory>

#include "engine/databases/postgres/wire/cancel.h"
#include "engine/driver/connection_runner.h"
#include "engine/driver/driver.h"
#include "engine/driver/server_address.h"

namespace bridge::postgres {

/// Runs by itself once started; told of its end by `on_done` unless destroyed before. Loop thread only.
class CancelRequest final : public std::enable_shared_from_this<CancelRequest>, private driver::StreamOwner {
 public:
  CancelRequest(driver::DriverEnvironment environment, driver::ServerAddress server, wire::BackendKey key);
  ~CancelRequest() override;
  CancelRequest(const CancelRequest&) = delete;
  CancelRequest& operator=(const CancelRequest&) = delete;

  /// `on_done` is called in a later turn: the server has dealt with the request, or it could not be reached
  /// by the deadline.
  void start(Deadline deadline, std::function<void()> on_done);

 private:
  void on_connected(Result<std::unique_ptr<net::Transport>> transport);
  void start_tls(std::unique_ptr<net::Transport> transport);
  void on_encrypted(Result<std::unique_ptr<net::Transport>> transport);
  void converse(std::unique_ptr<net::Transport> transport);
  void finish(const Error* error);

  Result<std::size_t> on_received(ByteSpan received) override;
  void on_turn_end() override {}
  void on_drained() override {}
  void on_lost(Error error) override;

  driver::DriverEnvironment environment_;
  driver::ServerAddress server_;
  wire::Cancel conversation_;
  telemetry::OperationSpan span_;
  Deadline deadline_;
  std::unique_ptr<net::Timer> timer_;
  std::shared_ptr<driver::ConnectionRunner> runner_;
  std::function<void()> on_done_;
};

}  // namespace bridge::postgres
