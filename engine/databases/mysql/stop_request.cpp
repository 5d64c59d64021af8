// Logs in like any session, on the one server that runs the statement.
#include "engine/databases/mysql/stop_request.h"

#include <string>
#include <utility>

#include "engine/databases/mysql/session_search.h"
#include "engine/driver/connector.h"

namespace bridge::mysql {

StopRequest::StopRequest(driver::DriverEnvironment environment, std::shared_ptr<const Options> options,
                         driver::ServerAddress server, std::uint32_t thread)
    : environment_(environment),
      options_(std::move(options)),
      server_(std::move(server)),
      thread_(thread),
      span_(environment.tracer.start(telemetry::Operation::kCancel)) {}

void StopRequest::start(Deadline deadline, std::function<void()> on_done) {
  on_done_ = std::move(on_done);
  driver::SessionSearch search = make_search(environment_, options_);
  search.servers = {server_};
  // The connector outlives this request where it must, and with it the span it reports to.
  const auto self = shared_from_this();
  std::make_shared<driver::Connector>(
      environment_, std::move(search), span_, deadline,
      [self, deadline](Result<std::unique_ptr<driver::Connection>> connection) {
        if (!connection) return self->finish(&connection.error());
        self->ask(std::move(*connection), deadline);
      })
      ->start();
}

void StopRequest::ask(std::unique_ptr<driver::Connection> connection, Deadline deadline) {
  connection_ = std::move(connection);
  auto statement = std::make_shared<sql::CompiledStatement>();
  statement->text = std::make_shared<const std::string>("KILL QUERY " + std::to_string(thread_));
  statement->operation = telemetry::Operation::kCancel;
  driver::Request request;
  request.statement = std::move(statement);
  request.deadline = deadline;
  request.on_done = [self = shared_from_this()](Result<driver::Outcome> outcome) {
    self->finish(outcome ? nullptr : &outcome.error());
  };
  connection_->execute(span_, std::move(request));
  connection_->flush();
}

void StopRequest::finish(const Error* error) {
  error == nullptr ? span_.succeed() : span_.fail(*error);
  // The last answer comes from the connection itself, which must not be destroyed while it gives it.
  if (connection_ != nullptr) {
    connection_->close(span_);
    environment_.loop.post([connection = std::shared_ptr(std::move(connection_))] {});
  }
  if (on_done_) std::exchange(on_done_, nullptr)();
}

}  // namespace bridge::mysql
