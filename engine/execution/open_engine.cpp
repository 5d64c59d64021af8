// From a URL to an engine.
#include "engine/execution/drivers.h"
#include "engine/execution/executor.h"

namespace bridge::execution {

Result<std::unique_ptr<Engine>> Engine::open(std::string_view url, const EngineOptions& options,
                                             EngineEnvironment environment) {
  BRIDGE_ASSIGN_OR_RETURN(driver::ConnectionUrl parsed, driver::ConnectionUrl::parse(url));
  BRIDGE_ASSIGN_OR_RETURN(const DriverEntry* entry, find_driver(parsed.scheme));
  EngineParts parts{.redacted_url = parsed.redacted(),
                    .tracer = nullptr,
                    .driver = nullptr,
                    .options = options,
                    .environment = environment};
  parts.tracer = std::make_unique<telemetry::Tracer>(environment.clock, environment.sink,
                                                     std::string(entry->scheme), parts.redacted_url);
  const driver::DriverEnvironment surroundings{environment.loop, environment.transports, environment.clock,
                                               environment.random, *parts.tracer};
  BRIDGE_ASSIGN_OR_RETURN(parts.driver, entry->make_driver(std::move(parsed), surroundings));
  return std::unique_ptr<Engine>(std::make_unique<Executor>(std::move(parts)));
}

}  // namespace bridge::execution
