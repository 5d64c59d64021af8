// The parent's connections with a server that keeps versions.
#include "engine/databases/dolt/driver.h"

#include "engine/databases/dolt/dialect.h"
#include "engine/databases/dolt/error_map.h"
#include "engine/databases/mysql/driver.h"

namespace bridge::dolt {
namespace {

// Only who asks for a commit makes one. No other server knows the variable, which tells it apart.
constexpr std::string_view kSettings = ", dolt_transaction_commit = 0";

}  // namespace

Result<std::unique_ptr<driver::Driver>> make_dolt_driver(const driver::ConnectionUrl& url,
                                                         const driver::DriverEnvironment& environment) {
  return mysql::make_flavour_driver(url, environment, dolt_dialect(),
                                    {.product = "Dolt",
                                     .settings = kSettings,
                                     .restate = restate,
                                     .has_branches = true,
                                     .has_cursors = false,
                                     .sends_moments_as_text = true,
                                     .counts_found_rows = true});
}

}  // namespace bridge::dolt
