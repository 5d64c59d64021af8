// Quarantine before nearness before load: a node that is down serves nobody, however near.
#include "engine/databases/yugabytedb/cluster.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace bridge::yugabytedb {

std::string to_name(const Node& node) { return node.host + ":" + std::to_string(node.port); }

void Cluster::learn(std::vector<Node> nodes, const std::string& contact, TimePoint now) {
  const bool is_outside = std::any_of(nodes.begin(), nodes.end(), [&contact](const Node& node) {
    return !node.public_address.empty() && node.public_address == contact && node.host != contact;
  });
  for (Node& node : nodes) {
    if (is_outside && !node.public_address.empty()) node.host = node.public_address;
  }
  nodes_ = std::move(nodes);
  refreshed_ = now;
}

std::vector<Node> Cluster::choose(TimePoint now, Random& random) const {
  struct Candidate {
    std::tuple<bool, int, std::size_t, std::uint64_t> rank;
    const Node* node;
  };
  std::vector<Candidate> candidates;
  for (const Node& node : nodes_) {
    const int away = distance(node);
    if (!options_.falls_back && away == std::numeric_limits<int>::max()) continue;
    const std::string name = to_name(node);
    candidates.push_back({{is_in_quarantine(name, now), away, sessions(name), random.next()}, &node});
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& left, const Candidate& right) { return left.rank < right.rank; });
  std::vector<Node> chosen;
  for (const Candidate& candidate : candidates) chosen.push_back(*candidate.node);
  return chosen;
}

std::shared_ptr<const void> Cluster::take_place(const std::string& name) {
  ++(*counts_)[name];
  return {nullptr, [counts = counts_, name](const void*) { --(*counts)[name]; }};
}

std::size_t Cluster::sessions(const std::string& name) const {
  const auto found = counts_->find(name);
  return found == counts_->end() ? 0 : found->second;
}

bool Cluster::is_in_quarantine(const std::string& name, TimePoint now) const {
  const auto found = failed_.find(name);
  return found != failed_.end() && now - found->second < options_.quarantine;
}

int Cluster::distance(const Node& node) const {
  int nearest = options_.keys.empty() ? 0 : std::numeric_limits<int>::max();
  for (const TopologyKey& key : options_.keys) {
    if (key.holds(node)) nearest = std::min(nearest, key.priority);
  }
  return nearest;
}

}  // namespace bridge::yugabytedb
