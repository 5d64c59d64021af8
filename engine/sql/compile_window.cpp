// Writes windows, their frames and names.
#include <algorithm>

#include "engine/sql/compilation.h"
#include "engine/sql/shape.h"

namespace bridge::sql {
namespace {

using Words = SqlWriter::Words;

Words to_words(FrameUnit unit) {
  switch (unit) {
    case FrameUnit::kNone:
      return "";
    case FrameUnit::kRows:
      return "ROWS BETWEEN ";
    case FrameUnit::kRange:
      return "RANGE BETWEEN ";
    case FrameUnit::kGroups:
      return "GROUPS BETWEEN ";
  }
  return "";
}

Words to_words(FrameBound bound) {
  switch (bound) {
    case FrameBound::kUnboundedPreceding:
      return "UNBOUNDED PRECEDING";
    case FrameBound::kPreceding:
      return " PRECEDING";
    case FrameBound::kCurrentRow:
      return "CURRENT ROW";
    case FrameBound::kFollowing:
      return " FOLLOWING";
    case FrameBound::kUnboundedFollowing:
      return "UNBOUNDED FOLLOWING";
  }
  return "";
}

Words to_words(FrameExclusion exclusion) {
  switch (exclusion) {
    case FrameExclusion::kNoOthers:
      return "";
    case FrameExclusion::kCurrentRow:
      return " EXCLUDE CURRENT ROW";
    case FrameExclusion::kGroup:
      return " EXCLUDE GROUP";
    case FrameExclusion::kTies:
      return " EXCLUDE TIES";
  }
  return "";
}

bool has_offset(FrameBound bound) {
  return bound == FrameBound::kPreceding || bound == FrameBound::kFollowing;
}

// A window that holds values is written out wherever it is used: two of one name may differ in them.
bool is_named(const Expression& node) {
  const auto* const window = node.as<Window>();
  return window != nullptr && window->name &&
         node.parameter_count() == node.children().front()->parameter_count();
}

void find_named(Operand operand, std::vector<Operand>& windows) {
  if (is_named(*operand.node)) windows.push_back(operand);
  for (std::size_t index = 0; index < operand.node->children().size(); ++index)
    find_named(Compilation::child(operand, index), windows);
}

bool is_same_window(const Expression& left, const Expression& right) {
  const auto& one = *left.as<Window>();
  const auto& other = *right.as<Window>();
  if (one.partition_count != other.partition_count || one.order_count != other.order_count ||
      one.frame != other.frame || left.children().size() != right.children().size())
    return false;
  for (std::size_t index = 1; index < left.children().size(); ++index) {
    if (!is_same_expression(*left.children()[index], *right.children()[index])) return false;
  }
  return true;
}

}  // namespace

Status Compilation::write_window(Operand operand) {
  if (!dialect_.capabilities().has(Capability::kWindows)) {
    return make_error(
        ErrorCode::kUnsupportedFeature,
        std::string(dialect_.name()) + " has no window functions; use correlated scalar subqueries");
  }
  return dialect_.write_window(*this, operand);
}

Status Compilation::write_over(Operand operand) {
  text_.words(" OVER ");
  if (is_named(*operand.node)) {
    text_.identifier(*operand.node->as<Window>()->name);
    return {};
  }
  return write_window_specification(operand);
}

Status Compilation::write_window_specification(Operand operand) {
  const auto& window = *operand.node->as<Window>();
  const std::size_t partition_end = 1 + window.partition_count;
  const std::size_t order_end = partition_end + window.order_count;
  bool is_empty = true;
  text_.words("(");
  for (std::size_t index = 1; index < partition_end; ++index) {
    text_.words(is_empty ? Words("PARTITION BY ") : Words(", "));
    is_empty = false;
    BRIDGE_RETURN_IF_ERROR(dialect_.write_compared(*this, child(operand, index), nullptr));
  }
  std::vector<Operand> keys;
  for (std::size_t index = partition_end; index < order_end; ++index) keys.push_back(child(operand, index));
  if (!keys.empty()) {
    text_.words(is_empty ? Words("ORDER BY ") : Words(" ORDER BY "));
    is_empty = false;
    BRIDGE_RETURN_IF_ERROR(write_keys(keys));
  }
  if (window.frame.unit != FrameUnit::kNone) {
    if (!is_empty) text_.words(" ");
    BRIDGE_RETURN_IF_ERROR(write_frame(operand));
  }
  text_.words(")");
  return {};
}

Status Compilation::write_frame(Operand operand) {
  const auto& window = *operand.node->as<Window>();
  const Frame& frame = window.frame;
  std::size_t offset = 1 + window.partition_count + window.order_count;
  text_.words(to_words(frame.unit));
  if (has_offset(frame.start)) BRIDGE_RETURN_IF_ERROR(write(child(operand, offset++), Rank::kAtom));
  text_.words(to_words(frame.start)).words(" AND ");
  if (has_offset(frame.end)) BRIDGE_RETURN_IF_ERROR(write(child(operand, offset), Rank::kAtom));
  text_.words(to_words(frame.end)).words(to_words(frame.exclusion));
  return {};
}

// A window of several functions, written once.
Status Compilation::write_named_windows(const Select& select, const PartPositions& positions) {
  std::vector<Operand> windows;
  for (const Selection& selection : select.selections) {
    if (selection.expression) find_named(positions.at(selection.expression), windows);
  }
  for (const ExpressionPtr& key : select.order_by) find_named(positions.at(key), windows);
  std::vector<Operand> written;
  for (const Operand& window : windows) {
    const Identifier& name = *window.node->as<Window>()->name;
    const auto known = std::find_if(written.begin(), written.end(), [&](const Operand& other) {
      return other.node->as<Window>()->name == name;
    });
    if (known != written.end()) {
      if (is_same_window(*known->node, *window.node)) continue;
      return make_error(ErrorCode::kQuery, "two different windows are called " + name.text());
    }
    text_.words(written.empty() ? Words(" WINDOW ") : Words(", ")).identifier(name).words(" AS ");
    written.push_back(window);
    BRIDGE_RETURN_IF_ERROR(write_window_specification(window));
  }
  return {};
}

}  // namespace bridge::sql
