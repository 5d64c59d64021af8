// An open SQLite connection with everything switched on or off that it should be.
#pragma once

#include <memory>
#include <string>

#include "engine/base/deadline.h"
#include "engine/base/result.h"
#include "engine/databases/sqlite/open_options.h"
#include "engine/databases/sqlite/step_watch.h"
#include "engine/driver/driver.h"

struct sqlite3;

namespace bridge::sqlite {

/// Owns one sqlite3 connection. Not thread safe, but may be handed from thread to thread between calls. In a forked child it lets go of the
/// connection without touching the file: SQLite forbids using it there, even to close it; the descriptors end with the process or its exec.
class DatabaseHandle {
 public:
  /// Opens and configures; blocks at most until the deadline. kConnectFailed, or what error_map says of the file.
  static Result<std::unique_ptr<DatabaseHandle>> open(const OpenOptions& options, driver::Driver::Role role, const Clock& clock, Deadline deadline);
  ~DatabaseHandle();
  DatabaseHandle(const DatabaseHandle&) = delete;
  DatabaseHandle& operator=(const DatabaseHandle&) = delete;

  sqlite3* get() const { return database_; }
  StepWatch& watch() { return watch_; }

  /// Until the next call the authorizer treats what is prepared or stepped as text the application wrote: no PRAGMA beyond those that only look.
  void distrust(bool is_raw) { is_raw_ = is_raw; }
  /// Sets the session back to what `open` made of it and drops temporary objects.
  Status restore_session();
  /// Whether the file that was opened is no longer the one of that path.
  bool has_moved() const;

  bool is_in_transaction() const;
  /// Frames in the write-ahead log after the last commit here.
  int log_frames() const { return log_frames_; }
  /// Moves the log's pages into the database as far as readers permit. Blocks on the disk.
  void checkpoint();

 private:
  DatabaseHandle(const OpenOptions& options, driver::Driver::Role role, const Clock& clock);
  Status configure(Deadline deadline);
  Status lower_limits();
  Status set_pragmas();
  Status run(const std::string& text);
  Status drop_temporary_objects();

  static int on_progress(void* handle) noexcept;
  static int on_authorize(void* handle, int action, const char* first, const char* second, const char* schema, const char* trigger) noexcept;
  static int on_log_grown(void* handle, sqlite3* database, const char* schema, int frames) noexcept;

  OpenOptions options_;
  driver::Driver::Role role_;
  StepWatch watch_;
  std::uint64_t generation_;
  sqlite3* database_ = nullptr;
  bool is_raw_ = false;
  int log_frames_ = 0;
};

}  // namespace bridge::sqlite
