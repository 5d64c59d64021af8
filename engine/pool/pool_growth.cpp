// How a pool grows, checks and lets its connections grow old.
#include <algorithm>

#include "engine/pool/pool_state.h"

namespace bridge::pool {
namespace {

/// Connects in flight at once: a cold start fills quickly without a storm of logins.
constexpr std::size_t kMaxConnecting = 4;
/// How long a validating round trip or a reset may take before the connection counts as dead.
constexpr Duration kCheckLimit = std::chrono::seconds(1);
/// A lifetime is shortened by up to this part, so that connections made together do not expire together.
constexpr double kLifetimeJitter = 0.1;
/// Pause before connecting again while other connections of the pool still serve.
constexpr Duration kReconnectPause = std::chrono::milliseconds(100);
/// How often idle connections are looked at.
constexpr Duration kMaintenancePeriod = std::chrono::seconds(5);

}  // namespace

Pool::State::State(driver::Driver& made_by, const driver::DriverEnvironment& surroundings,
                   const PoolOptions& wanted, ConnectObserver told)
    : driver(made_by), environment(surroundings), options(wanted), observer(std::move(told)) {
  writers.role = driver::Driver::Role::kWriter;
  readers.role = driver::Driver::Role::kReader;
  options.connect_timeout = std::max(options.connect_timeout, driver.wake_budget());
  options.idle_timeout = std::min(options.idle_timeout, driver.longest_idle());
  options.max_lifetime = std::min(options.max_lifetime, driver.longest_life());
  for (RoleQueue* each : {&writers, &readers}) {
    const std::size_t bound = driver.max_connections(each->role);
    each->max_size = bound == 0 ? options.max_size : std::min(bound, options.max_size);
  }
}

void Pool::State::grow(RoleQueue& wanted) {
  if (retry_timer) return;
  const std::size_t waiting = wanted.waiters.size();
  const std::size_t minimum =
      &wanted == &writers || driver.has_reader_role() ? std::min(options.min_size, wanted.max_size) : 0;
  const std::size_t at_once = wanted.is_unhealthy ? 1 : kMaxConnecting;
  const auto is_wanted = [&] {
    return wanted.connecting + wanted.checking < waiting || wanted.size < minimum;
  };
  while (wanted.size < wanted.max_size && wanted.connecting < at_once && is_wanted()) {
    open_node(wanted);
  }
}

void Pool::State::open_node(RoleQueue& wanted) {
  const auto node = std::make_shared<ConnectionNode>(wanted.role, generation);
  nodes.push_back(node);
  ++wanted.size;
  ++wanted.connecting;
  auto span =
      std::make_shared<telemetry::OperationSpan>(environment.tracer.start(telemetry::Operation::kConnect));
  driver.connect(*span, wanted.role, Deadline::after(environment.clock, options.connect_timeout),
                 [self = shared_from_this(), node, span](Result<std::unique_ptr<driver::Connection>> result) {
                   if (result) {
                     span->succeed();
                   } else {
                     span->fail(result.error());
                   }
                   self->on_connected(node, std::move(result));
                 });
}

void Pool::State::on_connected(const NodePtr& node, Result<std::unique_ptr<driver::Connection>> result) {
  // Driver and tracer went with the pool: a connection that comes late ends without either.
  if (!is_alive) return let_go(std::move(result));
  RoleQueue& home = queue(node->role());
  --home.connecting;
  if (observer) observer(result ? nullptr : &result.error());
  home.is_unhealthy = !result.has_value();
  if (!result) {
    retire(node);
    on_connect_failed(home, result.error());
    return;
  }
  node->open(std::shared_ptr<driver::Connection>(std::move(result).value()), choose_expiry(node->role()));
  const bool is_wanted = std::find(nodes.begin(), nodes.end(), node) != nodes.end();
  if (is_closed || !is_wanted) {
    nodes.remove(node);
    nodes.push_back(node);
    home.size += is_wanted ? 0 : 1;
    retire(node);
    return;
  }
  node->become_idle(now());
  home.idle.push_back(node);
  pump(home);
  arm_maintenance();
}

// In a later turn, as its driver may stand on the stack right now.
void Pool::State::let_go(Result<std::unique_ptr<driver::Connection>> result) {
  if (!result) return;
  environment.loop.post([connection = std::shared_ptr<driver::Connection>(std::move(result).value())] {});
}

// An embedded database's only connection may be the database itself (in memory): age is no reason to end it.
TimePoint Pool::State::choose_expiry(driver::Driver::Role role) {
  if (driver.max_connections(role) == 1) return TimePoint::max();
  const double shortened = 1.0 - kLifetimeJitter * environment.random.next_unit();
  return now() + std::chrono::duration_cast<Duration>(options.max_lifetime * shortened);
}

// While other connections serve, a refused connect is the pool's trouble, not a caller's: they wait for
// those, within their deadlines. When none does, everybody in the queue learns at once: trying again for each
// of them would only hammer a server that is down.
void Pool::State::on_connect_failed(RoleQueue& wanted, const Error& error) {
  const bool others_serve = wanted.size > wanted.connecting;
  const bool is_permanent = error.kind() == ErrorKind::kUsage;
  if (!others_serve || is_permanent) {
    fail_all(wanted, error);
    return;
  }
  retry_timer = environment.loop.start_timer(now() + kReconnectPause, [state = weak_from_this()] {
    const auto self = state.lock();
    if (!self) return;
    self->retry_timer.reset();
    // both: no queue grows while the pause lasts
    self->pump(self->writers);
    self->pump(self->readers);
  });
}

void Pool::State::validate(const NodePtr& node) {
  node->become_validating();
  ++queue(node->role()).checking;
  auto span =
      std::make_shared<telemetry::OperationSpan>(environment.tracer.start(telemetry::Operation::kPing));
  node->connection()->ping(*span, Deadline::after(environment.clock, kCheckLimit),
                           [self = shared_from_this(), node, span](Result<driver::Outcome> result) {
                             if (result) {
                               span->succeed();
                             } else {
                               span->fail(result.error());
                             }
                             self->on_checked(node, result.has_value());
                           });
  node->connection()->flush();
}

void Pool::State::reset(const NodePtr& node) {
  node->become_resetting();
  ++queue(node->role()).checking;
  auto span =
      std::make_shared<telemetry::OperationSpan>(environment.tracer.start(telemetry::Operation::kReset));
  node->connection()->reset(*span, Deadline::after(environment.clock, kCheckLimit),
                            [self = shared_from_this(), node, span](Result<driver::Outcome> result) {
                              if (result) {
                                span->succeed();
                              } else {
                                span->fail(result.error());
                              }
                              self->on_checked(node, result.has_value());
                            });
  node->connection()->flush();
}

void Pool::State::on_checked(const NodePtr& node, bool is_well) {
  --queue(node->role()).checking;
  if (node->connection() == nullptr) return;  // closed while it was checked
  if (is_well && !is_closed && node->connection()->is_ready()) {
    keep(node);
    return;
  }
  retire(node);
  if (is_alive && !is_closed) pump_later(node->role());
}

void Pool::State::arm_maintenance() {
  if (maintenance || is_closed || !is_alive) return;
  maintenance = environment.loop.start_timer(now() + kMaintenancePeriod, [state = weak_from_this()] {
    const auto self = state.lock();
    if (!self) return;
    self->maintenance.reset();
    self->expire_idle();
  });
}

void Pool::State::expire_idle() {
  for (RoleQueue* each : {&writers, &readers}) {
    const std::vector<NodePtr> candidates = each->idle;  // oldest first
    for (const NodePtr& node : candidates) {
      const bool is_surplus = each->size > options.min_size && driver.max_connections(each->role) != 1;
      const bool is_unused = is_surplus && now() - node->idle_since() > options.idle_timeout;
      if (is_unused || node->is_outdated(now(), generation)) retire(node);
    }
    if (each->size < options.min_size) pump_later(each->role);
  }
  if (!writers.idle.empty() || !readers.idle.empty()) arm_maintenance();
}

}  // namespace bridge::pool
