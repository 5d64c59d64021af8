// Opening, hardening (https://www.sqlite.org/security.html) and closing a connection.
#include "engine/databases/sqlite/database_handle.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "engine/base/limits.h"
#include "engine/databases/sqlite/decimal_functions.h"
#include "engine/databases/sqlite/error_map.h"
#include "engine/databases/sqlite/moment_functions.h"
#include "engine/databases/sqlite/text_functions.h"
#include "engine/databases/sqlite/uuid_functions.h"
#include "engine/net/fork_generation.h"

namespace bridge::sqlite {
namespace {

// about 20 us of SQLite's byte code between two looks at the clock
constexpr int kOperationsPerCheck = 1'000;
// covers most databases; larger ones read the rest as usual
constexpr std::int64_t kMemoryMapBytes = 128 << 20;
// far beyond what the compiler writes for the most rows of one INSERT
constexpr int kMaxStatementBytes = 16 << 20;
constexpr int kMaxTriggerDepth = 100;    // a tenth of SQLite's own: deeper is a loop
constexpr int kMaxPatternBytes = 5'000;  // LIKE and GLOB cost grows with the square of it

int to_flags(const OpenOptions& options) {
  constexpr int kAlways = SQLITE_OPEN_NOMUTEX;  // one thread at a time, by construction
  if (options.is_in_memory) return kAlways | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  switch (options.access) {
    case Access::kReadOnly:
      return kAlways | SQLITE_OPEN_READONLY;
    case Access::kReadWrite:
      return kAlways | SQLITE_OPEN_READWRITE;
    case Access::kReadWriteCreate:
      break;
  }
  return kAlways | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
}

std::string_view to_word(JournalMode mode) {
  switch (mode) {
    case JournalMode::kWal:
      return "wal";
    case JournalMode::kDelete:
      return "delete";
    case JournalMode::kTruncate:
      return "truncate";
    case JournalMode::kPersist:
      return "persist";
  }
  return "wal";
}

std::string_view to_word(Synchronous synchronous) {
  switch (synchronous) {
    case Synchronous::kNormal:
      return "normal";
    case Synchronous::kFull:
      return "full";
    case Synchronous::kExtra:
      return "extra";
  }
  return "normal";
}

/// Pragmas that only look, whatever their argument.
bool is_looking_pragma(std::string_view name) {
  constexpr std::array<std::string_view, 17> kNames{
      "table_info",     "table_xinfo",      "table_list",        "index_list",    "index_info",
      "index_xinfo",    "foreign_key_list", "foreign_key_check", "database_list", "compile_options",
      "collation_list", "function_list",    "integrity_check",   "quick_check",   "page_count",
      "freelist_count", "pragma_list"};
  return std::ranges::find(kNames, name) != kNames.end();
}

/// Pragmas that look when they have no argument and set when they have one.
bool is_readable_pragma(std::string_view name) {
  constexpr std::array<std::string_view, 9> kNames{"user_version", "application_id", "encoding",
                                                   "journal_mode", "foreign_keys",   "synchronous",
                                                   "page_size",    "schema_version", "data_version"};
  return std::ranges::find(kNames, name) != kNames.end();
}

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char character : name) text.append(character == '"' ? 2 : 1, character);
  return text + '"';
}

}  // namespace

DatabaseHandle::DatabaseHandle(const OpenOptions& options, driver::Driver::Role role, const Clock& clock)
    : options_(options), role_(role), watch_(clock), generation_(net::fork_generation()) {}

Result<std::unique_ptr<DatabaseHandle>> DatabaseHandle::open(const OpenOptions& options,
                                                             driver::Driver::Role role, const Clock& clock,
                                                             Deadline deadline) {
  std::unique_ptr<DatabaseHandle> handle(new DatabaseHandle(options, role, clock));
  const std::string path = options.is_in_memory ? ":memory:" : options.path;
  const int code = sqlite3_open_v2(path.c_str(), &handle->database_, to_flags(options), nullptr);
  if (code != SQLITE_OK) {
    const Error reason =
        handle->database_ == nullptr ? to_error(code, sqlite3_errstr(code)) : last_error(handle->database_);
    return make_error(ErrorCode::kConnectFailed, "the database file cannot be opened: " + reason.message())
        .with_server(reason.server());
  }
  BRIDGE_RETURN_IF_ERROR(handle->configure(deadline));
  return handle;
}

