// ArrowRows: a foreign stream that becomes rows for a table.
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings/arrow_rows.h"
#include "bindings/ffi_guard.h"
#include "bindings/instance_state.h"
#include "bindings/nodes.h"

namespace bridge::python {
namespace {

/// ArrowRows as Python holds it: read once.
struct PythonArrowRows {
  std::shared_ptr<arrow::StreamRows> rows;
};

void construct_rows(PythonArrowRows* self, nb::handle source) {
  Result<std::unique_ptr<arrow::StreamRows>> opened = open_arrow_rows(source);
  if (!opened) return raise_error(opened.error());
  new (self) PythonArrowRows{std::move(opened).value()};
}

Result<std::vector<std::string>> names(const PythonArrowRows& self) { return self.rows->names(); }

/// A column's place in the model, the closed list its text is from (none = any text), and the bracket its
/// JSON begins with (none = any).
using FromStream = std::tuple<std::size_t, std::vector<std::string>, std::string>;
/// A column's place in the model, what stands in it, and whether that is called for each row.
using FromDefault = std::tuple<std::size_t, nb::object, bool>;

Result<const Attribute*> find_attribute(const ModelPlan& plan, std::size_t column) {
  if (column >= plan.attributes.size())
    return make_error(ErrorCode::kModel, plan.name + " has no such column");
  return &plan.attributes[column];
}

Result<std::vector<arrow::ImportColumn>> describe(const ModelPlan& plan,
                                                  const std::vector<FromStream>& columns) {
  std::vector<arrow::ImportColumn> described;
  for (const auto& [column, labels, outermost] : columns) {
    BRIDGE_ASSIGN_OR_RETURN(const Attribute* attribute, find_attribute(plan, column));
    if (attribute->to_storage && labels.empty() && outermost.empty()) {
      return make_error(ErrorCode::kValidation,
                        attribute->context +
                            ": values of a type of the program's own are converted in "
                            "Python: insert dicts");
    }
    described.push_back({nb::cast<std::string>(nb::handle(attribute->name.get())), attribute->context,
                         attribute->type, labels, outermost});
  }
  return described;
}

Result<std::vector<ArrowDefault>> read_defaults(const ModelPlan& plan,
                                                const std::vector<FromDefault>& defaults) {
  std::vector<ArrowDefault> read;
  for (const auto& [column, given, is_factory] : defaults) {
    BRIDGE_ASSIGN_OR_RETURN(const Attribute* attribute, find_attribute(plan, column));
    ArrowDefault made{.attribute = attribute, .factory = {}, .constant = {}};
    if (is_factory) {
      made.factory = Reference::borrow(given.ptr());
    } else {
      const Reference stored = Reference::steal(to_storage(*attribute, given.ptr()));
      if (!stored || !to_value(stored.get(), attribute->target(), made.constant)) throw nb::python_error();
    }
    read.push_back(std::move(made));
  }
  return read;
}

std::vector<std::size_t> places_of(const std::vector<FromStream>& columns,
                                   const std::vector<FromDefault>& defaults) {
  std::vector<std::size_t> places;
  for (const FromStream& column : columns) places.push_back(std::get<0>(column));
  for (const FromDefault& column : defaults) places.push_back(std::get<0>(column));
  return places;
}

Result<PythonBulkRows> rows_for(const PythonArrowRows& rows, nb::handle plan_object,
                                const std::vector<FromStream>& columns,
                                const std::vector<FromDefault>& defaults) {
  const auto& plan = nb::cast<const ModelPlan&>(plan_object);
  BRIDGE_ASSIGN_OR_RETURN(std::vector<arrow::ImportColumn> described, describe(plan, columns));
  BRIDGE_ASSIGN_OR_RETURN(std::vector<ArrowDefault> completed, read_defaults(plan, defaults));
  BRIDGE_RETURN_IF_ERROR(rows.rows->choose(std::move(described)));
  const Reference owner = Reference::borrow(plan_object.ptr());
  auto source = std::make_shared<ArrowRowSource>(rows.rows, columns.size(), std::move(completed), owner);
  return PythonBulkRows{
      std::make_shared<BulkRows>(plan, owner, places_of(columns, defaults), std::move(source))};
}

}  // namespace

void bind_arrow_rows(nb::module_& module) {
  nb::class_<PythonArrowRows> rows(module, "ArrowRows", nb::is_final());
  def_guarded(rows, "__init__", &construct_rows, nb::arg("source"));
  def_property_guarded(rows, "names", &names);
  def_guarded(rows, "rows_for", &rows_for, nb::arg("plan"), nb::arg("columns"), nb::arg("defaults"));
}

}  // namespace bridge::python
