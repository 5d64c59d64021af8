// Short ways to write nodes and statements in tests; a node that cannot be made ends the test.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "engine/sql/expression.h"
#include "engine/sql/statement.h"

namespace bridge::sql::testing {

/// Says what went wrong and aborts.
[[noreturn]] void abort_on(const Error& error);

template <typename T>
T must(Result<T> result) {
  if (!result) abort_on(result.error());
  return std::move(result).value();
}

Identifier name(std::string_view text);
types::ColumnType of(types::StorageType storage);
types::ColumnType nullable(types::ColumnType type);
SourcePtr source(const TablePtr& table);
SourcePtr alias(const TablePtr& table);
ExpressionPtr column(const SourcePtr& source, std::string_view name);
ExpressionPtr integer(std::int64_t number);
ExpressionPtr text(std::string_view characters);
ExpressionPtr decimal(std::string_view digits);
ExpressionPtr binary(BinaryOperator operation, ExpressionPtr left, ExpressionPtr right);
ExpressionPtr equal(ExpressionPtr left, ExpressionPtr right);
ExpressionPtr unary(UnaryOperator operation, ExpressionPtr operand);
/// Typed by functions.h; unknown functions give text.
ExpressionPtr call(std::string_view function, std::vector<ExpressionPtr> arguments);
ExpressionPtr label(ExpressionPtr operand, std::string_view name);
ExpressionPtr ordering(ExpressionPtr operand, bool is_descending, NullsOrder nulls);
ExpressionPtr ascending(ExpressionPtr operand);
ExpressionPtr descending(ExpressionPtr operand);
std::shared_ptr<const Select> query(Select select);

}  // namespace bridge::sql::testing
