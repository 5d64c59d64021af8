// One walk from a statement to a dialect's text.
#pragma once

#include "engine/sql/compiled_statement.h"
#include "engine/sql/dialect.h"
#include "engine/sql/statement.h"

namespace bridge::sql {

/// Compiles a shape. Pure; any thread. kQuery for statements that make no sense (grouping errors, unreachable
/// sources, a write without where), kUnsupportedFeature naming the construct and the dialect,
/// kInvalidIdentifier for names too long for it.
Result<CompiledPtr> compile(const Statement& statement, const Dialect& dialect);

}  // namespace bridge::sql