DatabaseHandle::~DatabaseHandle() {
  if (generation_ != net::fork_generation()) words_.abandon();
  if (database_ == nullptr || generation_ != net::fork_generation()) return;
  words_.close();
  sqlite3_finalize(begin_);
  sqlite3_finalize(commit_);
  sqlite3_close_v2(database_);
}

Status DatabaseHandle::configure(Deadline deadline) {
  sqlite3_extended_result_codes(database_, 1);
  // opening may meet another connection that recovers the log or changes the journal mode: SQLite itself
  // waits here, later we do
  const auto patience = std::min<Duration>(options_.busy_timeout, deadline.remaining(watch_.now()));
  sqlite3_busy_timeout(
      database_, static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(patience).count()));
  for (const auto& [setting, value] :
       {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1}, std::pair{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        std::pair{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0}, std::pair{SQLITE_DBCONFIG_DQS_DDL, 0},
        std::pair{SQLITE_DBCONFIG_DQS_DML, 0}}) {
    if (sqlite3_db_config(database_, setting, value, nullptr) != SQLITE_OK) return last_error(database_);
  }
  if (register_decimal_functions(database_) != SQLITE_OK) return last_error(database_);
  if (register_uuid_functions(database_) != SQLITE_OK) return last_error(database_);
  if (register_moment_functions(database_) != SQLITE_OK) return last_error(database_);
  if (register_text_functions(database_) != SQLITE_OK) return last_error(database_);
  if (words_.register_functions(database_) != SQLITE_OK) return last_error(database_);
  BRIDGE_RETURN_IF_ERROR(lower_limits());
  BRIDGE_RETURN_IF_ERROR(set_pragmas());
  sqlite3_busy_timeout(database_, 0);
  sqlite3_progress_handler(database_, kOperationsPerCheck, on_progress, this);
  sqlite3_wal_autocheckpoint(database_, 0);
  sqlite3_wal_hook(database_, on_log_grown, this);
  if (sqlite3_set_authorizer(database_, on_authorize, this) != SQLITE_OK) return last_error(database_);
  return {};
}

