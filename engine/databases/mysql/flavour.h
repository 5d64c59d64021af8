// What a flavour of MySQL changes about its sessions.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/error.h"
#include "engine/databases/mysql/error_map.h"

namespace bridge::mysql {

/// Who must answer at the other end.
enum class ServerFamily : std::uint8_t { kAny, kMysql, kMariadb };

/// What the servers of a flavour are told and how they are understood; by default as MySQL. Texts live
/// forever.
struct Flavour {
  /// As messages about its URLs name it.
  std::string_view product = "MySQL";
  /// A server of another family is refused when a connection is made.
  ServerFamily family = ServerFamily::kAny;
  /// The statement every session begins with instead of MySQL's own; empty = MySQL's own.
  std::string_view whole_settings{};
  /// The last word on what a server reports.
  Error (*translate)(driver::ServerError report) = to_error;
  /// Servers prove themselves over TLS on loopback, too, and TLS cannot be turned off.
  bool needs_tls = false;
  /// What is said before a result that is read batch by batch as the server sends it, where the server keeps
  /// no cursors; empty where it does.
  std::string_view streaming_settings{};
  /// Whether dates and times are sent as text, as something on the way spells the binary ones anew.
  bool spells_moments = false;
  /// Whether a second connection may ask the server to stop a statement.
  bool can_stop_statements = true;
};

}  // namespace bridge::mysql
