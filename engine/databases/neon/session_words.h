// What raw SQL cannot ask of a session that is another one in the next transaction.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bridge::neon {

/// See sql::RawTextRules::find_objection: settings, listening, locks and tables that belong to a session.
std::string_view find_session_objection(const std::vector<std::string>& words);

}  // namespace bridge::neon
