// What a flavour of MySQL changes about its sessions.
#pragma once

#include <string_view>

#include "engine/driver/server_error.h"

namespace bridge::mysql {

/// What the servers of a flavour are told and how they are understood; by default as MySQL.
struct Flavour {
  /// Assignments behind those of every session, beginning with a comma; text that lives forever.
  std::string_view settings{};
  /// Whether a URL's database may be followed by a slash and a branch of it.
  bool has_branches = false;
  /// Whether rows can wait in the server; elsewhere a stream holds all of them.
  bool has_cursors = true;
  /// Whether dates and times are sent as text: not every server reads each of them in binary.
  bool sends_moments_as_text = false;
  /// Whether writes count the rows they met by their number alone, as the server has no sentence for it.
  bool counts_found_rows = false;
  /// Brings what a server reports into MySQL's numbers and words, as far as they differ; may be null.
  void (*restate)(driver::ServerError& report) = nullptr;
};

}  // namespace bridge::mysql
