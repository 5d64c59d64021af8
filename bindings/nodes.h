// The small classes in which Python holds the engine's immutable nodes.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <tuple>
#include <variant>
#include <vector>

#include "engine/sql/expression.h"
#include "engine/sql/statement.h"
#include "engine/sql/table.h"

namespace bridge::python {

namespace nb = nanobind;

struct Node {
  sql::ExpressionPtr expression;
};
struct Table {
  sql::TablePtr table;
};
struct Source {
  sql::SourcePtr source;
};
struct Statement {
  sql::StatementPtr statement;
};

/// So many columns of a source from one on.
using SourcePart = std::tuple<Source, std::size_t, std::size_t>;
/// What can be selected.
using SelectedThing = std::variant<Source, Node, SourcePart>;

inline Result<Node> wrap(sql::ExpressionResult result) {
  if (!result) return std::move(result).error();
  return Node{std::move(result).value()};
}
inline std::vector<sql::ExpressionPtr> unwrap(const std::vector<Node>& nodes) {
  std::vector<sql::ExpressionPtr> expressions;
  expressions.reserve(nodes.size());
  for (const Node& node : nodes) expressions.push_back(node.expression);
  return expressions;
}

/// The name of an enumerator in Python, and which it is.
template <typename Enumerator>
struct NamedEnumerator {
  std::string_view name;
  Enumerator value;
};
/// The enumerator called `name`; kQuery naming `what` otherwise.
template <typename Enumerator, std::size_t kSize>
Result<Enumerator> find_enumerator(const NamedEnumerator<Enumerator> (&names)[kSize], std::string_view name,
                                   std::string_view what) {
  for (const auto& entry : names) {
    if (entry.name == name) return entry.value;
  }
  return make_error(ErrorCode::kQuery, std::string("unknown ") + std::string(what));
}

// Topics, each defined in bind_<topic>.cpp and listed in module.cpp.
void bind_errors(nb::module_& module);
void bind_types(nb::module_& module);
void bind_tables(nb::module_& module);
void bind_nodes(nb::module_& module);
void bind_aggregates(nb::module_& module);
void bind_sources(nb::module_& module);
void bind_statements(nb::module_& module);
void bind_versions(nb::module_& module);
void bind_writes(nb::module_& module);
void bind_plans(nb::module_& module);
void bind_instances(nb::module_& module);
void bind_identity(nb::module_& module);
void bind_relations(nb::module_& module);
void bind_inserting(nb::module_& module);
void bind_bulk_writes(nb::module_& module);
void bind_bulk_rows(nb::module_& module);
void bind_host(nb::module_& module);
void bind_engine(nb::module_& module);
void bind_transaction(nb::module_& module);
void bind_streams(nb::module_& module);
void bind_arrow(nb::module_& module);

}  // namespace bridge::python
