// Where sessions should be, nearest first: `cloud.region.zone:priority`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bridge::yugabytedb {

/// One node of a cluster as it introduces itself.
struct Node {
  std::string host;
  std::uint16_t port = 0;
  std::string cloud;
  std::string region;
  std::string zone;
  std::string public_address;  ///< empty where it has none
};

/// A zone, or every zone of a region, and how soon it is tried.
struct TopologyKey {
  std::string cloud;
  std::string region;
  std::string zone;  ///< empty: any
  int priority = 1;  ///< 1 is tried first

  bool holds(const Node& node) const {
    return cloud == node.cloud && region == node.region && (zone.empty() || zone == node.zone);
  }
};

/// Keys separated by commas. False where one is not of the form, or a priority is not from 1 to 10.
bool parse_topology_keys(std::string_view text, std::vector<TopologyKey>& keys);

}  // namespace bridge::yugabytedb
