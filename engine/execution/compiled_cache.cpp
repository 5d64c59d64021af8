// Compiled statements by shape.
#include "engine/execution/compiled_cache.h"

#include "engine/sql/compiler.h"
#include "engine/sql/shape.h"

namespace bridge::execution {
namespace {

/// A read this short does not hurt those behind it in a pipeline; a few round trips on a local network take
/// as long.
constexpr Duration kShortRead = std::chrono::milliseconds(2);
/// Weight of history: the average follows a change within some ten executions.
constexpr int kHistoryWeight = 7;

}  // namespace

bool CompiledEntry::is_doubtful(Duration duration) { return duration >= kShortRead; }

void CompiledEntry::note_duration(Duration duration, Duration busy) {
  // the answer may have lain in the socket while the host computed: no reason to call the statement long
  if (is_doubtful(duration) && !is_doubtful(duration - busy)) return;
  average = has_average ? (average * kHistoryWeight + duration) / (kHistoryWeight + 1) : duration;
  has_average = true;
}

bool CompiledEntry::is_short() const { return has_average && average < kShortRead; }

Result<CompiledEntryPtr> CompiledCache::find_or_compile(const sql::StatementPtr& statement) {
  if (CompiledEntryPtr known = find(*statement)) return known;
  BRIDGE_ASSIGN_OR_RETURN(sql::CompiledPtr compiled, sql::compile(*statement, dialect_));
  if (entries_.size() >= capacity_) evict_oldest();
  entries_.push_front(std::make_shared<CompiledEntry>(
      CompiledEntry{.shape = sql::strip_values(*statement), .compiled = std::move(compiled)}));
  by_hash_.emplace(statement->hash(), entries_.begin());
  return entries_.front();
}

CompiledEntryPtr CompiledCache::find(const sql::Statement& statement) {
  const auto [first, last] = by_hash_.equal_range(statement.hash());
  for (auto candidate = first; candidate != last; ++candidate) {
    const Entries::iterator entry = candidate->second;
    if (!sql::has_same_shape(*(*entry)->shape, statement)) continue;
    entries_.splice(entries_.begin(), entries_, entry);
    return *entry;
  }
  return nullptr;
}

void CompiledCache::evict_oldest() {
  const Entries::iterator oldest = std::prev(entries_.end());
  const auto [first, last] = by_hash_.equal_range((*oldest)->shape->hash());
  for (auto candidate = first; candidate != last; ++candidate) {
    if (candidate->second != oldest) continue;
    by_hash_.erase(candidate);
    break;
  }
  entries_.erase(oldest);
}

}  // namespace bridge::execution
