// Which node is next: down, near, loaded, and by lot.
#include "engine/databases/yugabytedb/cluster.h"

#include <gtest/gtest.h>

#include <set>

namespace bridge::yugabytedb {
namespace {

using std::chrono::seconds;

constexpr TimePoint kStart{};

BalanceOptions balance(const std::string& keys = "", bool falls_back = true) {
  BalanceOptions options;
  options.refresh_interval = seconds(300);
  options.quarantine = seconds(5);
  options.falls_back = falls_back;
  EXPECT_TRUE(keys.empty() || parse_topology_keys(keys, options.keys));
  return options;
}

std::vector<Node> three_zones() {
  return {{"a", 5433, "aws", "east", "one", ""},
          {"b", 5433, "aws", "east", "two", ""},
          {"c", 5433, "aws", "west", "one", ""}};
}

std::string order(const Cluster& cluster, TimePoint now, Random& random) {
  std::string hosts;
  for (const Node& node : cluster.choose(now, random)) hosts += node.host;
  return hosts;
}

TEST(Cluster, GivesTheLeastLoadedNodeAndBreaksTiesByLot) {
  Cluster cluster(balance());
  cluster.learn(three_zones(), "a", kStart);
  SeededRandom random(7);
  std::set<char> first;
  for (int round = 0; round < 50; ++round) first.insert(order(cluster, kStart, random).front());
  EXPECT_EQ(first, (std::set<char>{'a', 'b', 'c'}));

  const auto there = cluster.take_place("a:5433");
  auto twice = cluster.take_place("b:5433");
  const auto more = cluster.take_place("b:5433");
  EXPECT_EQ(order(cluster, kStart, random), "cab");
  twice.reset();
  EXPECT_EQ(cluster.sessions("b:5433"), 1U);
  EXPECT_EQ(order(cluster, kStart, random).front(), 'c');
}

TEST(Cluster, DealsSessionsEvenly) {
  Cluster cluster(balance());
  cluster.learn(three_zones(), "a", kStart);
  SeededRandom random(7);
  std::vector<std::shared_ptr<const void>> places;
  for (int session = 0; session < 30; ++session)
    places.push_back(cluster.take_place(to_name(cluster.choose(kStart, random).front())));
  for (const char* name : {"a:5433", "b:5433", "c:5433"}) EXPECT_EQ(cluster.sessions(name), 10U);
}

TEST(Cluster, PrefersNearNodesAndFallsBack) {
  SeededRandom random(7);
  Cluster near(balance("aws.west.one:1,aws.east.*:2"));
  near.learn(three_zones(), "a", kStart);
  const auto load = near.take_place("c:5433");
  EXPECT_EQ(order(near, kStart, random).front(), 'c');
  near.note_failure("c:5433", kStart);
  EXPECT_NE(order(near, kStart, random).front(), 'c');

  Cluster only(balance("aws.west.one", false));
  only.learn(three_zones(), "a", kStart);
  EXPECT_EQ(order(only, kStart, random), "c");
  Cluster nowhere(balance("aws.west.one"));
  nowhere.learn(three_zones(), "a", kStart);
  EXPECT_EQ(order(nowhere, kStart, random).size(), 3U);
}

TEST(Cluster, TriesFailedNodesLastForAWhile) {
  Cluster cluster(balance());
  cluster.learn(three_zones(), "a", kStart);
  SeededRandom random(7);
  cluster.note_failure("a:5433", kStart);
  for (int round = 0; round < 20; ++round) EXPECT_EQ(order(cluster, kStart + seconds(4), random).back(), 'a');
  std::set<char> first;
  for (int round = 0; round < 50; ++round) first.insert(order(cluster, kStart + seconds(5), random).front());
  EXPECT_TRUE(first.contains('a'));
  cluster.note_failure("b:5433", kStart);
  cluster.note_session("b:5433");
  first.clear();
  for (int round = 0; round < 50; ++round) first.insert(order(cluster, kStart, random).front());
  EXPECT_TRUE(first.contains('b'));
}

TEST(Cluster, KnowsWhenItsListIsOld) {
  Cluster cluster(balance());
  EXPECT_TRUE(cluster.needs_refresh(kStart));
  cluster.learn(three_zones(), "a", kStart);
  EXPECT_FALSE(cluster.needs_refresh(kStart + seconds(299)));
  EXPECT_TRUE(cluster.needs_refresh(kStart + seconds(300)));
}

TEST(Cluster, StaysOutsideWhenReachedFromOutside) {
  SeededRandom random(7);
  const std::vector<Node> nodes = {{"10.0.0.1", 5433, "c", "r", "z", "192.0.2.1"},
                                   {"10.0.0.2", 5433, "c", "r", "z", "192.0.2.2"}};
  Cluster outside(balance());
  outside.learn(nodes, "192.0.2.1", kStart);
  for (const Node& node : outside.choose(kStart, random)) EXPECT_TRUE(node.host.starts_with("192."));
  Cluster inside(balance());
  inside.learn(nodes, "10.0.0.1", kStart);
  for (const Node& node : inside.choose(kStart, random)) EXPECT_TRUE(node.host.starts_with("10."));
}

TEST(TopologyKeys, AreRefusedInAnyOtherForm) {
  for (const char* text : {"", "aws", "aws.east", "aws..one", "aws.east.one:0", "aws.east.one:11",
                           "aws.east.one:x", "aws.east.one,", ".east.one"}) {
    std::vector<TopologyKey> keys;
    EXPECT_FALSE(parse_topology_keys(text, keys)) << text;
  }
}

}  // namespace
}  // namespace bridge::yugabytedb
