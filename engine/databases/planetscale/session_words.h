// What raw SQL cannot ask of a session with vtgate.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bridge::planetscale {

/// See sql::RawTextRules::find_objection: locks of tables and by name, settings, procedures, loading files.
std::string_view find_session_objection(const std::vector<std::string>& words);

}  // namespace bridge::planetscale
