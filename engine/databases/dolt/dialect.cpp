// What Dolt says differently from MySQL: rows that come back, locks that are not held.
#include "engine/databases/dolt/dialect.h"

#include <optional>

#include "engine/sql/compilation.h"

namespace bridge::dolt {

using sql::Capability;
using Words = sql::SqlWriter::Words;

namespace {

bool is_bound_decimal(sql::Operand operand) {
  return operand.node->as<sql::Parameter>() != nullptr &&
         operand.node->type().storage == types::StorageType::kDecimal;
}

std::optional<Words> to_sign(sql::BinaryOperator operation) {
  switch (operation) {
    case sql::BinaryOperator::kAdd:
      return Words(" + ");
    case sql::BinaryOperator::kSubtract:
      return Words(" - ");
    case sql::BinaryOperator::kMultiply:
      return Words(" * ");
    default:  // what else there is, the parent says
      return std::nullopt;
  }
}

}  // namespace

const sql::Dialect& dolt_dialect() {
  static const DoltDialect dialect;
  return dialect;
}

std::string_view DoltDialect::name() const { return "Dolt"; }

// It reads FOR UPDATE and locks nothing: who relies on it would lose an update.
const sql::Capabilities& DoltDialect::capabilities() const {
  static const sql::Capabilities capabilities = MysqlDialect::capabilities()
                                                    .without(Capability::kRowLocks)
                                                    .without(Capability::kSkipLocked)
                                                    .without(Capability::kServerCursors)
                                                    .with(Capability::kAsOf)
                                                    .with(Capability::kVersionControl);
  return capabilities;
}

Status DoltDialect::write_literal(std::string& text, const types::Value& value,
                                  const types::ColumnType& type) const {
  std::string written;
  BRIDGE_RETURN_IF_ERROR(MysqlDialect::write_literal(written, value, type));
  for (const char character : written) text.append(character == '\\' ? 2U : 1U, character);
  return {};
}

Status DoltDialect::write_binary(sql::Compilation& compilation, sql::BinaryOperator operation,
                                 sql::Operand left, sql::Operand right) const {
  const std::optional<Words> sign = to_sign(operation);
  if (!sign || !(is_bound_decimal(left) || is_bound_decimal(right)))
    return MysqlDialect::write_binary(compilation, operation, left, right);
  const auto write_side = [&](sql::Operand side, sql::Rank rank) {
    return is_bound_decimal(side) ? write_cast(compilation, side, {.storage = types::StorageType::kDecimal})
                                  : compilation.write(side, rank);
  };
  BRIDGE_RETURN_IF_ERROR(write_side(left, sql::Rank::kArithmetic));
  compilation.text().words(*sign);
  return write_side(right, sql::Rank::kAtom);
}

Status DoltDialect::write_in_list(sql::Compilation& compilation, bool is_negated, sql::Operand left,
                                  sql::Operand list) const {
  const types::StorageType storage = left.node->type().storage;
  if (storage != types::StorageType::kBytes && storage != types::StorageType::kTime)
    return MysqlDialect::write_in_list(compilation, is_negated, left, list);
  sql::SqlWriter& text = compilation.text();
  const std::size_t count = sql::to_list_bucket(list.node->as<sql::Parameter>()->value.elements.size());
  for (std::size_t member = 0; member < count; ++member) {
    if (member > 0) text.words(is_negated ? Words(" AND ") : Words(" OR "));
    if (member == 0) text.words("(");
    BRIDGE_RETURN_IF_ERROR(compilation.write(left, sql::Rank::kArithmetic));
    text.words(is_negated ? Words(" <> ") : Words(" = "));
    compilation.write_member(list, member);
  }
  text.words(")");
  return {};
}

bool DoltDialect::can_return(telemetry::Operation write) const {
  return write == telemetry::Operation::kInsert;
}

Status DoltDialect::write_function(sql::Compilation& compilation, sql::Operand call) const {
  const std::string& name = call.node->as<sql::FunctionCall>()->name;
  if (name == "extract_week") return unsupported("weeks of ISO 8601; count them where the rows are read");
  if (name == "cume_dist") return unsupported("cume_dist; divide rank by count");
  return MysqlDialect::write_function(compilation, call);
}

Status DoltDialect::write_explain(sql::SqlWriter& writer, const sql::Explain& explain) const {
  writer.words(explain.analyze ? Words("EXPLAIN ANALYZE ") : Words("EXPLAIN FORMAT=TREE "));
  return {};
}

Status DoltDialect::write_conflict(sql::Compilation& compilation, const sql::ConflictClause& clause) const {
  if (!clause.insert.returning.empty())
    return unsupported("returning of upserted rows as they are afterwards; select them again by their key");
  return MysqlDialect::write_conflict(compilation, clause);
}

}  // namespace bridge::dolt
