// Parses `scheme://user:password@host:port/database?option=value`, keeping secrets apart.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/secret.h"

namespace bridge::driver {

/// One place to try. A host beginning with `/` is the directory of a Unix socket.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;  ///< 0: the database's usual port
};

/// A parsed URL. Move only, because of its password.
struct ConnectionUrl {
  std::string scheme;
  std::string user;
  Secret password;
  bool has_password = false;
  /// several where the host part is a comma-separated list; empty for file databases
  std::vector<Endpoint> endpoints;
  /// name, or path of a file database (`sqlite:///rel.db` -> `rel.db`, `sqlite:////abs.db` -> `/abs.db`,
  /// `sqlite://` -> ``)
  std::string database;
  std::map<std::string, std::string> options;

  /// Fails with kConfiguration; the message never quotes the input. Percent-decoding throughout; NUL is
  /// refused.
  static Result<ConnectionUrl> parse(std::string_view text);
  /// Scheme, user, hosts and database with `***` for the password; option values are left out. Safe for logs.
  std::string redacted() const;
};

}  // namespace bridge::driver
