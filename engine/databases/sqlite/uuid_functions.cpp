// Random UUIDs for rows that the database itself makes.
#include "engine/databases/sqlite/uuid_functions.h"

#include <sqlite3.h>

#include "engine/base/random.h"
#include "engine/types/uuid.h"

namespace bridge::sqlite {
namespace {

types::UuidBytes to_version_four(types::UuidBytes bytes) {
  // numbers: the version and variant bits of RFC 9562, section 5.4
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  return bytes;
}

void call_random_uuid(sqlite3_context* context, int, sqlite3_value**) noexcept {
  types::UuidBytes bytes{};
  if (!fill_secure_random(bytes.data(), bytes.size())) {
    sqlite3_result_error(context, "the system has no random bytes", -1);
    return;
  }
  const types::UuidBytes made = to_version_four(bytes);
  sqlite3_result_blob(context, made.data(), static_cast<int>(made.size()), SQLITE_TRANSIENT);
}

}  // namespace

int register_uuid_functions(sqlite3* database) {
  return sqlite3_create_function_v2(database, "bridge_random_uuid", 0, SQLITE_UTF8 | SQLITE_INNOCUOUS,
                                    nullptr, call_random_uuid, nullptr, nullptr, nullptr);
}

}  // namespace bridge::sqlite
