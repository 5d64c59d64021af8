// The statements one connection has prepared, by compilation number, the least recently used first to go.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <utility>

namespace bridge::driver {

/// Bounded; owned by one connection. A list in order of use, and a map into it. `Prepared` has a member
/// `serial`.
template <typename Prepared>
class PreparedCache {
 public:
  using Pointer = std::shared_ptr<Prepared>;

  explicit PreparedCache(std::size_t limit) : limit_(limit) {}

  /// Null when it is not here; else it counts as used now.
  Pointer find(std::uint64_t serial) {
    const auto place = places_.find(serial);
    if (place == places_.end()) return nullptr;
    order_.splice(order_.begin(), order_, place->second);
    return order_.front();
  }
  bool contains(std::uint64_t serial) const { return places_.contains(serial); }
  /// Adds a statement; answers the one that had to go for it, or null.
  Pointer insert(Pointer prepared) {
    Pointer displaced = remove(prepared->serial);
    if (displaced == nullptr && order_.size() == limit_) displaced = remove(order_.back()->serial);
    order_.push_front(std::move(prepared));
    places_[order_.front()->serial] = order_.begin();
    return displaced;
  }
  /// Takes a statement out; null when it is not here.
  Pointer remove(std::uint64_t serial) {
    const auto place = places_.find(serial);
    if (place == places_.end()) return nullptr;
    Pointer removed = std::move(*place->second);
    order_.erase(place->second);
    places_.erase(place);
    return removed;
  }
  void clear() {
    order_.clear();
    places_.clear();
  }
  std::size_t size() const { return places_.size(); }

 private:
  using Order = std::list<Pointer>;
  std::size_t limit_;
  Order order_;  // most recently used first
  std::unordered_map<std::uint64_t, typename Order::iterator> places_;
};

}  // namespace bridge::driver
