// The driver of a database whose sessions are looked for among servers.
#include "engine/driver/searching_driver.h"

#include <utility>

namespace bridge::driver {
namespace {

class SearchingDriver final : public Driver {
 public:
  SearchingDriver(DriverEnvironment environment, const sql::Dialect& dialect,
                  std::function<SessionSearch()> make_search)
      : environment_(environment), dialect_(dialect), make_search_(std::move(make_search)) {}

  const sql::Dialect& dialect() const override { return dialect_; }
  void connect(telemetry::OperationSpan& span, Role, Deadline deadline, ConnectCompletion on_done) override {
    std::make_shared<Connector>(environment_, make_search_(), span, deadline, std::move(on_done))->start();
  }

 private:
  DriverEnvironment environment_;
  const sql::Dialect& dialect_;
  std::function<SessionSearch()> make_search_;
};

}  // namespace

std::unique_ptr<Driver> make_searching_driver(DriverEnvironment environment, const sql::Dialect& dialect,
                                              std::function<SessionSearch()> make_search) {
  return std::make_unique<SearchingDriver>(environment, dialect, std::move(make_search));
}

}  // namespace bridge::driver
