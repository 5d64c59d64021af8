// The allow-list of URL options: a name or a word that is not here opens nothing.
#include "engine/databases/sqlite/open_options.h"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace bridge::sqlite {
namespace {

constexpr std::string_view kMemoryName = ":memory:";
constexpr std::int64_t kMaxBusyMilliseconds = 24 * 60 * 60 * 1'000;  // a day: longer is a mistake of unit
constexpr std::int64_t kMaxCacheKibibytes = 16 * 1'024 * 1'024;      // 16 GiB: longer is a mistake of unit

Error refuse(std::string_view option, std::string_view allowed) {
  return make_error(ErrorCode::kConfiguration,
                    "the option " + std::string(option) + " of a SQLite URL takes " + std::string(allowed));
}

template <typename Choice, std::size_t kCount>
std::optional<Choice> find_word(const std::array<std::pair<std::string_view, Choice>, kCount>& words,
                                std::string_view word) {
  for (const auto& [name, choice] : words) {
    if (name == word) return choice;
  }
  return std::nullopt;
}

std::optional<std::int64_t> read_number(std::string_view text, std::int64_t largest) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || number < 0 || number > largest)
    return std::nullopt;
  return number;
}

Status apply_mode(OpenOptions& options, std::string_view word) {
  constexpr std::array<std::pair<std::string_view, Access>, 3> kWords{
      {{"ro", Access::kReadOnly}, {"rw", Access::kReadWrite}, {"rwc", Access::kReadWriteCreate}}};
  if (word == "memory") {
    options.is_in_memory = true;
    return {};
  }
  const auto choice = find_word(kWords, word);
  if (!choice) return refuse("mode", "ro, rw, rwc or memory");
  options.access = *choice;
  return {};
}

Status apply_synchronous(OpenOptions& options, std::string_view word) {
  constexpr std::array<std::pair<std::string_view, Synchronous>, 3> kWords{
      {{"normal", Synchronous::kNormal}, {"full", Synchronous::kFull}, {"extra", Synchronous::kExtra}}};
  const auto choice = find_word(kWords, word);
  if (!choice) return refuse("synchronous", "normal, full or extra");
  options.synchronous = *choice;
  return {};
}

Status apply_journal_mode(OpenOptions& options, std::string_view word) {
  constexpr std::array<std::pair<std::string_view, JournalMode>, 4> kWords{
      {{"wal", JournalMode::kWal},
       {"delete", JournalMode::kDelete},
       {"truncate", JournalMode::kTruncate},
       {"persist", JournalMode::kPersist}}};
  const auto choice = find_word(kWords, word);
  if (!choice) return refuse("journal_mode", "wal, delete, truncate or persist");
  options.journal_mode = *choice;
  return {};
}

Status apply_busy_timeout(OpenOptions& options, std::string_view word) {
  const auto number = read_number(word, kMaxBusyMilliseconds);
  if (!number) return refuse("busy_timeout", "milliseconds, at most a day of them");
  options.busy_timeout = std::chrono::milliseconds(*number);
  return {};
}

Status apply_cache_size(OpenOptions& options, std::string_view word) {
  const auto number = read_number(word, kMaxCacheKibibytes);
  if (!number) return refuse("cache_size", "KiB, at most 16 GiB of them");
  options.cache_kibibytes = *number;
  return {};
}

}  // namespace

Result<OpenOptions> parse_open_options(const driver::ConnectionUrl& url) {
  using Apply = Status (*)(OpenOptions&, std::string_view);
  constexpr std::array<std::pair<std::string_view, Apply>, 5> kOptions{{{"mode", apply_mode},
                                                                        {"synchronous", apply_synchronous},
                                                                        {"journal_mode", apply_journal_mode},
                                                                        {"busy_timeout", apply_busy_timeout},
                                                                        {"cache_size", apply_cache_size}}};
  if (!url.endpoints.empty() || !url.user.empty() || url.has_password) {
    return make_error(
        ErrorCode::kConfiguration,
        "a SQLite URL has no host, user or password: sqlite:///relative.db or sqlite:////absolute.db");
  }
  OpenOptions options;
  options.is_in_memory = url.database.empty() || url.database == kMemoryName;
  for (const auto& [name, word] : url.options) {
    const auto apply = find_word(kOptions, name);
    if (!apply) {
      return make_error(ErrorCode::kConfiguration,
                        "a SQLite URL has an unknown option; it takes mode, busy_timeout, synchronous, "
                        "journal_mode and cache_size");
    }
    BRIDGE_RETURN_IF_ERROR((*apply)(options, word));
  }
  if (!options.is_in_memory) options.path = url.database;
  return options;
}

}  // namespace bridge::sqlite
