// Options by the names that YugabyteDB's own drivers document, with their defaults and bounds.
#include "engine/databases/yugabytedb/options.h"

#include <charconv>
#include <utility>

#include "engine/databases/yugabytedb/error_map.h"

namespace bridge::yugabytedb {
namespace {

constexpr std::string_view kProduct = "YugabyteDB";
constexpr std::uint16_t kPort = 5433;
constexpr std::array<driver::OptionWord<bool>, 2> kSwitches{{{"true", true}, {"false", false}}};

/// A number of seconds of which zero is one, too.
struct Bounded {
  int fallback;
  int most;
};
constexpr Bounded kRefresh{300, 600};
constexpr Bounded kQuarantine{5, 60};

Result<Duration> take_bounded(driver::UrlOptions& reader, const std::string& name, Bounded bounds) {
  const std::string text = reader.take(name);
  int seconds = bounds.fallback;
  if (!text.empty()) {
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool is_number = failure == std::errc() && end == text.data() + text.size();
    if (!is_number || seconds < 0 || seconds > bounds.most) {
      return reader.refuse("the option " + name + " is not a number of seconds from 0 to " +
                           std::to_string(bounds.most));
    }
  }
  return Duration(std::chrono::seconds(seconds));
}

Status read_balance(driver::UrlOptions& reader, BalanceOptions& balance) {
  BRIDGE_ASSIGN_OR_RETURN(balance.is_balanced, reader.choose("load_balance", kSwitches, true));
  BRIDGE_ASSIGN_OR_RETURN(const bool stays,
                          reader.choose("fallback_to_topology_keys_only", kSwitches, false));
  balance.falls_back = !stays;
  BRIDGE_ASSIGN_OR_RETURN(balance.refresh_interval,
                          take_bounded(reader, "yb_servers_refresh_interval", kRefresh));
  BRIDGE_ASSIGN_OR_RETURN(balance.quarantine,
                          take_bounded(reader, "failed_host_reconnect_delay_secs", kQuarantine));
  const std::string keys = reader.take("topology_keys");
  if (keys.empty()) return {};
  if (!balance.is_balanced) return reader.refuse("topology_keys needs load_balance");
  if (!parse_topology_keys(keys, balance.keys))
    return reader.refuse("the option topology_keys is not a list of cloud.region.zone:priority");
  return {};
}

}  // namespace

Result<YugabyteOptions> YugabyteOptions::from_url(const driver::ConnectionUrl& url) {
  driver::UrlOptions reader(url, kProduct);
  YugabyteOptions options;
  BRIDGE_RETURN_IF_ERROR(read_balance(reader, options.balance));
  BRIDGE_ASSIGN_OR_RETURN(const bool reads_from_followers, reader.choose("follower_reads", kSwitches, false));
  postgres::OptionDefaults defaults;
  defaults.port = kPort;
  defaults.read_error = to_error_code;
  BRIDGE_ASSIGN_OR_RETURN(options.session, postgres::Options::read(reader, defaults));
  // It counts in transactions that are read-only, which the dialect's reads outside of them are not.
  if (reads_from_followers) options.session.startup.emplace_back("yb_read_from_followers", "true");
  BRIDGE_RETURN_IF_ERROR(reader.refuse_others());
  return options;
}

}  // namespace bridge::yugabytedb