Status DatabaseHandle::lower_limits() {
  sqlite3_limit(database_, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(database_, SQLITE_LIMIT_WORKER_THREADS, 0);
  sqlite3_limit(database_, SQLITE_LIMIT_TRIGGER_DEPTH, kMaxTriggerDepth);
  sqlite3_limit(database_, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, kMaxPatternBytes);
  sqlite3_limit(database_, SQLITE_LIMIT_SQL_LENGTH, kMaxStatementBytes);
  sqlite3_limit(database_, SQLITE_LIMIT_LENGTH, static_cast<int>(kMaxMessageBytes));
  return {};
}

Status DatabaseHandle::run(const std::string& text) {
  if (sqlite3_exec(database_, text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return last_error(database_);
}

Status DatabaseHandle::set_pragmas() {
  distrust(false);
  std::string text =
      "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA case_sensitive_like=ON; PRAGMA "
      "cell_size_check=ON; PRAGMA recursive_triggers=OFF;"
      "PRAGMA read_uncommitted=OFF; PRAGMA defer_foreign_keys=OFF; PRAGMA ignore_check_constraints=OFF; "
      "PRAGMA reverse_unordered_selects=OFF;";
  if (options_.cache_kibibytes > 0)
    text += "PRAGMA cache_size=-" + std::to_string(options_.cache_kibibytes) + ";";
  if (!options_.is_in_memory) {
    if (options_.access != Access::kReadOnly)
      text += "PRAGMA journal_mode=" + std::string(to_word(options_.journal_mode)) + ";";
    text += "PRAGMA synchronous=" + std::string(to_word(options_.synchronous)) + ";";
    text += "PRAGMA mmap_size=" + std::to_string(kMemoryMapBytes) + ";";
  }
  const bool is_reader = role_ == driver::Driver::Role::kReader || options_.access == Access::kReadOnly;
  if (!options_.is_in_memory) text += is_reader ? "PRAGMA query_only=ON;" : "PRAGMA query_only=OFF;";
  return run(text);
}

Status DatabaseHandle::restore_session() {
  distrust(false);
  BRIDGE_RETURN_IF_ERROR(drop_temporary_objects());
  return set_pragmas();
}

Status DatabaseHandle::drop_temporary_objects() {
  sqlite3_stmt* statement = nullptr;
  constexpr std::string_view kList =
      "SELECT type, name FROM temp.sqlite_schema WHERE type IN ('table', 'view', 'trigger') AND name NOT "
      "LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type = 'table'";
  if (sqlite3_prepare_v2(database_, kList.data(), static_cast<int>(kList.size()), &statement, nullptr) !=
      SQLITE_OK)
    return last_error(database_);
  std::vector<std::string> drops;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    // SAFETY: SQLite's text is unsigned bytes; char may alias them
    const auto* kind = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    const auto* name = reinterpret_cast<const char*>(sqlite3_column_text(statement, 1));  // SAFETY: as above
    // a trigger may have gone with its table
    drops.push_back("DROP " + std::string(kind) + " IF EXISTS temp." + quoted(name));
  }
  if (sqlite3_finalize(statement) != SQLITE_OK) return last_error(database_);
  for (const std::string& drop : drops) BRIDGE_RETURN_IF_ERROR(run(drop));
  return {};
}

bool DatabaseHandle::has_moved() const {
  if (options_.is_in_memory) return false;
  int moved = 0;
  const int code = sqlite3_file_control(database_, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return code == SQLITE_OK && moved != 0;
}

bool DatabaseHandle::is_in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }

bool DatabaseHandle::run_kept(sqlite3_stmt*& statement, const char* text) {
  if (statement == nullptr &&
      sqlite3_prepare_v3(database_, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
    return false;
  watch_.arm(TimePoint::max(), false);
  const bool is_done = sqlite3_step(statement) == SQLITE_DONE;
  sqlite3_reset(statement);  // its code repeats the step's
  return is_done;
}

bool DatabaseHandle::open_snapshot() { return run_kept(begin_, "BEGIN"); }

void DatabaseHandle::close_snapshot() {
  // nothing was written, so nothing can be lost; an open statement would only keep the snapshot a little
  // longer
  static_cast<void>(run_kept(commit_, "COMMIT"));
}

bool DatabaseHandle::checkpoint() {
  watch_.arm(TimePoint::max(), false);
  int frames = 0;
  int moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(database_, "main", SQLITE_CHECKPOINT_PASSIVE, &frames, &moved);
  const bool is_complete = code == SQLITE_OK && frames == moved;
  // a reader that stays keeps its pages: trying after every commit would gain nothing
  checkpoint_at_ = (is_complete ? 0 : std::max(frames, log_frames_)) + kCheckpointFrames;
  log_frames_ = 0;
  return is_complete;
}

int DatabaseHandle::on_progress(void* handle) noexcept {
  return static_cast<DatabaseHandle*>(handle)->watch_.must_interrupt() ? 1 : 0;
}

// NOLINTNEXTLINE(readability-function-size): the parameters are those SQLite calls an authorizer with
int DatabaseHandle::on_authorize(void* handle, int action, const char* first, const char* second, const char*,
                                 const char*) noexcept {
  if (action == SQLITE_ATTACH || action == SQLITE_DETACH) return SQLITE_DENY;
  const auto* self = static_cast<const DatabaseHandle*>(handle);
  if (action != SQLITE_PRAGMA || !self->is_raw_ || first == nullptr) return SQLITE_OK;
  const std::string_view name = first;
  return is_looking_pragma(name) || (second == nullptr && is_readable_pragma(name)) ? SQLITE_OK : SQLITE_DENY;
}

int DatabaseHandle::on_log_grown(void* handle, sqlite3*, const char*, int frames) noexcept {
  static_cast<DatabaseHandle*>(handle)->log_frames_ = frames;
  return SQLITE_OK;
}

}  // namespace bridge::sqlite
