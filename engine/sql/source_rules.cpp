// Tables read twice, joined too early, or locked without being read.
#include "engine/sql/source_rules.h"

#include <algorithm>

#include "engine/sql/derived.h"
#include "engine/sql/statement_parts.h"

namespace bridge::sql {
namespace {

using Sources = std::vector<const Source*>;

Error refuse(std::string problem) { return make_error(ErrorCode::kQuery, std::move(problem)); }

bool is_among(const Source* source, const Sources& sources) {
  return std::find(sources.begin(), sources.end(), source) != sources.end();
}

Sources sources_of(const Select& select) {
  Sources sources;
  for (const SourcePtr& source : select.from) sources.push_back(source.get());
  for (const Join& join : select.joins) sources.push_back(join.source.get());
  return sources;
}

Status check_uses(const Sources& sources) {
  for (auto source = sources.begin(); source != sources.end(); ++source) {
    if (std::find(source + 1, sources.end(), *source) == sources.end()) continue;
    return refuse("table " + (*source)->table->name.text() +
                  " is read twice; join a further copy of it, made by aliased()");
  }
  return {};
}

// The first column of one of `sources` in an expression, subqueries left aside.
const ColumnReference* find_column_of(const Expression& expression, const Sources& sources) {
  const auto* const column = expression.as<ColumnReference>();
  if (column != nullptr) return is_among(column->source.get(), sources) ? column : nullptr;
  for (const ExpressionPtr& child : expression.children()) {
    const ColumnReference* const found = find_column_of(*child, sources);
    if (found != nullptr) return found;
  }
  return nullptr;
}

// The first column of one of `sources` that a lateral subquery speaks of.
struct LateralSearch {
  const Sources& sources;
  const ColumnReference* found = nullptr;
  void operator()(const ExpressionPtr& part) {
    if (found == nullptr) found = find_column_of(*part, sources);
  }
};

const ColumnReference* find_column_of(const SourcePtr& source, const Sources& sources) {
  if (!source->derived || source->derived->kind != DerivedKind::kLateral) return nullptr;
  LateralSearch search{sources};
  for_each_part(*source->derived, search);
  return search.found;
}

Error joined_too_early(const SourcePtr& source, const ColumnReference& column) {
  const Table& table = *column.source->table;
  return refuse(source->table->name.text() + " is joined by column " + table.name.text() + "." +
                table.columns[column.column].name.text() + ", which is joined only later");
}

Status check_join_order(const Select& select) {
  Sources later;
  for (const Join& join : select.joins) later.push_back(join.source.get());
  for (const SourcePtr& source : select.from) {
    const ColumnReference* const found = find_column_of(source, later);
    if (found != nullptr) return joined_too_early(source, *found);
  }
  for (const Join& join : select.joins) {
    later.erase(later.begin());
    const ColumnReference* found = find_column_of(join.source, later);
    if (found == nullptr && join.condition) found = find_column_of(*join.condition, later);
    if (found != nullptr) return joined_too_early(join.source, *found);
  }
  return {};
}

}  // namespace

Status check_sources(const Select& select) {
  const Sources sources = sources_of(select);
  BRIDGE_RETURN_IF_ERROR(check_uses(sources));
  BRIDGE_RETURN_IF_ERROR(check_join_order(select));
  for (const SourcePtr& locked : select.lock.of) {
    if (!is_among(locked.get(), sources))
      return refuse("rows of " + locked->table->name.text() +
                    " cannot be locked: the query neither selects from nor joins it");
  }
  return {};
}

Status check_further_sources(const SourcePtr& target, const std::vector<SourcePtr>& further) {
  Sources sources{target.get()};
  for (const SourcePtr& source : further) sources.push_back(source.get());
  return check_uses(sources);
}

std::string to_message_name(const Expression& expression) {
  if (const auto* const label = expression.as<Label>()) return label->name.text();
  if (const auto* const column = expression.as<ColumnReference>()) {
    const Table& table = *column->source->table;
    return table.name.text() + "." + table.columns[column->column].name.text();
  }
  if (const auto* const call = expression.as<FunctionCall>()) return call->name + "()";
  if (expression.as<Window>() != nullptr) return to_message_name(*expression.children().front());
  return "an expression of type " + std::string(types::to_name(expression.type().storage));
}

}  // namespace bridge::sql
