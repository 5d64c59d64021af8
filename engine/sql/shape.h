// The shape of a statement, which is the statement less its values: the key of every cache.
#pragma once

#include <vector>

#include "engine/sql/statement.h"

namespace bridge::sql {

/// Whether two statements differ in nothing but values. Copies of a table correspond one to one in order of
/// first use.
bool has_same_shape(const Statement& left, const Statement& right);

/// Whether two expressions of one statement say the same about the same sources; parameters count as the same
/// whatever their values.
bool is_same_expression(const Expression& left, const Expression& right);

/// The Parameter nodes of a statement in canonical order: the order in which a depth-first walk over its
/// parts meets them. CompiledStatement::parameters refers to these positions.
std::vector<const Parameter*> collect_parameters(const Statement& statement);

/// The statement less its values: of the same shape, with NULL in every parameter (lists keep their bucket).
/// Caches keep this, so that nobody's value lives on in them. Parts without parameters are shared.
StatementPtr strip_values(const Statement& statement);

}  // namespace bridge::sql
