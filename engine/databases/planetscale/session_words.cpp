// Statements by their first words, functions wherever they are called.
#include "engine/databases/planetscale/session_words.h"

#include <algorithm>
#include <array>

namespace bridge::planetscale {
namespace {

constexpr std::string_view kLock =
    "PlanetScale locks no tables and no names for a session, although LOCK TABLES looks as if it did: lock "
    "rows inside a transaction, with for_update()";
constexpr std::string_view kSetting =
    "a setting of a session takes a connection of PlanetScale's pool out of use for as long as the session "
    "lasts: say SET_VAR in a hint of the statement that needs it";
constexpr std::string_view kProgram =
    "PlanetScale has no stored procedures, functions, triggers, events and no LOAD DATA: insert rows with "
    "insert_many() and compute in queries or in the program";

constexpr std::array<std::string_view, 5> kLocks = {"get_lock", "release_lock", "release_all_locks",
                                                    "is_free_lock", "is_used_lock"};
constexpr std::array<std::string_view, 4> kPrograms = {"procedure", "function", "trigger", "event"};

template <std::size_t kSize>
bool is_among(const std::array<std::string_view, kSize>& known, std::string_view word) {
  return std::find(known.begin(), known.end(), word) != known.end();
}

}  // namespace

std::string_view find_session_objection(const std::vector<std::string>& words) {
  if (words.empty()) return {};
  const std::string& first = words.front();
  const std::string_view second = words.size() > 1 ? std::string_view(words[1]) : std::string_view();
  if (first == "lock" || first == "unlock") return kLock;
  if (first == "set") return kSetting;
  if (first == "load" || (first == "create" && is_among(kPrograms, second))) return kProgram;
  const bool locks =
      std::any_of(words.begin(), words.end(), [](const std::string& word) { return is_among(kLocks, word); });
  return locks ? kLock : std::string_view();
}

}  // namespace bridge::planetscale
