// Rules of Vitess as PlanetScale runs it, known before they are met.
#include "engine/databases/planetscale/options.h"

#include <array>

#include "engine/databases/planetscale/error_map.h"

namespace bridge::planetscale {
namespace {

constexpr std::string_view kProduct = "PlanetScale";
constexpr std::array<driver::OptionWord<bool>, 2> kSwitches{{{"on", true}, {"off", false}}};
/// After so long a transaction is ended by the server.
constexpr Duration kTransactionLimit = std::chrono::seconds(20);
/// Only what vtgate takes: it refuses the bound of recursions and the format of plans, and ignores character
/// sets, the language of messages and the digits of quotients. Backslashes escape here, unlike in its
/// parent's sessions: tablets write values into the text of statements with backslashes, whatever a session
/// has set, so that NO_BACKSLASH_ESCAPES would let a quote in a value end it. Said again after a stream,
/// whose workload ends with it. Rows that a write met are counted, as vtgate does not tell them beside those
/// it changed.
constexpr std::string_view kSettings =
    "SET time_zone = '+00:00', sql_mode = "
    "'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
    "NO_ENGINE_SUBSTITUTION', group_concat_max_len = 1073741824, client_found_rows = 1, workload = 'oltp'";

}  // namespace

Result<PlanetscaleOptions> PlanetscaleOptions::from_url(const driver::ConnectionUrl& url) {
  driver::UrlOptions reader(url, kProduct);
  mysql::Flavour flavour;
  flavour.product = kProduct;
  flavour.whole_settings = kSettings;
  flavour.translate = to_error;
  flavour.needs_tls = true;
  flavour.streaming_settings = "SET workload = 'olap'";
  flavour.can_stop_statements = false;
  flavour.spells_moments = true;  // vtgate writes the year 99 with two digits, which are those of 1999
  PlanetscaleOptions options;
  BRIDGE_ASSIGN_OR_RETURN(options.checks_foreign_keys, reader.choose("foreign_keys", kSwitches, false));
  BRIDGE_ASSIGN_OR_RETURN(const Duration limit, reader.take_seconds("transaction_timeout"));
  options.transaction_limit = limit == Duration::zero() ? kTransactionLimit : limit;
  BRIDGE_ASSIGN_OR_RETURN(options.session, mysql::Options::read(reader, flavour));
  BRIDGE_RETURN_IF_ERROR(reader.refuse_others());
  return options;
}

}  // namespace bridge::planetscale
