// Short ways to write nodes and statements in tests.
#include "engine/sql/testing/builders.h"

#include <cstdio>
#include <cstdlib>

#include "engine/sql/functions.h"

namespace bridge::sql::testing {

void abort_on(const Error& error) {
  std::fprintf(stderr, "a test could not build its statement: %s\n", error.message().c_str());
  std::abort();
}

Identifier name(std::string_view text) { return must(Identifier::make(text)); }

types::ColumnType of(types::StorageType storage) { return {.storage = storage}; }

types::ColumnType nullable(types::ColumnType type) {
  type.is_nullable = true;
  return type;
}

SourcePtr source(const TablePtr& table) { return std::make_shared<const Source>(Source{table}); }
SourcePtr alias(const TablePtr& table) { return std::make_shared<const Source>(Source{table, true}); }

ExpressionPtr column(const SourcePtr& source, std::string_view name) {
  const auto index = source->table->find_column(name);
  if (!index) abort_on(make_error(ErrorCode::kQuery, "no column " + std::string(name)));
  return must(make_column(source, *index));
}

ExpressionPtr integer(std::int64_t number) {
  return must(make_parameter(types::Value::of_int64(number), of(types::StorageType::kInt64)));
}

ExpressionPtr text(std::string_view characters) {
  return must(make_parameter(types::Value::of_text(std::string(characters)), of(types::StorageType::kText)));
}

ExpressionPtr decimal(std::string_view digits) {
  return must(make_parameter(types::Value::of_text(types::StorageType::kDecimal, std::string(digits)),
                             of(types::StorageType::kDecimal)));
}

ExpressionPtr binary(BinaryOperator operation, ExpressionPtr left, ExpressionPtr right) {
  return must(make_binary(operation, std::move(left), std::move(right)));
}

ExpressionPtr equal(ExpressionPtr left, ExpressionPtr right) {
  return binary(BinaryOperator::kEqual, std::move(left), std::move(right));
}

ExpressionPtr unary(UnaryOperator operation, ExpressionPtr operand) {
  return must(make_unary(operation, std::move(operand)));
}

ExpressionPtr call(std::string_view function, std::vector<ExpressionPtr> arguments) {
  const FunctionTraits* const traits = find_function(function);
  const types::ColumnType first = arguments.empty() ? types::ColumnType{} : arguments.front()->type();
  const types::ColumnType type = traits != nullptr ? apply_rule(traits->rule, first) : types::ColumnType{};
  return must(make_function(function, std::move(arguments), type, false, nullptr));
}

ExpressionPtr label(ExpressionPtr operand, std::string_view name) {
  return must(make_label(std::move(operand), must(Identifier::make(name))));
}

ExpressionPtr ordering(ExpressionPtr operand, bool is_descending, NullsOrder nulls) {
  return must(make_ordering(std::move(operand), is_descending, nulls));
}

ExpressionPtr ascending(ExpressionPtr operand) {
  return ordering(std::move(operand), false, NullsOrder::kDefault);
}
ExpressionPtr descending(ExpressionPtr operand) {
  return ordering(std::move(operand), true, NullsOrder::kDefault);
}

std::shared_ptr<const Select> query(Select select) {
  return std::make_shared<const Select>(std::move(select));
}

}  // namespace bridge::sql::testing
