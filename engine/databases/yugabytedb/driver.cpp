// Any node names all of them; each session goes to the node that has the fewest.
#include "engine/databases/yugabytedb/driver.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/databases/postgres/driver.h"
#include "engine/databases/yugabytedb/cluster.h"
#include "engine/databases/yugabytedb/dialect.h"
#include "engine/databases/yugabytedb/options.h"
#include "engine/databases/yugabytedb/servers_question.h"

namespace bridge::yugabytedb {
namespace {

using driver::ConnectCompletion;
using driver::ServerAddress;
using telemetry::OperationSpan;

constexpr std::string_view kUndefinedFunction = "42883";

Error explain(Error error) {
  if (error.server().sqlstate != kUndefinedFunction) return error;
  return make_error(
      ErrorCode::kConfiguration,
      "the server has no yb_servers(), by which sessions are dealt to the nodes of a cluster; say "
      "load_balance=false where it is none");
}

/// One search: the server it is at, and the place taken there.
struct Attempt {
  ServerAddress server;
  std::shared_ptr<const void> place;
};

/// A caller's wish for a session.
struct Wish {
  OperationSpan& span;
  Deadline deadline;
  ConnectCompletion on_done;
};

class Driver final : public postgres::PostgresDriver {
 public:
  Driver(YugabyteOptions options, const driver::DriverEnvironment& environment)
      : PostgresDriver(std::move(options.session), environment, yugabytedb_dialect()),
        cluster_(std::make_shared<Cluster>(std::move(options.balance))) {}

  void connect(OperationSpan& span, Role role, Deadline deadline, ConnectCompletion on_done) override {
    if (!cluster_->options().is_balanced)
      return PostgresDriver::connect(span, role, deadline, std::move(on_done));
    deal({span, deadline, std::move(on_done)});
  }

 private:
  TimePoint now() const { return environment().loop.now(); }

  void deal(Wish wish) {
    if (is_discovering_) {
      waiting_.push_back(std::move(wish));
    } else if (cluster_->needs_refresh(now())) {
      is_discovering_ = true;
      discover(std::move(wish));
    } else {
      connect_balanced(std::move(wish));
    }
  }

  void connect_balanced(Wish wish) {
    std::vector<ServerAddress> servers = balanced_servers();
    if (servers.empty()) {
      return environment().loop.post([on_done = std::move(wish.on_done)] {
        on_done(make_error(ErrorCode::kConnectFailed,
                           "no node of the cluster is where topology_keys allows sessions to be"));
      });
    }
    start_search(make_counted_search(std::move(servers), std::make_shared<Attempt>()), wish.span,
                 wish.deadline, std::move(wish.on_done));
  }

  ServerAddress to_address(const Node& node) const {
    ServerAddress server = options().servers.front();
    server.address = {.host = node.host, .port = node.port};
    server.tls.host_name = node.host;
    return server;
  }

  std::vector<ServerAddress> balanced_servers() const {
    std::vector<ServerAddress> servers;
    for (const Node& node : cluster_->choose(now(), environment().random))
      servers.push_back(to_address(node));
    return servers;
  }

  // The nodes known before, then those of the URL: the list may be older than all of its nodes.
  std::vector<ServerAddress> contact_points() const {
    std::vector<ServerAddress> servers = balanced_servers();
    for (const ServerAddress& server : options().servers) {
      const bool is_known =
          std::any_of(servers.begin(), servers.end(),
                      [&server](const ServerAddress& known) { return known.name() == server.name(); });
      if (!is_known) servers.push_back(server);
    }
    return servers;
  }

  driver::SessionSearch make_counted_search(std::vector<ServerAddress> servers,
                                            const std::shared_ptr<Attempt>& attempt) const {
    driver::SessionSearch search = make_search([cluster = cluster_, attempt] {
      cluster->note_session(attempt->server.name());
      return std::exchange(attempt->place, nullptr);
    });
    search.servers = std::move(servers);
    search.begin_login = [begin = std::move(search.begin_login), cluster = cluster_, attempt](
                             const ServerAddress& server, bool is_second_round) {
      attempt->server = server;
      attempt->place = cluster->take_place(server.name());
      return begin(server, is_second_round);
    };
    search.note_failure = [cluster = cluster_, &loop = environment().loop](const ServerAddress& server) {
      cluster->note_failure(server.name(), loop.now());
    };
    return search;
  }

  // Others wait until the list is there: they would all ask, and all at the first node.
  void discover(Wish wish) {
    const auto attempt = std::make_shared<Attempt>();
    auto answer = [this, alive = std::weak_ptr(alive_), attempt, span = &wish.span, deadline = wish.deadline,
                   on_done =
                       std::move(wish.on_done)](Result<std::unique_ptr<driver::Connection>> made) mutable {
      if (alive.expired()) return on_done(std::move(made));
      Wish again{*span, deadline, std::move(on_done)};
      if (made) return ask(std::move(*made), attempt->server, std::move(again));
      again.on_done(std::move(made));
      end_discovery();
    };
    start_search(make_counted_search(contact_points(), attempt), wish.span, wish.deadline, std::move(answer));
  }

  // The session that asked ends with its answer, as who looks on from any node is no load of that one.
  void ask(std::shared_ptr<driver::Connection> contact, const ServerAddress& server, Wish wish) {
    const auto nodes = std::make_shared<ServersAnswer>();
    driver::Request request;
    request.statement = servers_question();
    request.sink = nodes.get();
    request.deadline = wish.deadline;
    const auto asking = std::make_shared<Wish>(std::move(wish));
    request.on_done = [this, alive = std::weak_ptr(alive_), &loop = environment().loop, contact, nodes,
                       host = server.address.host, asking](Result<driver::Outcome> outcome) {
      contact->close(asking->span);
      loop.post([contact] {});  // it stands on the stack right now: let it go in a later turn
      if (alive.expired()) return;
      on_answer(std::move(outcome), nodes->take_nodes(), host, std::move(*asking));
    };
    contact->execute(asking->span, std::move(request));
    contact->flush();
  }

  void on_answer(Result<driver::Outcome> outcome, std::vector<Node> nodes, const std::string& host,
                 Wish wish) {
    if (outcome && nodes.empty())
      outcome = make_error(ErrorCode::kConnectFailed, "yb_servers() names no node");
    if (outcome) {
      cluster_->learn(std::move(nodes), host, now());
      connect_balanced(std::move(wish));
    } else {
      wish.on_done(explain(std::move(outcome).error()));
    }
    end_discovery();
  }

  void end_discovery() {
    is_discovering_ = false;
    for (Wish& wish : std::exchange(waiting_, {})) deal(std::move(wish));
  }

  std::shared_ptr<Cluster> cluster_;
  bool is_discovering_ = false;
  std::vector<Wish> waiting_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace

Result<std::unique_ptr<driver::Driver>> make_yugabytedb_driver(const driver::ConnectionUrl& url,
                                                               const driver::DriverEnvironment& environment) {
  BRIDGE_ASSIGN_OR_RETURN(YugabyteOptions options, YugabyteOptions::from_url(url));
  return std::unique_ptr<driver::Driver>(std::make_unique<Driver>(std::move(options), environment));
}

}  // namespace bridge::yugabytedb
