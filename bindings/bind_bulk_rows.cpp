// BulkRows: rows of Python objects and of Arrow streams alike, inserted or read by statements in pieces.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/bulk_rows.h"
#include "bindings/error_translation.h"
#include "bindings/ffi_guard.h"
#include "bindings/nodes.h"
#include "bindings/row_encoder.h"
#include "bindings/row_lists.h"

namespace bridge::python {
namespace {

void construct_rows(PythonBulkRows* self, nb::handle plan_object, const std::vector<std::size_t>& columns,
                    nb::handle rows) {
  const auto& plan = nb::cast<const ModelPlan&>(plan_object);
  for (const std::size_t column : columns) {
    if (column >= plan.attributes.size())
      return raise_error(ErrorCode::kModel, plan.name + " has no such column");
  }
  Reference iterator = Reference::steal(PyObject_GetIter(rows.ptr()));
  if (!iterator) throw nb::python_error();
  const Reference owner = Reference::borrow(plan_object.ptr());
  auto source = std::make_shared<RowEncoder>(plan, owner, columns, std::move(iterator));
  new (self) PythonBulkRows{std::make_shared<BulkRows>(plan, owner, columns, std::move(source))};
}

// What Python code raised explains a failure better than the engine's error.
template <typename Content>
Result<Content> explained(BulkRows& rows, Result<Content> result) {
  if (result) return result;
  const Reference exception = rows.take_exception();
  if (!exception) return result;
  PyErr_SetObject(PyExceptionInstance_Class(exception.get()), exception.get());
  throw nb::python_error();
}

std::vector<std::size_t> columns(const PythonBulkRows& self) { return self.rows->columns(); }

Result<bool> has_more(const PythonBulkRows& self) { return explained(*self.rows, self.rows->has_more()); }

Result<std::optional<Source>> take(const PythonBulkRows& self, const std::string& name, std::size_t most,
                                   const std::vector<std::size_t>& places, bool is_bucket) {
  BRIDGE_ASSIGN_OR_RETURN(const Identifier identifier, Identifier::make(name));
  const std::vector<std::size_t>& filled = self.rows->columns();
  for (const std::size_t place : places) {
    if (place >= filled.size()) return make_error(ErrorCode::kQuery, "rows have no such place");
  }
  BRIDGE_ASSIGN_OR_RETURN(std::vector<BulkRows::Row> rows,
                          explained(*self.rows, self.rows->take(most, places, is_bucket)));
  if (rows.empty()) return std::optional<Source>();
  std::vector<sql::Column> described;
  std::vector<std::vector<types::Value>> lists(filled.size());
  for (std::size_t index = 0; index < filled.size(); ++index) {
    const sql::Column& column = self.rows->plan().table->columns[filled[index]];
    described.push_back({.name = column.name, .type = column.type});
    for (BulkRows::Row& row : rows) lists[index].push_back(std::move(row[index]));
  }
  BRIDGE_ASSIGN_OR_RETURN(Source source, make_row_lists(identifier, std::move(described), std::move(lists)));
  return std::optional<Source>(std::move(source));
}

}  // namespace

void bind_bulk_rows(nb::module_& module) {
  nb::class_<PythonBulkRows> rows(module, "BulkRows", nb::is_final());
  def_guarded(rows, "__init__", &construct_rows, nb::arg("plan"), nb::arg("columns"), nb::arg("rows"));
  def_guarded(rows, "has_more", &has_more);
  def_property_guarded(rows, "columns", &columns);
  def_guarded(rows, "take", &take, nb::arg("name"), nb::arg("most"), nb::arg("places"), nb::arg("is_bucket"));
}

}  // namespace bridge::python
