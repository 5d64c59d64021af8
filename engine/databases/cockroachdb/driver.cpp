// The parent's sessions with a server that says it is CockroachDB.
#include "engine/databases/cockroachdb/driver.h"

#include <array>
#include <map>
#include <string>
#include <utility>

#include "engine/databases/cockroachdb/dialect.h"
#include "engine/databases/postgres/driver.h"

namespace bridge::cockroachdb {
namespace {

constexpr std::string_view kProduct = "CockroachDB";
constexpr std::uint16_t kPort = 26257;
constexpr std::array<driver::OptionWord<bool>, 2> kSwitches{{{"true", true}, {"false", false}}};
constexpr const char* kVersionParameter = "crdb_version";
constexpr const char* kFollowerSetting = "default_transaction_use_follower_reads";
/// NULLs sort as in its parent, so that a query gives the same on both.
constexpr const char* kNullsLastSetting = "null_ordered_last";

Status check_server(const std::map<std::string, std::string>& parameters) {
  if (parameters.contains(kVersionParameter)) return {};
  return make_error(
      ErrorCode::kConfiguration,
      "the server is not CockroachDB: it tells no crdb_version; use the scheme of what it is, or "
      "server_check=false for one that only behaves alike");
}

}  // namespace

Result<std::unique_ptr<driver::Driver>> make_cockroachdb_driver(
    const driver::ConnectionUrl& url, const driver::DriverEnvironment& environment) {
  driver::UrlOptions reader(url, kProduct);
  BRIDGE_ASSIGN_OR_RETURN(const bool is_checked, reader.choose("server_check", kSwitches, true));
  BRIDGE_ASSIGN_OR_RETURN(const bool reads_from_followers, reader.choose("follower_reads", kSwitches, false));
  postgres::OptionDefaults defaults;
  defaults.port = kPort;
  defaults.check_server = is_checked ? check_server : nullptr;
  BRIDGE_ASSIGN_OR_RETURN(postgres::Options options, postgres::Options::read(reader, defaults));
  BRIDGE_RETURN_IF_ERROR(reader.refuse_others());
  // What only behaves alike need not know it.
  if (is_checked) options.startup.emplace_back(kNullsLastSetting, "on");
  // It counts in transactions that are read-only.
  if (reads_from_followers) options.startup.emplace_back(kFollowerSetting, "on");
  return std::unique_ptr<driver::Driver>(
      std::make_unique<postgres::PostgresDriver>(std::move(options), environment, cockroachdb_dialect()));
}

}  // namespace bridge::cockroachdb
