// One walk from a statement to a dialect's text.
#include "engine/sql/compiler.h"

#include <atomic>

#include "engine/base/limits.h"
#include "engine/sql/compilation.h"
#include "engine/sql/statement_compiler.h"
#include "engine/sql/statement_parts.h"

namespace bridge::sql {
namespace {

// Definitions hold constants of the model, which servers take only as literals.
Compilation::Values to_values(const StatementBody& body) {
  const bool is_definition =
      std::holds_alternative<CreateTable>(body) || std::holds_alternative<CreateIndex>(body);
  return is_definition ? Compilation::Values::kLiterals : Compilation::Values::kBound;
}

Status check_size(const Statement& statement) {
  const PartTotals totals = std::visit([](const auto& body) { return total_of(body); }, statement.body());
  if (totals.depth > kMaxExpressionDepth) {
    return make_error(ErrorCode::kQuery, "a statement nested deeper than " +
                                             std::to_string(kMaxExpressionDepth) + " levels is too deep");
  }
  const std::size_t count = totals.nodes;
  if (count <= kMaxStatementNodes) return {};
  return make_error(ErrorCode::kQuery, "a statement of " + std::to_string(count) +
                                           " nodes is too large; the limit is " +
                                           std::to_string(kMaxStatementNodes));
}

Status check_parameters(const CompiledStatement& compiled, const Dialect& dialect) {
  const std::size_t limit = dialect.limits().max_parameters;
  if (compiled.parameters.size() <= limit) return {};
  return make_error(ErrorCode::kQuery, "a statement binds " + std::to_string(compiled.parameters.size()) +
                                           " values; " + std::string(dialect.name()) + " takes at most " +
                                           std::to_string(limit));
}

}  // namespace

std::uint64_t next_serial() {
  static std::atomic<std::uint64_t> last_serial{0};
  return ++last_serial;
}

Result<CompiledPtr> compile(const Statement& statement, const Dialect& dialect) {
  BRIDGE_RETURN_IF_ERROR(check_size(statement));
  Compilation compilation(dialect, to_values(statement.body()));
  auto compiled = std::make_shared<CompiledStatement>();
  BRIDGE_RETURN_IF_ERROR(std::visit(StatementCompiler(compilation, *compiled), statement.body()));
  BRIDGE_RETURN_IF_ERROR(compilation.text().status());
  compiled->parameters = compilation.text().take_slots();
  compiled->text = std::make_shared<const std::string>(compilation.text().take_text());
  compiled->serial = next_serial();
  BRIDGE_RETURN_IF_ERROR(check_parameters(*compiled, dialect));
  return CompiledPtr(std::move(compiled));
}

}  // namespace bridge::sql
