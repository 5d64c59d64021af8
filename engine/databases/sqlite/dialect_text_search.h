// Search for words by the full-text extension: a table of words beside the table of rows, kept exact by
// triggers.
#pragma once

#include "engine/sql/dialect.h"

namespace bridge::sqlite {

/// Whether the library this process uses was built with the extension.
bool can_search_text();

/// Each writes a whole call of the function it is named after (engine/sql/text_search.h).
/// kUnsupportedFeature, naming the declaration that is missing, where no text index serves the search.
Status write_text_matches(const sql::Dialect& dialect, sql::Compilation& compilation, sql::Operand call);
Status write_text_rank(const sql::Dialect& dialect, sql::Compilation& compilation, sql::Operand call);
Status write_text_highlight(const sql::Dialect& dialect, sql::Compilation& compilation, sql::Operand call);
Status write_text_snippet(const sql::Dialect& dialect, sql::Compilation& compilation, sql::Operand call);

}  // namespace bridge::sqlite
