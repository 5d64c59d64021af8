// An open SQLite connection with everything switched on or off that it should be.
#pragma once

#include <memory>
#include <string>

#include "engine/base/deadline.h"
#include "engine/base/result.h"
#include "engine/databases/sqlite/open_options.h"
#include "engine/databases/sqlite/step_watch.h"
#include "engine/databases/sqlite/word_writer.h"
#include "engine/driver/driver.h"

struct sqlite3;
struct sqlite3_stmt;

namespace bridge::sqlite {

/// Owns one sqlite3 connection. Not thread safe, but may be handed from thread to thread between calls. In a
/// forked child it lets go of the connection without touching the file: SQLite forbids using it there, even
/// to close it; the descriptors end with the process or its exec.
class DatabaseHandle {
 public:
  /// Opens and configures; blocks at most until the deadline. kConnectFailed, or what error_map says of the
  /// file.
  static Result<std::unique_ptr<DatabaseHandle>> open(const OpenOptions& options, driver::Driver::Role role,
                                                      const Clock& clock, Deadline deadline);
  ~DatabaseHandle();
  DatabaseHandle(const DatabaseHandle&) = delete;
  DatabaseHandle& operator=(const DatabaseHandle&) = delete;

  sqlite3* get() const { return database_; }
  StepWatch& watch() { return watch_; }

  /// Until the next call the authorizer treats what is prepared or stepped as text the application wrote: no
  /// PRAGMA beyond those that only look.
  void distrust(bool is_raw) { is_raw_ = is_raw; }
  /// Sets the session back to what `open` made of it and drops temporary objects.
  Status restore_session();
  /// Whether the file that was opened is no longer the one of that path.
  bool has_moved() const;

  bool is_in_transaction() const;
  /// Begins and ends a read transaction around several reads: less than half the cost of one for each.
  /// Opening answers whether it is open.
  bool open_snapshot();
  void close_snapshot();
  /// Whether the write-ahead log has grown enough since the last checkpoint for another one.
  bool wants_checkpoint() const { return log_frames_ >= checkpoint_at_; }
  /// Moves the log's pages into the database as far as readers permit; true when all of them went. Blocks on
  /// the disk.
  bool checkpoint();

 private:
  DatabaseHandle(const OpenOptions& options, driver::Driver::Role role, const Clock& clock);
  Status configure(Deadline deadline);
  Status lower_limits();
  Status set_pragmas();
  Status run(const std::string& text);
  Status drop_temporary_objects();
  bool run_kept(sqlite3_stmt*& statement, const char* text);

  static int on_progress(void* handle) noexcept;
  static int on_authorize(void* handle, int action, const char* first, const char* second, const char* schema,
                          const char* trigger) noexcept;
  static int on_log_grown(void* handle, sqlite3* database, const char* schema, int frames) noexcept;

  OpenOptions options_;
  driver::Driver::Role role_;
  StepWatch watch_;
  std::uint64_t generation_;
  sqlite3* database_ = nullptr;
  sqlite3_stmt* begin_ = nullptr;  // kept prepared: they run once a tick
  sqlite3_stmt* commit_ = nullptr;
  WordWriter words_;
  bool is_raw_ = false;
  /// SQLite's own threshold: 4 MB of log in pages of the usual size.
  static constexpr int kCheckpointFrames = 1'000;
  int log_frames_ = 0;
  int checkpoint_at_ = kCheckpointFrames;
};

}  // namespace bridge::sqlite
