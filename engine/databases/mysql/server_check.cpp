// Reads the version a server greets with.
#include "engine/databases/mysql/server_check.h"

#include <charconv>
#include <string>
#include <string_view>
#include <utility>

namespace bridge::mysql {
namespace {

// What MariaDB puts before its version for clients that take two digits for an old server.
constexpr std::string_view kDisguise = "5.5.5-";
// The first with SKIP LOCKED, JSON_TABLE and single definitions that happen whole or not at all.
constexpr std::pair<int, int> kOldestMariadb{10, 6};

std::string_view undisguise(std::string_view version) {
  return version.starts_with(kDisguise) ? version.substr(kDisguise.size()) : version;
}

std::pair<int, int> parse_version(std::string_view version) {
  std::pair<int, int> parsed{0, 0};
  const char* const end = version.data() + version.size();
  const auto [point, error] = std::from_chars(version.data(), end, parsed.first);
  if (error == std::errc() && point != end) std::from_chars(point + 1, end, parsed.second);
  return parsed;
}

Error refuse(std::string message) { return make_error(ErrorCode::kConfiguration, std::move(message)); }

}  // namespace

Status check_server(const wire::SessionTraits& traits, ServerFamily wanted) {
  const std::string version(undisguise(traits.version));
  if (wanted == ServerFamily::kMysql && traits.is_mariadb)
    return refuse("the server is MariaDB (" + version + "): let the URL begin with mariadb://");
  if (wanted == ServerFamily::kMariadb && !traits.is_mariadb)
    return refuse("the server is not MariaDB (" + version + "): let the URL begin with mysql://");
  if (traits.is_mariadb && parse_version(version) < kOldestMariadb)
    return refuse("the server is MariaDB " + version + ", which is too old: 10.6 is needed");
  return {};
}

}  // namespace bridge::mysql
