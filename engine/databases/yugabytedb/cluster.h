// What is known of a cluster's nodes, and which of them the next session should be with.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/databases/yugabytedb/topology_keys.h"

namespace bridge::yugabytedb {

/// How sessions are dealt to nodes, by the options that YugabyteDB's own drivers document.
struct BalanceOptions {
  bool is_balanced = true;
  std::vector<TopologyKey> keys;  ///< none = all nodes are equally near
  bool falls_back = true;         ///< to nodes that no key holds, when those it holds are all down
  Duration refresh_interval{0};   ///< how old the list of nodes may grow
  Duration quarantine{0};         ///< for which a node that gave no session is tried last
};

/// Nodes with the sessions that this driver has there. Decides without doing I/O. Loop thread only; the
/// places it gives out may outlive it.
class Cluster {
 public:
  explicit Cluster(BalanceOptions options) : options_(std::move(options)) {}

  const BalanceOptions& options() const { return options_; }
  bool is_known() const { return !nodes_.empty(); }
  bool needs_refresh(TimePoint now) const {
    return !is_known() || now - refreshed_ >= options_.refresh_interval;
  }
  /// The nodes as one of them, reached at `contact`, told them. Where that is a public address all are
  /// reached at theirs.
  void learn(std::vector<Node> nodes, const std::string& contact, TimePoint now);

  /// All nodes that may be tried: those not in quarantine first, of these the nearest, of these those with
  /// the fewest sessions; who is equal comes in random order.
  std::vector<Node> choose(TimePoint now, Random& random) const;
  void note_failure(const std::string& name, TimePoint now) { failed_[name] = now; }
  void note_session(const std::string& name) { failed_.erase(name); }

  /// A session there, or one that is being made; it counts until it is let go of.
  std::shared_ptr<const void> take_place(const std::string& name);
  std::size_t sessions(const std::string& name) const;

 private:
  using Counts = std::map<std::string, std::size_t>;

  bool is_in_quarantine(const std::string& name, TimePoint now) const;
  /// Smaller is nearer; beyond every key for a node that none holds.
  int distance(const Node& node) const;

  BalanceOptions options_;
  std::vector<Node> nodes_;
  TimePoint refreshed_{};
  std::map<std::string, TimePoint> failed_;
  std::shared_ptr<Counts> counts_ = std::make_shared<Counts>();
};

/// `host:port`, as sessions and failures are counted by.
std::string to_name(const Node& node);

}  // namespace bridge::yugabytedb
