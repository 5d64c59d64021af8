// The form that YugabyteDB's own drivers document.
#include "engine/databases/yugabytedb/topology_keys.h"

#include <charconv>
#include <optional>

namespace bridge::yugabytedb {
namespace {

constexpr int kLowestPriority = 10;
constexpr std::string_view kAnyZone = "*";

bool parse_priority(std::string_view text, int& priority) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), priority);
  return failure == std::errc() && end == text.data() + text.size() && priority >= 1 &&
         priority <= kLowestPriority;
}

std::optional<TopologyKey> parse_key(std::string_view text) {
  TopologyKey key;
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && !parse_priority(text.substr(colon + 1), key.priority))
    return std::nullopt;
  text = text.substr(0, colon);
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  key.cloud = text.substr(0, first);
  key.region = text.substr(first + 1, second - first - 1);
  key.zone = text.substr(second + 1);
  if (key.cloud.empty() || key.region.empty() || key.zone.empty()) return std::nullopt;
  if (key.zone == kAnyZone) key.zone.clear();
  return key;
}

}  // namespace

bool parse_topology_keys(std::string_view text, std::vector<TopologyKey>& keys) {
  while (true) {
    const std::size_t comma = text.find(',');
    auto key = parse_key(text.substr(0, comma));
    if (!key) return false;
    keys.push_back(std::move(*key));
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace bridge::yugabytedb
