// ArrowRows: a foreign stream on its way into a table.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings/arrow_rows.h"
#include "bindings/completions.h"
#include "bindings/ffi_guard.h"
#include "bindings/instance_state.h"
#include "bindings/nodes.h"
#include "bindings/operations.h"
#include "bindings/python_engine.h"

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

// NOLINTNEXTLINE(readability-function-size): the parameters are those of Engine.insert_many
Result<nb::object> insert_arrow(PythonEngine& self, const ModelPlan& plan,
                                const std::vector<FromStream>& columns,
                                const std::vector<FromDefault>& defaults, const PythonArrowRows& rows,
                                std::size_t batch, nb::handle transaction, std::optional<double> timeout,
                                std::uint64_t origin) {
  const PythonTransaction* block = nullptr;
  if (!transaction.is_none() && !nb::try_cast(transaction, block))
    throw nb::type_error("transaction is neither a Transaction nor None");
  BRIDGE_ASSIGN_OR_RETURN(std::vector<arrow::ImportColumn> described, describe(plan, columns));
  BRIDGE_ASSIGN_OR_RETURN(std::vector<ArrowDefault> completed, read_defaults(plan, defaults));
  BRIDGE_RETURN_IF_ERROR(rows.rows->choose(std::move(described)));
  const auto source = std::make_shared<ArrowRowSource>(rows.rows, columns.size(), std::move(completed),
                                                       Reference::borrow(nb::find(plan).ptr()));
  return start_operation(
      *self.handle, timeout, [&](execution::Engine& engine, Deadline deadline, PendingObject* pending) {
        auto make_result = [](const driver::Outcome& outcome) {
          return Reference::steal(PyLong_FromLongLong(outcome.affected_rows));
        };
        return engine.bulk_insert(
            {.table = plan.table,
             .columns = places_of(columns, defaults),
             .source = source,
             .batch_rows = batch,
             .transaction = block == nullptr ? nullptr : block->transaction,
             .deadline = deadline,
             .origin = origin,
             .on_done = make_outcome_completion("Engine.insert_arrow", pending, std::move(make_result),
                                                [source] { return source->take_exception(); })});
      });
}

}  // namespace

void bind_arrow_rows(nb::module_& module) {
  nb::class_<PythonArrowRows> rows(module, "ArrowRows", nb::is_final());
  def_guarded(rows, "__init__", &construct_rows, nb::arg("source"));
  def_property_guarded(rows, "names", &names);
  auto engine = nb::borrow<nb::class_<PythonEngine>>(nb::type<PythonEngine>());
  def_guarded(engine, "insert_arrow", &insert_arrow, nb::arg("plan"), nb::arg("columns"), nb::arg("defaults"),
              nb::arg("rows"), nb::arg("batch"), nb::arg("transaction").none(), nb::arg("timeout").none(),
              nb::arg("origin"));
}

}  // namespace bridge::python
