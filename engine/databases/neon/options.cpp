// Defaults by Neon's own connection strings, and what its endpoints need to be found and waited for.
#include "engine/databases/neon/options.h"

#include <utility>

#include "engine/databases/neon/endpoint.h"

namespace bridge::neon {
namespace {

constexpr std::string_view kProduct = "Neon";
/// Endpoints wake up in less than a second, seldom in several.
constexpr Duration kColdStart = std::chrono::seconds(15);
/// Most one attempt may take: one that is swallowed while an endpoint wakes leaves time for others.
constexpr Duration kAttemptTimeout = std::chrono::seconds(5);
/// Endpoints are suspended after five minutes unless set otherwise.
constexpr Duration kSuspendTime = std::chrono::minutes(5);
/// Part of the suspend time for which a connection may idle: equal times would be a coin flip.
constexpr int kIdleShare = 4;
constexpr int kSuspendShare = 5;

/// The endpoint that the URL's only host or its `options` name.
Result<EndpointName> find_endpoint(const driver::UrlOptions& reader) {
  const driver::ConnectionUrl& url = reader.url();
  if (url.endpoints.size() != 1) return reader.refuse("it names one host, that of the endpoint");
  const auto options = url.options.find("options");
  if (options != url.options.end()) {
    EndpointName named = find_endpoint_option(options->second);
    if (!named.id.empty()) return named;
  }
  EndpointName endpoint = read_endpoint_name(url.endpoints.front().host);
  if (endpoint.id.empty()) {
    return reader.refuse(
        "the host names no endpoint, by which Neon finds the server: use the endpoint's host name, or add "
        "options=endpoint%3D<id>");
  }
  return endpoint;
}

Result<Duration> take_seconds(driver::UrlOptions& reader, const std::string& name, Duration fallback) {
  BRIDGE_ASSIGN_OR_RETURN(const Duration taken, reader.take_seconds(name));
  return taken == Duration::zero() ? fallback : taken;
}

}  // namespace

Result<NeonOptions> NeonOptions::from_url(const driver::ConnectionUrl& url) {
  driver::UrlOptions reader(url, kProduct);
  BRIDGE_ASSIGN_OR_RETURN(const EndpointName endpoint, find_endpoint(reader));
  NeonOptions options;
  BRIDGE_ASSIGN_OR_RETURN(options.cold_start, take_seconds(reader, "cold_start", kColdStart));
  BRIDGE_ASSIGN_OR_RETURN(const Duration suspended_after,
                          take_seconds(reader, "suspend_after", kSuspendTime));
  options.longest_idle = suspended_after * kIdleShare / kSuspendShare;
  postgres::OptionDefaults defaults;
  defaults.needs_tls = true;
  defaults.binding = postgres::wire::BindingPolicy::kRequire;
  defaults.has_session_per_transaction = endpoint.is_pooled;
  defaults.server_timeout = kAttemptTimeout;
  BRIDGE_ASSIGN_OR_RETURN(options.session, postgres::Options::read(reader, defaults));
  BRIDGE_RETURN_IF_ERROR(reader.refuse_others());
  return options;
}

}  // namespace bridge::neon
