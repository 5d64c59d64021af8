// Statements by their first words, functions wherever they are called.
#include "engine/databases/neon/session_words.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace bridge::neon {
namespace {

constexpr std::string_view kSetting =
    "a pooled endpoint of Neon keeps no settings of a session: say SET LOCAL inside a transaction, or "
    "connect "
    "to the host without -pooler";
constexpr std::string_view kBelonging =
    "a pooled endpoint of Neon keeps nothing that belongs to a session (LISTEN, PREPARE, LOAD, cursors WITH "
    "HOLD, "
    "temporary tables, advisory locks of sessions): connect to the host without -pooler";

constexpr std::array<std::string_view, 4> kOwnStatements = {"listen", "unlisten", "prepare", "load"};
constexpr std::array<std::string_view, 3> kSettingsOfTransactions = {"local", "transaction", "constraints"};
constexpr std::array<std::string_view, 4> kLocks = {"pg_advisory_lock", "pg_advisory_lock_shared",
                                                    "pg_try_advisory_lock", "pg_try_advisory_lock_shared"};

template <std::size_t kSize>
bool is_among(const std::array<std::string_view, kSize>& known, std::string_view word) {
  return std::find(known.begin(), known.end(), word) != known.end();
}

bool makes_temporary_table(const std::vector<std::string>& words) {
  constexpr std::size_t kFarthest = 3;  // CREATE LOCAL TEMPORARY TABLE
  const auto end = words.begin() + static_cast<std::ptrdiff_t>(std::min(words.size(), kFarthest));
  return words.front() == "create" && std::any_of(words.begin(), end, [](const std::string& word) {
           return word == "temp" || word == "temporary";
         });
}

bool holds_cursor(const std::vector<std::string>& words) {
  const auto with = std::find(words.begin(), words.end(), "with");
  return words.front() == "declare" && with != words.end() && with + 1 != words.end() && with[1] == "hold";
}

}  // namespace

std::string_view find_session_objection(const std::vector<std::string>& words) {
  if (words.empty()) return {};
  const std::string_view second = words.size() > 1 ? std::string_view(words[1]) : std::string_view();
  if (words.front() == "set" && !is_among(kSettingsOfTransactions, second)) return kSetting;
  if (is_among(kOwnStatements, words.front()) && second != "transaction") return kBelonging;
  if (makes_temporary_table(words) || holds_cursor(words)) return kBelonging;
  const bool locks =
      std::any_of(words.begin(), words.end(), [](const std::string& word) { return is_among(kLocks, word); });
  return locks ? kBelonging : std::string_view();
}

}  // namespace bridge::neon
