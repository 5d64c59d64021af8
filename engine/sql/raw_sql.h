// Accepts or refuses SQL text written by the application.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace bridge::sql {

/// Checks the pieces of one raw statement or fragment, between which values and names will stand. Accepts
/// text that, in every dialect, is at most one statement with balanced quotes, comments and parentheses,
/// where no gap between pieces lies inside a quote or comment. kUnparameterizedSql otherwise: a second
/// statement, NUL, a quote or comment left open. Messages never quote the text.
Status check_raw_text(const std::vector<std::string>& pieces);

}  // namespace bridge::sql
