// Opening connections away from the loop's thread, since opening may wait for a lock and for the disk.
#include "engine/databases/sqlite/driver.h"

#include <optional>
#include <utility>

#include "engine/databases/sqlite/connection.h"
#include "engine/databases/sqlite/database_handle.h"
#include "engine/databases/sqlite/dialect.h"
#include "engine/databases/sqlite/open_options.h"

namespace bridge::sqlite {
namespace {

class SqliteDriver final : public driver::Driver {
 public:
  SqliteDriver(OpenOptions options, const driver::DriverEnvironment& environment, const sql::Dialect& dialect)
      : options_(std::move(options)), environment_(environment), dialect_(dialect) {}

  const sql::Dialect& dialect() const override { return dialect_; }
  bool has_reader_role() const override { return !options_.is_in_memory; }
  std::size_t max_connections(Role role) const override {
    return options_.is_in_memory || role == Role::kWriter ? 1 : 0;
  }

  bool cursors_outlive_leases() const override { return options_.is_in_memory; }

  void connect(telemetry::OperationSpan&, Role role, Deadline deadline,
               driver::ConnectCompletion on_done) override {
    struct Opening {
      std::optional<Result<std::unique_ptr<DatabaseHandle>>> handle;
      driver::ConnectCompletion on_done;
    };
    auto opening = std::make_shared<Opening>();
    opening->on_done = std::move(on_done);
    const driver::DriverEnvironment environment = environment_;
    const OpenOptions options = options_;
    environment_.loop.run_on_worker(
        [opening, options, role, deadline, &clock = environment_.clock] {
          opening->handle = DatabaseHandle::open(options, role, clock, deadline);
        },
        [opening, options, environment] {
          if (!*opening->handle) return opening->on_done(std::move(*opening->handle).error());
          opening->on_done(std::unique_ptr<driver::Connection>(
              std::make_unique<SqliteConnection>(std::move(*opening->handle).value(), options, environment)));
        });
  }

 private:
  OpenOptions options_;
  driver::DriverEnvironment environment_;
  const sql::Dialect& dialect_;
};

}  // namespace

Result<std::unique_ptr<driver::Driver>> make_sqlite_driver(driver::ConnectionUrl url,
                                                           const driver::DriverEnvironment& environment) {
  return make_flavour_driver(std::move(url), environment, sqlite_dialect());
}

Result<std::unique_ptr<driver::Driver>> make_flavour_driver(driver::ConnectionUrl url,
                                                            const driver::DriverEnvironment& environment,
                                                            const sql::Dialect& dialect) {
  BRIDGE_ASSIGN_OR_RETURN(OpenOptions options, parse_open_options(url));
  return std::unique_ptr<driver::Driver>(
      std::make_unique<SqliteDriver>(std::move(options), environment, dialect));
}

}  // namespace bridge::sqlite
