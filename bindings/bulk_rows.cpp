// Cuts rows into pieces in which no key stands twice.
#include "bindings/bulk_rows.h"

#include <algorithm>
#include <bit>
#include <set>
#include <string>

#include "bindings/row_key.h"

namespace bridge::python {
namespace {

// Empty where a part is NULL: such a row agrees with no other.
std::string key_bytes(const BulkRows::Row& row, const std::vector<std::size_t>& places) {
  RowKey key;
  RowKeyWriter writer(key);
  for (const std::size_t place : places) {
    if (row[place].is_null) return {};
    writer.add(row[place]);
  }
  return std::move(key.bytes);
}

}  // namespace

Result<bool> BulkRows::has_more() {
  if (!waiting_.empty()) return true;
  Row row;
  BRIDGE_ASSIGN_OR_RETURN(const bool is_row, source_->next(row));
  if (is_row) waiting_.push_back(std::move(row));
  return is_row;
}

Result<bool> BulkRows::next(Row& row) {
  if (waiting_.empty()) return source_->next(row);
  std::swap(row, waiting_.front());
  waiting_.pop_front();
  return true;
}

Result<std::vector<BulkRows::Row>> BulkRows::take(std::size_t most, const std::vector<std::size_t>& places,
                                                  bool is_bucket) {
  std::vector<Row> taken;
  std::set<std::string> keys;
  while (taken.size() < most) {
    Row row;
    BRIDGE_ASSIGN_OR_RETURN(const bool is_row, next(row));
    if (!is_row) break;
    std::string key = key_bytes(row, places);
    if (!key.empty() && !keys.insert(std::move(key)).second) {
      waiting_.push_front(std::move(row));
      break;
    }
    taken.push_back(std::move(row));
  }
  const std::size_t kept = is_bucket ? std::bit_floor(taken.size()) : taken.size();
  for (; taken.size() > kept; taken.pop_back()) waiting_.push_front(std::move(taken.back()));
  return taken;
}

}  // namespace bridge::python
