// Reads the URL once and looks for a server per connection.
#include "engine/databases/mysql/driver.h"

#include <utility>

#include "engine/databases/mysql/dialect.h"
#include "engine/databases/mysql/options.h"
#include "engine/databases/mysql/session_search.h"
#include "engine/driver/searching_driver.h"

namespace bridge::mysql {

Result<std::unique_ptr<driver::Driver>> make_mysql_driver(const driver::ConnectionUrl& url,
                                                          driver::DriverEnvironment environment) {
  return make_flavour_driver(url, environment, mysql_dialect(), {.family = ServerFamily::kMysql});
}

Result<std::unique_ptr<driver::Driver>> make_flavour_driver(const driver::ConnectionUrl& url,
                                                            driver::DriverEnvironment environment,
                                                            const sql::Dialect& dialect,
                                                            const Flavour& flavour) {
  BRIDGE_ASSIGN_OR_RETURN(Options read, Options::from_url(url, flavour));
  auto options = std::make_shared<const Options>(std::move(read));
  return driver::make_searching_driver(environment, dialect, [environment, options = std::move(options)] {
    return make_search(environment, options);
  });
}

}  // namespace bridge::mysql
