// Aggregates with their clauses, windows, several groupings at once, text search.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "bindings/ffi_guard.h"
#include "bindings/nodes.h"
#include "engine/sql/text_search.h"

namespace bridge::python {
namespace {

using sql::FrameBound;
using sql::FrameExclusion;
using sql::FrameUnit;

constexpr NamedEnumerator<FrameUnit> kUnits[] = {
    {"rows", FrameUnit::kRows}, {"range", FrameUnit::kRange}, {"groups", FrameUnit::kGroups}};
constexpr NamedEnumerator<FrameBound> kBounds[] = {{"unbounded_preceding", FrameBound::kUnboundedPreceding},
                                                   {"preceding", FrameBound::kPreceding},
                                                   {"current_row", FrameBound::kCurrentRow},
                                                   {"following", FrameBound::kFollowing},
                                                   {"unbounded_following", FrameBound::kUnboundedFollowing}};
constexpr NamedEnumerator<FrameExclusion> kExclusions[] = {{"no_others", FrameExclusion::kNoOthers},
                                                           {"current_row", FrameExclusion::kCurrentRow},
                                                           {"group", FrameExclusion::kGroup},
                                                           {"ties", FrameExclusion::kTies}};
constexpr NamedEnumerator<sql::GroupingKind> kGroupings[] = {{"rollup", sql::GroupingKind::kRollup},
                                                             {"cube", sql::GroupingKind::kCube},
                                                             {"sets", sql::GroupingKind::kSets}};

// Distinct, order, whether within a group, filter.
using ClausesDescription = std::tuple<bool, std::vector<Node>, bool, std::optional<Node>>;
using BoundDescription = std::tuple<std::string, std::optional<Node>>;
using FrameDescription = std::tuple<std::string, BoundDescription, BoundDescription, std::string>;

Status set_frame(sql::WindowSpecification& specification, const FrameDescription& description) {
  const auto& [unit, start, end, exclusion] = description;
  BRIDGE_ASSIGN_OR_RETURN(specification.frame.unit, find_enumerator(kUnits, unit, "unit of a frame"));
  BRIDGE_ASSIGN_OR_RETURN(specification.frame.start,
                          find_enumerator(kBounds, std::get<0>(start), "bound of a frame"));
  BRIDGE_ASSIGN_OR_RETURN(specification.frame.end,
                          find_enumerator(kBounds, std::get<0>(end), "bound of a frame"));
  BRIDGE_ASSIGN_OR_RETURN(specification.frame.exclusion,
                          find_enumerator(kExclusions, exclusion, "exclusion from a frame"));
  if (std::get<1>(start)) specification.start_offset = std::get<1>(start)->expression;
  if (std::get<1>(end)) specification.end_offset = std::get<1>(end)->expression;
  return {};
}

Result<Node> window(const Node& call, const std::vector<Node>& partition_by,
                    const std::vector<Node>& order_by, const std::optional<FrameDescription>& frame,
                    const std::optional<std::string>& name) {
  sql::WindowSpecification specification{.partition_by = unwrap(partition_by), .order_by = unwrap(order_by)};
  if (frame) BRIDGE_RETURN_IF_ERROR(set_frame(specification, *frame));
  if (name) {
    BRIDGE_ASSIGN_OR_RETURN(specification.name, Identifier::make(*name));
  }
  return wrap(sql::make_window(call.expression, std::move(specification)));
}

Result<Node> aggregate(const std::string& name, const std::vector<Node>& arguments,
                       const types::ColumnType& result, const ClausesDescription& clauses) {
  const auto& [is_distinct, order_by, is_within_group, filter] = clauses;
  return wrap(sql::make_aggregate(name, unwrap(arguments), result,
                                  {.is_distinct = is_distinct,
                                   .order_by = unwrap(order_by),
                                   .is_within_group = is_within_group,
                                   .filter = filter ? filter->expression : nullptr}));
}

Result<Node> grouping_sets(const std::string& kind, const std::vector<std::vector<Node>>& sets) {
  BRIDGE_ASSIGN_OR_RETURN(const sql::GroupingKind found,
                          find_enumerator(kGroupings, kind, "kind of grouping"));
  std::vector<std::vector<sql::ExpressionPtr>> expressions;
  expressions.reserve(sets.size());
  for (const std::vector<Node>& set : sets) expressions.push_back(unwrap(set));
  return wrap(sql::make_grouping_sets(found, expressions));
}

Result<Node> text_search(const std::string& function, const std::string& language,
                         const std::vector<Node>& arguments) {
  return wrap(sql::make_text_search(function, language, unwrap(arguments)));
}

}  // namespace

void bind_aggregates(nb::module_& module) {
  def_guarded(module, "window", &window, nb::arg("call"), nb::arg("partition_by"), nb::arg("order_by"),
              nb::arg("frame") = nb::none(), nb::arg("name") = nb::none());
  def_guarded(module, "aggregate", &aggregate, nb::arg("name"), nb::arg("arguments"), nb::arg("result"),
              nb::arg("clauses"));
  def_guarded(module, "text_search", &text_search, nb::arg("function"), nb::arg("language"),
              nb::arg("arguments"));
  def_guarded(module, "grouping_sets", &grouping_sets, nb::arg("kind"), nb::arg("sets"));
}

}  // namespace bridge::python
