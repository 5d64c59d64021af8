// A statement asked to stop: KILL QUERY from a second connection to the same server, closed when it was
// obeyed.
#pragma once

#include <functional>
#include <memory>

#include "engine/databases/mysql/options.h"
#include "engine/driver/driver.h"
#include "engine/driver/server_address.h"

namespace bridge::mysql {

/// Runs by itself once started; told of its end by `on_done` unless destroyed before. Loop thread only.
class StopRequest final : public std::enable_shared_from_this<StopRequest> {
 public:
  StopRequest(driver::DriverEnvironment environment, std::shared_ptr<const Options> options,
              driver::ServerAddress server, std::uint32_t thread);

  /// `on_done` is called in a later turn: the server has dealt with the request, or it could not be reached
  /// by the deadline.
  void start(Deadline deadline, std::function<void()> on_done);
  /// Whoever asked is gone: nobody is told of the end.
  void forget() { on_done_ = nullptr; }

 private:
  void ask(std::unique_ptr<driver::Connection> connection, Deadline deadline);
  void finish(const Error* error);

  driver::DriverEnvironment environment_;
  std::shared_ptr<const Options> options_;
  driver::ServerAddress server_;
  std::uint32_t thread_;
  telemetry::OperationSpan span_;
  std::unique_ptr<driver::Connection> connection_;
  std::function<void()> on_done_;
};

}  // namespace bridge::mysql
