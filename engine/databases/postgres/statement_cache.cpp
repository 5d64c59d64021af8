// A list in order of use, and a map into it.
#include "engine/databases/postgres/statement_cache.h"

#include <utility>

namespace bridge::postgres {

PreparedPtr StatementCache::find(std::uint64_t serial) {
  const auto place = places_.find(serial);
  if (place == places_.end()) return nullptr;
  order_.splice(order_.begin(), order_, place->second);
  return order_.front();
}

PreparedPtr StatementCache::insert(PreparedPtr prepared) {
  PreparedPtr displaced = remove(prepared->serial);
  if (displaced == nullptr && order_.size() == limit_) displaced = remove(order_.back()->serial);
  order_.push_front(std::move(prepared));
  places_[order_.front()->serial] = order_.begin();
  return displaced;
}

PreparedPtr StatementCache::remove(std::uint64_t serial) {
  const auto place = places_.find(serial);
  if (place == places_.end()) return nullptr;
  PreparedPtr removed = std::move(*place->second);
  order_.erase(place->second);
  places_.erase(place);
  return removed;
}

void StatementCache::clear() {
  order_.clear();
  places_.clear();
}

}  // namespace bridge::postgres
