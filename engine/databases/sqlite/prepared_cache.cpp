// Preparing, describing and keeping statements.
#include "engine/databases/sqlite/prepared_cache.h"

#include <sqlite3.h>

#include <algorithm>

#include "engine/base/bytes.h"
#include "engine/base/limits.h"
#include "engine/databases/sqlite/cell_decoders.h"
#include "engine/databases/sqlite/error_map.h"

namespace bridge::sqlite {
namespace {

constexpr int kAverageWeight = 4;  // the newest run counts for a quarter
// what an interrupted run is taken for: the real length is unknown
constexpr Duration kLongDuration = std::chrono::seconds(1);

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\f;") == std::string_view::npos;
}

std::string column_name(sqlite3_stmt* statement, int index) {
  const char* name = sqlite3_column_name(statement, index);
  return name == nullptr ? std::string() : std::string(name);
}

driver::ResultColumn describe_expected(sqlite3_stmt* statement, int index,
                                       const sql::ExpectedColumn& expected) {
  driver::ResultColumn column;
  column.name = expected.name.empty() ? column_name(statement, index) : expected.name;
  column.type = expected.type;
  column.decode = find_decoder(expected.type.storage);
  return column;
}

driver::ResultColumn describe_unknown(sqlite3_stmt* statement, int index) {
  driver::ResultColumn column;
  column.name = column_name(statement, index);
  column.type.is_nullable = true;
  column.decode = fundamental_decoder();
  column.is_typed_by_cell = true;
  return column;
}

}  // namespace

Prepared::Prepared(sqlite3_stmt* statement, std::shared_ptr<const sql::CompiledStatement> compiled)
    : statement_(statement),
      compiled_(std::move(compiled)),
      // BEGIN and its like count as read only for SQLite, but give no columns
      is_read_(sqlite3_stmt_readonly(statement) != 0 && sqlite3_column_count(statement) > 0) {}

Prepared::~Prepared() { sqlite3_finalize(statement_); }

Status Prepared::describe() {
  const int times = sqlite3_stmt_status(statement_, SQLITE_STMTSTATUS_REPREPARE, 0);
  if (is_described_ && times == times_prepared_) return {};
  const auto count = static_cast<std::size_t>(sqlite3_column_count(statement_));
  std::vector<driver::ResultColumn> columns;
  if (compiled_->has_unknown_columns) {
    for (std::size_t index = 0; index < count; ++index)
      columns.push_back(describe_unknown(statement_, static_cast<int>(index)));
  } else {
    if (count != compiled_->columns.size()) {
      return make_error(ErrorCode::kDecode, "the statement gives " + std::to_string(count) +
                                                " columns where " +
                                                std::to_string(compiled_->columns.size()) + " are expected");
    }
    for (std::size_t index = 0; index < count; ++index)
      columns.push_back(describe_expected(statement_, static_cast<int>(index), compiled_->columns[index]));
  }
  columns_ = std::move(columns);
  times_prepared_ = times;
  is_described_ = true;
  return {};
}

void Prepared::note_duration(Duration duration) {
  average_ = runs_ == 0 ? duration : average_ + (duration - average_) / kAverageWeight;
  ++runs_;
}

void Prepared::note_long() {
  average_ = std::max(average_, kLongDuration);
  ++runs_;
}

Result<PreparedPtr> PreparedCache::find_or_prepare(
    sqlite3* database, const std::shared_ptr<const sql::CompiledStatement>& compiled) {
  if (const auto found = index_.find(compiled->serial); found != index_.end()) {
    order_.splice(order_.begin(), order_, found->second);
    return order_.front();
  }
  BRIDGE_ASSIGN_OR_RETURN(PreparedPtr prepared, prepare(database, compiled));
  order_.push_front(prepared);
  index_[compiled->serial] = order_.begin();
  if (order_.size() > kPreparedCacheSize) forget(order_.back()->compiled().serial);
  return prepared;
}

Result<PreparedPtr> PreparedCache::prepare(sqlite3* database,
                                           const std::shared_ptr<const sql::CompiledStatement>& compiled) {
  const std::string& text = *compiled->text;
  int size = 0;
  if (!narrow(text.size() + 1, size))
    return make_error(ErrorCode::kQuery, "the statement's text is too long");  // with its NUL: spares a copy
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  if (sqlite3_prepare_v3(database, text.data(), size, SQLITE_PREPARE_PERSISTENT, &statement, &rest) !=
      SQLITE_OK)
    return last_error(database);
  if (statement == nullptr) return make_error(ErrorCode::kQuery, "the text holds no statement");
  auto prepared = std::make_shared<Prepared>(statement, compiled);
  if (!is_blank({rest, static_cast<std::size_t>(text.data() + text.size() - rest)})) {
    return make_error(ErrorCode::kQuery, "the text holds more than one statement");
  }
  return prepared;
}

void PreparedCache::forget(std::uint64_t serial) {
  const auto found = index_.find(serial);
  if (found == index_.end()) return;
  order_.erase(found->second);
  index_.erase(found);
}

void PreparedCache::clear() {
  index_.clear();
  order_.clear();
}

}  // namespace bridge::sqlite
