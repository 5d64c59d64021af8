// Search for words by tsvector and tsquery, whose index is an expression index like any other.
#pragma once

#include "engine/sql/dialect.h"

namespace bridge::postgres {

/// Each writes a whole call of the function it is named after (engine/sql/text_search.h). The language stands
/// in the text and not in a parameter: only so is the expression the one that write_create_text_index
/// indexed.
Status write_text_matches(const sql::Dialect& dialect, sql::Compilation& compilation, sql::Operand call);
Status write_text_rank(const sql::Dialect& dialect, sql::Compilation& compilation, sql::Operand call);
Status write_text_highlight(const sql::Dialect& dialect, sql::Compilation& compilation, sql::Operand call);
Status write_text_snippet(const sql::Dialect& dialect, sql::Compilation& compilation, sql::Operand call);

}  // namespace bridge::postgres
