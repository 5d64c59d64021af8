// The parent's connections, with a dialect of MariaDB's own.
#include "engine/databases/mariadb/driver.h"

#include "engine/databases/mariadb/dialect.h"
#include "engine/databases/mysql/driver.h"

namespace bridge::mariadb {

Result<std::unique_ptr<driver::Driver>> make_mariadb_driver(const driver::ConnectionUrl& url,
                                                            driver::DriverEnvironment environment) {
  return mysql::make_flavour_driver(url, environment, mariadb_dialect(),
                                    {.family = mysql::ServerFamily::kMariadb});
}

}  // namespace bridge::mariadb
