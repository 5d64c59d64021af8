// What a SQLite URL asks for, checked against a closed list.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "engine/driver/connection_url.h"

namespace bridge::sqlite {

enum class Access : std::uint8_t { kReadOnly, kReadWrite, kReadWriteCreate };
enum class JournalMode : std::uint8_t { kWal, kDelete, kTruncate, kPersist };
enum class Synchronous : std::uint8_t { kNormal, kFull, kExtra };

/// How to open a database. Copyable.
struct OpenOptions {
  std::string path{};  ///< empty in memory
  bool is_in_memory = false;
  Access access = Access::kReadWriteCreate;
  JournalMode journal_mode = JournalMode::kWal;
  Synchronous synchronous = Synchronous::kNormal;
  /// Longest wait for a lock; a request's deadline ends it earlier.
  std::chrono::milliseconds busy_timeout{5'000};
  /// In KiB; zero leaves SQLite's own choice.
  std::int64_t cache_kibibytes = 0;

  /// Whether every commit waits for the disk.
  bool commits_sync() const {
    return !is_in_memory && (journal_mode != JournalMode::kWal || synchronous != Synchronous::kNormal);
  }
};

/// Reads path and options: mode=ro|rw|rwc|memory, busy_timeout (milliseconds), synchronous=normal|full|extra,
/// journal_mode=wal|delete|truncate|persist, cache_size (KiB). Anything else, a host, a user or a password is
/// kConfiguration.
Result<OpenOptions> parse_open_options(const driver::ConnectionUrl& url);

}  // namespace bridge::sqlite
